"""The tables of figures in dbt_project/docs: a column per run."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from pipeline.cards import Json
from training.card.outcomes import DEFAULT, finds_defaults
from training.card.price import said_behind, shown_price

RUNS = {"simulated": "simulated", "raw": "Xente, rebuilt"}

# The table is of the test snapshot: a line that is of more says so itself.
CIRCULAR = "AUC of the circular design (one window, random rows of train and test)"
RATES = "share called high risk, lowest and highest of all snapshots with a label"
PRICED = {
    "test": "**out of time (test)**",
    "test_unseen": "out of time, customers in no train snapshot (test_unseen)",
    "fold_0": "train snapshots, customers never trained on (fold_0)",
    "train_oof": "train snapshots, out of fold (train_oof)",
}

Cells = Callable[[Json], str]


def proxy_block(reference: Json) -> str:
    """Tabulate what predicting on the proxy costs."""
    return _table(
        reference,
        "measured on the test snapshot",
        {
            "rows; share called high risk": lambda r: (
                f"{r['test_rows']:,}; {_percent(r['label']['event_rate_test'])}"
            ),
            "label equals “bought nothing in the outcome window”": lambda r: _percent(
                r["label"]["agreement_with_inactivity"]
            ),
            CIRCULAR: lambda r: _decimal(r["circular_auc"]),
            "AUC of the scorecard, out of time": lambda r: _with_interval(
                r["card"]["test"]["roc_auc"], r["card"]["test"]["roc_auc_ci"]
            ),
            "score and default in the outcome window": _default,
            "gain in AUC over the best single column": lambda r: (
                f"{r['card']['gain']['auc']:+.3f}"
                f" [{r['card']['gain']['auc_ci'][0]:+.3f},"
                f" {r['card']['gain']['auc_ci'][1]:+.3f}]"
                f" over {r['card']['gain']['over']}"
            ),
            "type I error: high risk approved": lambda r: _error(r, "fn", "tp"),
            "type II error: low risk referred": lambda r: _error(r, "fp", "tn"),
            "cost of both per customer, at assumed prices": _cost,
            "… if everybody were referred, or approved": _cost_of_no_model,
            RATES: _range_of_rates,
            "had a reported fraud before: of high risk, of low risk": _fraud,
        },
    )


def label_block(reference: Json) -> str:
    """Tabulate what the clusters are, and how far they hold."""
    names = ("least engaged: high risk", "middle", "most engaged")
    clusters = _table(
        reference,
        "cluster: days since the last purchase, purchases, share of rows, inactive",
        {f"{i} ({name})": partial(_cluster, number=i) for i, name in enumerate(names)},
    )
    stability = _table(
        reference,
        "labels that change, at worst: against three clusters of the same customers,"
        " against the label in use",
        {
            "customers drawn again, three clusters": lambda r: _flips(r, True, 3, True),
            "two clusters in place of three": lambda r: _flips(r, True, 2, False),
            "four clusters": lambda r: _flips(r, True, 4, False),
            "five clusters": lambda r: _flips(r, True, 5, False),
            "active customers only, drawn again": lambda r: _flips(r, False, 3, True),
            "active customers only, two clusters": lambda r: _flips(r, False, 2, False),
            "active customers only, four clusters": lambda r: _flips(
                r, False, 4, False
            ),
        },
    )
    return f"{clusters}\n\n{stability}"


def candidates_block(reference: Json) -> str:
    """Tabulate AUC and Gini of every candidate, and what the card gives up."""
    names = next(iter(reference.values()))["candidates"]
    lines: dict[str, Cells] = {name: partial(_candidate, name=name) for name in names}
    lines["recency alone"] = lambda r: _auc_and_gini(
        r["baselines"]["recency_days"]["test"]
    )
    candidates = _table(
        reference, "out of time: AUC [95 % interval], Gini, Brier", lines
    )
    prices = _table(
        reference,
        "Gini of the scorecard minus XGBoost, paired [95 % interval]; rows",
        {said: partial(_price, split=split) for split, said in PRICED.items()},
    )
    verdicts = "\n".join(
        f"- {RUNS[name]}: {said_behind(reference[name]['price'])}"
        for name in RUNS
        if name in reference
    )
    return f"{candidates}\n\n{prices}\n\n{verdicts}"


BLOCKS: Mapping[str, Callable[[Json], str]] = {
    "label.md": label_block,
    "models_compared.md": candidates_block,
    "proxy.md": proxy_block,
}


def _table(reference: Json, title: str, lines: Mapping[str, Cells]) -> str:
    runs = [(name, reference[name]) for name in RUNS if name in reference]
    header = [title, *(RUNS[name] for name, _ in runs)]
    table = [header, ["---"] * len(header)]
    table += [[name, *(cells(run) for _, run in runs)] for name, cells in lines.items()]
    return "\n".join(f"| {' | '.join(row)} |" for row in table)


def _auc_and_gini(test: Json) -> str:
    auc = _with_interval(test["roc_auc"], test["roc_auc_ci"])
    brier = "" if test["brier"] is None else f", {test['brier']:.3f}"
    return f"{auc}, {test['gini']:.3f}{brier}"


def _with_interval(value: float, interval: Sequence[float]) -> str:
    return f"{value:.3f} [{interval[0]:.3f}, {interval[1]:.3f}]"


def _error(run: Json, wrong: str, right: str) -> str:
    confusion = run["card"]["test"]["confusion"]
    count = confusion[wrong]
    whole = count + confusion[right]
    return f"{count:,} of {whole:,} ({_percent(count / whole)})"


def _range_of_rates(run: Json) -> str:
    audit = sorted(run["audit"], key=lambda row: row["event_rate"])
    return " to ".join(
        f"{_percent(row['event_rate'])} ({row['snapshot']})"
        for row in (audit[0], audit[-1])
    )


def _fraud(run: Json) -> str:
    found = {row["outcome"]: row for row in run["comparisons"]}["fraud_before"]
    if found["auc"] is None:
        return "no fraud reported"
    rates = found["high_risk_event_rate"], found["low_risk_event_rate"]
    return f"{_percent(rates[0])}, {_percent(rates[1])} (AUC {found['auc']:.3f})"


def _default(run: Json) -> str:
    """Write what the model card's stop rule says of the score."""
    rows = run["score_comparisons"]
    found = {row["outcome"]: row for row in rows}.get(DEFAULT)
    if found is None or found["event_count"] is None:
        return "no outcomes supplied"
    return finds_defaults(rows)[1]


