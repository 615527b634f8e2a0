"""The summary as a person reads it."""

from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.settings import ROOT, Settings
from pipeline.summary import Json, Report

LABEL_WIDTH = 14

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
        [headline(summary)],
        _data_lines(summary),
        _label_lines(summary, report.details),
        _candidate_lines(summary, report.details["circular_auc"]),
        _grade_lines(report.details["grades"]),
        _place_lines(summary, settings),
    )
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def headline(summary: Json) -> str:
    """State the champion's AUC beside the best single column's.

    Examples
    --------
    >>> headline({
    ...     "champion": {"name": "card", "test": {
    ...         "roc_auc": 0.8, "roc_auc_ci": [0.78, 0.82]}},
    ...     "baselines": {"days": {"test": {"roc_auc": 0.79}},
    ...                   "count": {"test": {"roc_auc": 0.7}}},
    ... })
    'card gains +0.010 AUC out of time: 0.800 [0.780, 0.820], days alone 0.790'
    """
    champion = summary["champion"]
    test = champion["test"] or {}
    auc = test.get("roc_auc")
    own = f"{_decimal(auc)} {_interval(test)}".strip()
    best = best_baseline(summary)
    if best is None or auc is None:
        return f"{champion['name']}: AUC out of time {own}"
    name, baseline = best
    return (
        f"{champion['name']} gains {auc - baseline:+.3f} AUC out of time: {own}, "
        f"{name} alone {_decimal(baseline)}"
    )


def best_baseline(summary: Json) -> tuple[str, float] | None:
    """Find the single column with the highest AUC on test, if any has one."""
    measured = [
        (name, entry["test"]["roc_auc"])
        for name, entry in summary["baselines"].items()
        if entry["test"] and entry["test"]["roc_auc"] is not None
    ]
    return max(measured, key=lambda pair: pair[1], default=None)


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
        _line("data", DATA_MEANING[summary["data"]]),
        _line(
            "transactions",
            f"{summary['transactions']:,} read, {summary['accepted']:,} accepted, "
            f"{summary['rejected']:,} rejected",
        ),
    ]
    lines += [
        _line("", f"{count:,} {reason}")
        for reason, count in summary["rejected_by_reason"].items()
    ]
    lines += [
        _line(
            "customers",
            f"{summary['customers']:,}: {summary['scored_customers']:,} scored, "
            f"{summary['not_scored_customers']:,} not scored",
        ),
    ]
    snapshots = _table(
        [(s["date"], s["split"], f"{s['eligible']:,}") for s in summary["snapshots"]],
        header=("snapshot", "split", "eligible"),
    )
    return [*lines, *_labelled("snapshots", snapshots)]


def _label_lines(summary: Json, details: Json) -> list[str]:
    label = summary["label"]
    agreement = label["agreement_with_inactivity"]
    lines = [
        _line("label", label_meaning(details["target_name"], details["label_source"]))
    ]
    if agreement is not None:
        lines.append(
            _line("", f'{_percent(agreement)} equal "no purchase in the window"')
        )
    lines.append(
        _line(
            "event rate",
            f"train {_percent(label['event_rate_train'])} of "
            f"{summary['train_rows']:,} rows, test "
            f"{_percent(label['event_rate_test'])} of {summary['test_rows']:,} rows",
        )
    )
    return lines


def _candidate_lines(summary: Json, circular_auc: float | None) -> list[str]:
    champion = summary["champion"]
    entries = {**summary["candidates"], **summary["baselines"]}
    rows = [
        (
            f"{name} (champion)" if name == champion["name"] else name,
            *_metric_cells(entry["test"] or {}),
            _decimal((entry.get("test_unseen") or {}).get("roc_auc")),
        )
        for name, entry in entries.items()
    ]
    titles = [title for title, _ in CANDIDATE_COLUMNS]
    header = ("test snapshot", titles[0], "interval", *titles[1:], "unseen")
    return [
        *_table(rows, header=header),
        "unseen: AUC on customers of the test snapshot that are in no train snapshot",
        "the usual design (label and features of one window, random rows) would"
        f" report {_decimal(circular_auc)}",
    ]


def _metric_cells(metrics: Json) -> Iterable[str]:
    cells = [_decimal(metrics.get(key)) for _, key in CANDIDATE_COLUMNS]
    return (cells[0], _interval(metrics), *cells[1:])


def _grade_lines(grades: Sequence[Json]) -> list[str]:
    rows = [(g["grade"], g["action"], f"{g['customers']:,}") for g in grades]
    return _table(rows, header=("grade", "action", "customers")) if rows else []


def _place_lines(summary: Json, settings: Settings) -> list[str]:
    seconds = ", ".join(f"{name} {s:.1f}" for name, s in summary["seconds"].items())
    other = settings.data_dir != ROOT / "data"
    prefix = f"DATA_DIR='{settings.data_dir}' " if other else ""
    return [
        _line("release", f"{summary['release_id']} in {settings.releases}"),
        _line("model", summary["champion"]["model_version"]),
        _line("warehouse", str(settings.warehouse)),
        _line("summary", str(settings.reports / "summary.json")),
        _line("logs", str(settings.logs)),
        _line("seconds", seconds),
        "",
        f"serve it: {prefix}make serve    its experiments: {prefix}make mlflow",
    ]


def _line(label: str, text: str) -> str:
    return f"{label:<{LABEL_WIDTH}}{text}"


def _labelled(label: str, lines: Sequence[str]) -> list[str]:
    return [_line(label if i == 0 else "", text) for i, text in enumerate(lines)]


def _table(rows: Sequence[Sequence[str]], *, header: Sequence[str]) -> list[str]:
    """Align: the first column to the left, numbers to the right."""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    numeric = [all(_is_number(row[i]) for row in rows) for i in range(len(header))]
    return [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in (header, *rows)
    ]


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "").lstrip("-").isdigit() or text == "-"


def _decimal(value: Any) -> str:  # noqa: ANN401 - a number out of JSON, or null
    return "-" if value is None else f"{value:.3f}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"


def _interval(metrics: Json) -> str:
    lower, upper = metrics.get("roc_auc_ci") or (None, None)
    if lower is None or upper is None:
        return ""
    return f"[{_decimal(lower)}, {_decimal(upper)}]"
