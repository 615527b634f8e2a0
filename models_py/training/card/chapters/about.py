"""Chapters on use, data and versions."""

import json

from training.card.causes import NOT_RECORDED, given, not_recorded
from training.card.chapters.approval import gates_table, promotions_table
from training.card.parts import Column, Fact, Section, Table, Value, or_why
from training.card.reading import SCORECARD, Facts


def purpose(facts: Facts) -> Section:
    """Chapter on use and misuse."""
    card, days = facts.scorecard, facts.parameters["observation_days"]
    return Section(
        name="purpose",
        title="Purpose and limits of use",
        text=[
            "Ranks customers of an eCommerce platform by their purchases and proposes"
            f" {_actions(facts)} for buy-now-pay-later. A person decides what is"
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
            f" protected attribute, {_repayments(facts)}.",
        ],
        facts=[
            Fact("kind", found["kind"]),
            Fact("accepted transactions", found["accepted"], "count"),
            Fact("rejected rows", sum(row["row_count"] for row in rejected), "count"),
            Fact("customers", found["customers"], "count"),
            Fact("first transaction", found["first_transaction"]),
            Fact("last transaction", found["last_transaction"]),
            Fact("train snapshots", _train_snapshots(facts)),
            Fact("test snapshot", facts.training["test_snapshot"]),
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
            Fact("libraries", _libraries(facts)),
            Fact(
                "trained by",
                or_why(run["trained_by"], not_recorded(facts, "trained_by")),
            ),
        ],
        tables=[
            promotions_table(facts),
            gates_table(facts),
        ],
    )


def _actions(facts: Facts) -> str:
    """Actions of the grades, from the mildest to the harshest."""
    *milder, harshest = dict.fromkeys(str(row["action"]) for row in facts.grades)
    return f"{', '.join(milder)} or {harshest}" if milder else harshest


def _repayments(facts: Facts) -> str:
    """Say what is not known of repayments."""
    if facts.is_proxy:
        return "any repayment"
    return "any repayment but whether and when a customer defaulted"


def _libraries(facts: Facts) -> Value:
    """Versions of the libraries that the training recorded."""
    inputs = facts.training["inputs"]
    if inputs is None:
        return or_why(None, not_recorded(facts, "inputs"))
    found = json.loads(inputs).get("libraries")
    if found is None:
        return or_why(None, NOT_RECORDED)
    return ", ".join(f"{name} {found[name]}" for name in sorted(found))


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
    ends = (given(facts.training, f"{end}_train_snapshot") for end in ("first", "last"))
    return " to ".join(str(end) for end in ends)