def _candidate(run: Json, name: str) -> str:
    return _auc_and_gini(run["candidates"][name]["test"])


def _price(run: Json, split: str) -> str:
    for row in run["price"]:
        if row["split"] == split:
            return f"{shown_price(row)}; {row['row_count']:,}"
    return "no rows"


def _cost(run: Json) -> str:
    row = run["costs"][0]
    return (
        f"{row['cost_of_errors']:.3f} (type I {row['type_1_error_cost']:g},"
        f" type II {row['type_2_error_cost']:g})"
    )


def _cost_of_no_model(run: Json) -> str:
    row, rate = run["costs"][0], run["label"]["event_rate_test"]
    referred = (1 - rate) * row["type_2_error_cost"]
    return f"{referred:.3f}, {rate * row['type_1_error_cost']:.3f}"


def _cluster(run: Json, number: int) -> str:
    row = run["clusters"][number]
    # A count of nearly nothing is no negative one.
    purchases = round(row["transaction_count"], 1) + 0.0
    return (
        f"{row['recency_days']:.1f}, {purchases:.1f},"
        f" {_percent(row['row_share'])}, {_percent(row['inactive_rate'])}"
    )


def _flips(run: Json, inactive: bool, clusters: int, resampled: bool) -> str:
    key = (inactive, clusters, resampled)
    for row in run["stability"]:
        names = ("is_inactive_included", "cluster_count", "is_resampled")
        if tuple(row[name] for name in names) == key:
            rates = row["baseline_flip_rate"], row["flip_rate"]
            return ", ".join(_percent(rate) for rate in rates)
    return "not assessed"


def _percent(value: Any) -> str:  # noqa: ANN401 (a number of a JSON file)
    return f"{100 * value:.1f} %"


def _decimal(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3f}"
