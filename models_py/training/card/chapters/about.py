"""Chapters on use, data and versions, and what stands at the head of the card."""

import json
from collections.abc import Sequence

from training.card.alarms import calibration_alarms
from training.card.outcomes import finds_defaults
from training.card.parts import (
    NOT_RECORDED,
    Column,
    Fact,
    Row,
    Section,
    Table,
    interval,
    or_why,
    rows_or_why,
)
from training.card.reading import SCORECARD, TEST, Facts

GATES = [
    Column("gate", "gate"),
    Column("outcome", "outcome"),
    Column("value", "value", "decimal"),
    Column("minimum", "at least", "decimal"),
    Column("maximum", "at most", "decimal"),
    Column("unit", "unit"),
    Column("detail", "measured"),
]


def headline(facts: Facts) -> str:
    """Say the gain over the best single column, with its interval."""
    run = facts.training
    auc = facts.metric(SCORECARD, TEST)["roc_auc"]
    if auc is None or run["auc_gain"] is None:
        return "The test snapshot has one class only: ranking cannot be measured."
    gain = interval(run, "auc_gain", "{:+.3f}")
    return (
        f"Out of time the scorecard reaches AUC {auc:.3f}, a gain of {gain} over"
        f" {run['best_column']} alone."
    )


def warnings(facts: Facts) -> list[str]:
    """Say what a reader should know before any figure."""
    found = []
    if facts.data["kind"] == "simulated":
        found.append(
            "The data are simulated: no figure here says anything about customers."
        )
    if facts.is_proxy:
        found.append(
            f"The target is {facts.scorecard['target_name']}: a behavioural proxy, not"
            " a probability of default. The worst automatic action is refer."
        )
    found += _on_defaults(facts)
    found += _on_repeats(facts)
    if not facts.is_champion:
        found.append("This version is not the champion: it scores nobody.")
    lower = facts.training["auc_gain_lower"]
    if lower is not None and lower <= 0:
        found.append("It is not shown to be better than its best single column.")
    return found + calibration_alarms(facts.grade_calibration, facts.calibration)


def _on_repeats(facts: Facts) -> list[str]:
    count = facts.trainings_on_test
    if count <= 1:
        return []
    return [
        f"{count} trainings were measured on this test snapshot: whoever chose among"
        " them by its figures has tuned to it."
    ]


def _on_defaults(facts: Facts) -> list[str]:
    is_shown, why = finds_defaults(facts.score_comparisons)
    return [] if is_shown else [f"The score is not shown to find defaults: {why}."]


def purpose(facts: Facts) -> Section:
    """Chapter on use and misuse."""
    card, days = facts.scorecard, facts.parameters["observation_days"]
    return Section(
        name="purpose",
        title="Purpose and limits of use",
        text=[
            "Ranks customers of an eCommerce platform by their purchases and proposes"
            " approve or refer for buy-now-pay-later. A person decides what is"
            " referred.",
            "Not for: capital, provisions, prices, limits, collections, other"
            f" platforms, or customers without a purchase in the last {days} days,"
            " who get no score and are referred.",
        ],
        facts=[
            Fact("model version", facts.version),
            Fact("status", _status(facts)),
            Fact("target", card["target_name"]),
            Fact("label source", card["label_source"]),
            Fact("form", f"points table of {len(facts.card_features)} features"),
            Fact("score", _scale(facts)),
            Fact("approved from a score of", card["cutoff_score"], "points"),
        ],
    )


def data(facts: Facts) -> Section:
    """Chapter on rows in, rows out, and rows learnt from."""
    found, rejected = facts.data, facts.rejected
    return Section(
        name="data",
        title="Data",
        text=[
            "Transactions as the warehouse held them when this card was written."
            " Every input row is accepted or rejected with its reason.",
            "Not in the data: income, debts, bureau records, age, sex, address, any"
            " protected attribute, any repayment.",
        ],
        facts=[
            Fact("kind", found["kind"]),
            Fact("accepted transactions", found["accepted"], "count"),
            Fact("rejected rows", sum(row["row_count"] for row in rejected), "count"),
            Fact("customers", found["customers"], "count"),
            Fact("first transaction", found["first_transaction"]),
            Fact("last transaction", found["last_transaction"]),
            Fact("train snapshots", _train_snapshots(facts)),
            Fact(
                "test snapshot", or_why(facts.training["test_snapshot"], NOT_RECORDED)
            ),
        ],
        tables=[
            Table(
                "splits",
                "Rows that were learnt from and measured, one per customer and"
                " snapshot. train_oof: the train rows, each predicted by a model that"
                " has not seen its customer; fold_0: customers that were never"
                " trained on; test_unseen: test customers in no train snapshot.",
                [
                    Column("split", "split"),
                    Column("row_count", "rows", "count"),
                    Column("event_rate", "high risk", "share"),
                ],
                [row for row in facts.metrics if row["candidate"] == SCORECARD],
            ),
            Table(
                "rejected",
                "Rejected rows by reason.",
                [Column("reason", "reason"), Column("row_count", "rows", "count")],
                rejected or [{"reason": "none", "row_count": 0}],
            ),
        ],
    )


