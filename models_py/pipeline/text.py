"""The summary as a person reads it."""

import shlex
import textwrap
from collections.abc import Iterable, Sequence

from pipeline.cards import Json
from pipeline.columns import LABEL_WIDTH, decimal, labelled, line, percent, table
from pipeline.settings import ROOT, Settings
from pipeline.summary import Report

WIDTH = 100

DATA_MEANING = {
    "raw": "raw",
    "simulated": "simulated: its figures say nothing about real customers",
}

CANDIDATE_COLUMNS = (
    *(("AUC", "roc_auc"), ("PR AUC", "pr_auc"), ("KS", "ks"), ("Gini", "gini")),
    *(("Brier", "brier"), ("F1", "f1"), ("accuracy", "accuracy")),
)


def summary_text(report: Report, settings: Settings) -> str:
    """Write the summary of a run; the first line is the gain of the model.

    Returns
    -------
    str
        Plain text that ends with a line break, at most 100 columns but for
        paths.
    """
    summary = report.summary
    blocks = (
        [headline(summary), *warnings(summary)],
        _data_lines(summary),
        _label_lines(summary, report.details),
        _card_lines(summary, settings),
        _candidate_lines(summary, report.details),
        _grade_lines(report.details["grades"]),
        _place_lines(summary, settings),
    )
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def headline(summary: Json) -> str:
    """State the champion's gain in AUC over the best single column.

    Examples
    --------
    >>> card = {"name": "card", "test": {"roc_auc": 0.8}}
    >>> card["gain"] = {"over": "days", "auc": 0.01, "auc_ci": [-0.002, 0.021]}
    >>> headline({"champion": card})
    'card gains AUC over days out of time: +0.010 [-0.002, +0.021], 0.800 against 0.790'
    """
    champion = summary["champion"]
    auc, gain = (champion["test"] or {}).get("roc_auc"), champion["gain"]
    if auc is None or gain is None:
        return f"{champion['name']}: AUC out of time {decimal(auc)}"
    verb = "gains AUC over" if gain["auc"] >= 0 else "loses AUC to"
    return (
        f"{champion['name']} {verb} {gain['over']} out of time: {_gain(gain)}, "
        f"{decimal(auc)} against {decimal(auc - gain['auc'])}"
    )


def warnings(summary: Json) -> list[str]:
    """Say what a person should see before trusting the champion.

    Examples
    --------
    >>> warnings({"champion": {"test": {"roc_auc_ci": [0.48, 0.6]}, "gain": None}})
    ['warning: no better than chance is possible: the interval of its AUC reaches 0.5']
    """
    champion = summary["champion"]
    gain = champion["gain"] or {"auc_ci": (None, None)}
    found = []
    if _reaches(gain["auc_ci"], 0.0):
        found.append(
            f"warning: not shown to be better than {gain['over']} alone: "
            "the interval of its gain reaches 0"
        )
    if _reaches((champion["test"] or {}).get("roc_auc_ci"), 0.5):
        found.append(
            "warning: no better than chance is possible: "
            "the interval of its AUC reaches 0.5"
        )
    return found


def label_meaning(target_name: str, label_source: str) -> str:
    """Say what "high risk" stands for in this run.

    Examples
    --------
    >>> label_meaning("expected inactivity", "proxy")
    'expected inactivity: a behavioural proxy, not a probability of default'
    >>> label_meaning("observed default", "observed")
    'observed default in the outcome window'
    """
    if label_source == "observed":
        return f"{target_name} in the outcome window"
    return f"{target_name}: a behavioural proxy, not a probability of default"


def _data_lines(summary: Json) -> list[str]:
    lines = [
        line("data", DATA_MEANING[summary["data"]]),
        line(
            "transactions",
            f"{summary['transactions']:,} read, {summary['accepted']:,} accepted, "
            f"{summary['rejected']:,} rejected",
        ),
    ]
    lines += [
        line("", f"{count:,} {reason}")
        for reason, count in summary["rejected_by_reason"].items()
    ]
    lines += [
        line(
            "customers",
            f"{summary['customers']:,}: {summary['scored_customers']:,} scored, "
            f"{summary['not_scored_customers']:,} not scored",
        ),
    ]
    lines += [
        line("", f"{count:,} {reason}")
        for reason, count in summary["not_scored_by_reason"].items()
    ]
    snapshots = table(
        [(s["date"], s["split"], f"{s['eligible']:,}") for s in summary["snapshots"]],
        header=("snapshot", "split", "eligible"),
    )
    return [*lines, *labelled("snapshots", snapshots)]


def _label_lines(summary: Json, details: Json) -> list[str]:
    label = summary["label"]
    agreement = label["agreement_with_inactivity"]
    lines = [
        line("label", label_meaning(details["target_name"], details["label_source"]))
    ]
    if agreement is not None:
        lines.append(
            line("", f'{percent(agreement)} equal "no purchase in the window"')
        )
    lines.append(
        line(
            "event rate",
            f"train {percent(label['event_rate_train'])} of "
            f"{summary['train_rows']:,} rows, test "
            f"{percent(label['event_rate_test'])} of {summary['test_rows']:,} rows",
        )
    )
    return lines


