"""The audit as people read it: Markdown, and a few lines for the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from training.audit.names import (
    DEFAULT,
    FRAUD,
    LABEL,
    LATENT,
    NO_SIGNAL,
    NO_TRANSACTION,
    RISKIEST_SHARE,
    SCORE,
    SIMULATED,
)

Json = dict[str, Any]

ABSENT = "not available"
PICTURE_TEXT = "AUC of every candidate under each design, with intervals"
PREDICTORS = {SCORE: "score", LABEL: "label", LATENT: "latent risk itself"}
OUTCOMES = {
    LABEL: "the label it was trained on",
    NO_TRANSACTION: "no purchase in the outcome window",
    FRAUD: "a fraud (`FraudResult`) in the outcome window",
    DEFAULT: "a default in the outcome window",
    LATENT: f"the {RISKIEST_SHARE:.0%} with the highest latent risk",
    "same_window_label": "the circular same-window label",
    "fraud_before": "a fraud (`FraudResult`) in the observation window",
}


def as_markdown(document: Json, *, picture: str) -> str:
    """Write the whole report.

    Parameters
    ----------
    document
        As `training.audit.document.as_json` gives it.
    picture
        Path of the picture from where the text lies.
    """
    return (
        "\n\n".join(
            [
                "# Audit",
                "## Leakage: what a design reports of the same customers",
                leakage_text(document, picture=picture),
                "## Proxy: what the label is, and what the score says of what happened",
                label_text(document),
                score_text(document),
            ]
        )
        + "\n"
    )


def leakage_text(document: Json, *, picture: str) -> str:
    """Picture, designs and a table of every candidate under each of them."""
    studied = document["leakage"]["studied"]
    designs = document["leakage"]["designs"]
    measured = [(data, part) for data in studied for part in data["parts"]]
    candidates = list(
        dict.fromkeys(name for _, part in measured for name in part["aucs"])
    )
    table = _table(
        [
            "AUC [95 % interval]",
            *candidates,
            "rows fitted / measured",
            "of customers fitted too",
        ],
        [
            [
                f"{data['title']}: {designs[part['design']]['title']}",
                *(_auc(part["aucs"].get(name)) for name in candidates),
                f"{part['fitted_rows']:,} / {part['measured_rows']:,}",
                f"{part['share_seen']:.0%}",
            ]
            for data, part in measured
        ],
    )
    explained = [f"- *{d['title']}*: {d['description']}." for d in designs.values()]
    lines = [f"![{PICTURE_TEXT}]({picture})", table, "\n".join(explained)]
    if NO_SIGNAL not in {data["name"] for data in studied}:
        lines.append(f"Customers with nothing to predict: {ABSENT}; `make audit`.")
    return "\n\n".join(lines)


def leakage_lines(document: Json) -> list[str]:
    """Lowest and highest AUC of the candidates by data set and design, to show."""
    designs = document["leakage"]["designs"]
    lines = [f"{'AUC, lowest to highest candidate':<52} lowest  highest"]
    for data in document["leakage"]["studied"]:
        for part in data["parts"]:
            title = f"{data['title']}: {designs[part['design']]['title']}"
            aucs = [measured["auc"] for measured in part["aucs"].values()]
            shown = f"{min(aucs):.3f}   {max(aucs):.3f}" if aucs else part["missing"]
            lines.append(f"{title:<52} {shown}")
    return lines


def label_text(document: Json) -> str:
    """Say what the label is: its agreement with inactivity, its stability."""
    proxy = document["proxy"]
    snapshots = _table(
        [
            *("snapshot", "split", "rows", "high risk", "bought nothing"),
            "label equals “bought nothing”",
        ],
        [
            [
                row["snapshot_date"],
                row["split"],
                f"{row['row_count']:,}",
                _percent(row["event_rate"]),
                _percent(row["inactive_rate"]),
                _percent(row["agreement_with_inactivity"]),
            ]
            for row in proxy["by_snapshot"]
        ],
    )
    stability = _table(
        ["labelled otherwise", "customers", "rows", "lowest", "highest"],
        [
            [
                _scenario(row),
                "all" if row["is_inactive_included"] else "who bought something",
                f"{row['row_count']:,}",
                _percent(row["lowest_flip_rate"]),
                _percent(row["highest_flip_rate"]),
            ]
            for row in proxy["stability"]
        ],
    )
    outcomes = _table(
        ["the label against", "of high risk", "of low risk", "odds ratio", "AUC"],
        [
            [
                OUTCOMES.get(row["outcome"], row["outcome"]),
                _share(row["high_risk_event_count"], row["high_risk_count"]),
                _share(row["low_risk_event_count"], row["low_risk_count"]),
                _decimal(row["odds_ratio"]),
                _decimal(row["auc"]),
            ]
            for row in proxy["label_against_outcomes"]
        ],
    )
    return "\n\n".join(
        [f"The target is *{proxy['target_name']}*.", snapshots, stability, outcomes]
    )


def score_text(document: Json) -> str:
    """How far a predictor tells apart what happened, with intervals and counts."""
    proxy = document["proxy"]
    table = _table(
        ["predictor", "outcome", "AUC [95 % interval by customer]", "rows", "events"],
        [
            [
                PREDICTORS[row["predictor"]],
                OUTCOMES[row["outcome"]] + _simulated(row),
                f"{ABSENT}: {row['missing']}" if row["missing"] else _auc(row),
                f"{row['row_count']:,}",
                "" if row["event_count"] is None else f"{row['event_count']:,}",
            ]
            for row in proxy["comparisons"]
        ],
    )
    lines = [
        f"Model {proxy['model_version']} at the test snapshot"
        f" {proxy['snapshot_date']}; 0.5 says nothing, below 0.5 points the wrong way.",
        table,
    ]
    if proxy["rank_correlation"] is not None:
        lines.append(
            "The latent risk itself is what could be known at best. Rank correlation of"
            f" the score's risk with it: {proxy['rank_correlation']:.3f}."
        )
    return "\n\n".join(lines)


def _scenario(row: Json) -> str:
    if row["is_redrawn"]:
        return f"by customers redrawn {row['scenarios']} times"
    return f"with {row['cluster_count']} clusters"


def _simulated(row: Json) -> str:
    is_marked = row["source"] == SIMULATED and row["outcome"] in (DEFAULT, LATENT)
    return " (simulated)" if is_marked else ""


def _auc(measured: Mapping[str, float | None] | None) -> str:
    if measured is None or measured["auc"] is None:
        return ABSENT
    if measured["lower"] is None:
        return f"{measured['auc']:.3f}"
    return f"{measured['auc']:.3f} [{measured['lower']:.3f}, {measured['upper']:.3f}]"


def _share(part: int | None, whole: int) -> str:
    if part is None or not whole:
        return ABSENT
    return f"{part / whole:.1%} ({part:,} of {whole:,})"


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _decimal(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