def versions(facts: Facts) -> Section:
    """Chapter on what this version was made of, and who let it in."""
    run = facts.training
    names = {
        "trained_at": "trained at (UTC)",
        "training_fingerprint": "training fingerprint",
        "dataset_fingerprint": "examples, SHA-256",
        "code_fingerprint": "training code, SHA-256",
        "parameters_hash": "parameters of the marts",
        "seed": "seed",
        "mlflow_run_id": "MLflow run",
        "registered_name": "registered model",
        "registered_version": "registered version",
    }
    missing = {
        "git_revision": ("git revision", "trained outside of a repository"),
        "dbt_invocation_id": ("dbt invocation", "no run of dbt was found"),
    }
    return Section(
        name="versions",
        title="Versions and hashes",
        text=[
            "The version is the beginning of the SHA-256 of the points table and its"
            " parameters: the same tables have the same version, whoever made them.",
        ],
        facts=[
            *(Fact(title, run[name]) for name, title in names.items()),
            *(Fact(t, or_why(run[name], why)) for name, (t, why) in missing.items()),
            Fact("libraries", _libraries(run)),
            Fact("trained by", or_why(run.get("trained_by"), NOT_RECORDED)),
        ],
        tables=[
            Table(
                "promotions",
                "Promotions of this version, from a log that is only added to.",
                [
                    Column("promoted_at", "at (UTC)", "whole"),
                    Column("rule", "rule"),
                    Column("approver", "approver"),
                    Column("reason", "reason"),
                ],
                [
                    {**row, "approver": row["approver"] or "none: by rule"}
                    for row in facts.promotions
                ]
                or [
                    {
                        "promoted_at": "never",
                        "rule": "none",
                        "approver": "none",
                        "reason": "not promoted",
                    }
                ],
            ),
            Table(
                "gates",
                "Gates at the last promotion of this version.",
                GATES,
                [_gate(row) for row in _gates(facts)]
                or rows_or_why([], GATES, "no gate was applied"),
            ),
        ],
    )


def _libraries(run: Row) -> str:
    """Versions of the libraries that the training recorded."""
    found = json.loads(run["inputs"] or "{}").get("libraries", {})
    said = ", ".join(f"{name} {found[name]}" for name in sorted(found))
    return str(or_why(said, NOT_RECORDED))


def _gates(facts: Facts) -> Sequence[Row]:
    found: Sequence[Row] = ()
    if facts.promotions:
        found = json.loads(facts.promotions[-1]["gate_results"])
    return found


def _gate(row: Row) -> Row:
    return {
        **row,
        "value": or_why(row["value"], "it could not be measured"),
        "minimum": "none" if row["minimum"] is None else row["minimum"],
        "maximum": "none" if row["maximum"] is None else row["maximum"],
    }


def _status(facts: Facts) -> str:
    if facts.is_champion:
        last = facts.promotions[-1]
        who = last["approver"] or f"rule {last['rule']}"
        return f"champion since {last['promoted_at']:%Y-%m-%d}, by {who}"
    return "was champion before" if facts.promotions else "candidate, not promoted"


def _scale(facts: Facts) -> str:
    card = facts.scorecard
    return (
        f"{card['reference_score']:g} at {card['reference_odds']:g} good to 1 bad,"
        f" {card['points_to_double_odds']:g} points double the odds, shown from"
        f" {card['score_shown_min']} to {card['score_shown_max']}"
    )


def _train_snapshots(facts: Facts) -> str:
    first, last = (facts.training[f"{end}_train_snapshot"] for end in ("first", "last"))
    return str(or_why(first and f"{first} to {last}", NOT_RECORDED))