def _card_lines(summary: Json, settings: Settings) -> list[str]:
    """Say where the figures come from, and which card waits for a person."""
    champion, waiting = summary["champion"], summary["new_candidate"]
    promoted = champion["promoted"]
    who = promoted["approver"] or f"rule {promoted['rule']}"
    lines = [f"{champion['model_version']}, promoted {promoted['at'][:10]} by {who}"]
    if champion["measured_on"]:
        lines.append(_origin(champion))
    if champion["is_of_this_data"] is False:
        lines.append("its figures are of that training, not of the data above")
    lines = labelled("champion", lines)
    if summary["not_trained"]:
        note = textwrap.wrap(summary["not_trained"], WIDTH - LABEL_WIDTH)
        lines += labelled("not trained", note)
    if waiting:
        version = waiting["model_version"]
        gain = waiting["gain"]
        over = f", gain over {gain['over']} {_gain(gain)}" if gain else ""
        test = waiting["test"] or {}
        lines += labelled(
            "new candidate",
            [
                f"{version}, not promoted",
                _origin(waiting),
                f"AUC {decimal(test.get('roc_auc'))} {_interval(test)}{over}",
                "it waits for this command, and then make run:",
                f"{_prefix(settings)}python -m training promote --version {version}"
                ' --approver NAME --reason "…"',
            ],
        )
    return lines


def _origin(card: Json) -> str:
    on = card["measured_on"]
    return (
        f"trained {card['trained_at'][:10]} on snapshots {on['first_train_snapshot']} "
        f"to {on['last_train_snapshot']}, tested on {on['test_snapshot']}"
    )


def _candidate_lines(summary: Json, details: Json) -> list[str]:
    champion = summary["champion"]
    entries = {**summary["candidates"], **summary["baselines"]}
    rows = [
        (
            f"{name} (champion)" if name == champion["name"] else name,
            *_metric_cells(entry["test"] or {}),
            decimal((entry.get("test_unseen") or {}).get("roc_auc")),
        )
        for name, entry in entries.items()
    ]
    titles = [title for title, _ in CANDIDATE_COLUMNS]
    tested = (champion["measured_on"] or {}).get("test_snapshot", "snapshot")
    header = (f"test {tested}", titles[0], "interval", *titles[1:], "unseen")
    lines = [
        *table(rows, header=header),
        "unseen: AUC on customers of the test snapshot that are in no train snapshot",
    ]
    # An observed outcome cannot be copied from the window before it.
    if details["label_source"] == "proxy" and details["circular_auc"] is not None:
        lines.append(
            "the usual design (label and features of one window, random rows) would"
            f" report {decimal(details['circular_auc'])}"
        )
    return lines


def _metric_cells(metrics: Json) -> Iterable[str]:
    cells = [decimal(metrics.get(key)) for _, key in CANDIDATE_COLUMNS]
    return (cells[0], _interval(metrics), *cells[1:])


def _grade_lines(grades: Sequence[Json]) -> list[str]:
    rows = [(g["grade"], g["action"], f"{g['customers']:,}") for g in grades]
    return table(rows, header=("grade", "action", "customers")) if rows else []


def _place_lines(summary: Json, settings: Settings) -> list[str]:
    seconds = ", ".join(f"{name} {s:.1f}" for name, s in summary["seconds"].items())
    prefix = _prefix(settings)
    return [
        line("release", f"{summary['release_id']} in {settings.releases}"),
        *labelled("", _unpromoted(summary["released"])),
        line("warehouse", str(settings.warehouse)),
        line("summary", str(settings.reports / "summary.json")),
        line("model card", str(settings.reports / "model_card.html")),
        line("logs", str(settings.logs)),
        line("seconds", seconds),
        "",
        f"serve it: {prefix}make serve    its experiments: {prefix}make mlflow",
    ]


def _prefix(settings: Settings) -> str:
    """Set DATA_DIR before a command, where it is not the default."""
    other = settings.data_dir != ROOT / "data"
    return f"DATA_DIR={shlex.quote(str(settings.data_dir))} " if other else ""


def _unpromoted(released: Json | None) -> list[str]:
    if released is None or released["is_promoted"]:
        return []
    return [
        f"it serves card {released['model_version']} (alias {released['alias']}), "
        "which is NOT promoted"
    ]


def _gain(gain: Json) -> str:
    lower, upper = gain["auc_ci"]
    spread = "" if lower is None else f" [{lower:+.3f}, {upper:+.3f}]"
    return f"{gain['auc']:+.3f}{spread}"


def _reaches(interval: Sequence[float | None] | None, value: float) -> bool:
    lower = interval[0] if interval else None
    return lower is not None and lower <= value


def _interval(metrics: Json) -> str:
    lower, upper = metrics.get("roc_auc_ci") or (None, None)
    if lower is None or upper is None:
        return ""
    return f"[{decimal(lower)}, {decimal(upper)}]"
