"""What is decided, and why, with numbers a reader can check in the head."""

from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from api.decisions.making import Case, decide
from api.decisions.records import DecisionRecord
from api.decisions.replay import differences
from api.documents import PolicyReasonRow
from api.lookups import CustomerRow
from api.policy import DEPTH_OF_FILE
from api.release_store import Release
from api.schemas.scores import Reason, Stamp
from api.scorer import Scorecard
from tests.unit.api.test_scorer import document

NOT_ELIGIBLE = Reason("P01", "No purchase", None)


def release(
    reference: float = 50.0, *, stale_after: float | None = None, least: float = 0.0
) -> Release:
    """Give a release whose card has two features of 0 to 99 points, cut-off 100."""
    described = document(codes=["R1", "R2"], reference=reference)
    first = msgspec.structs.replace(described.features[0], name=DEPTH_OF_FILE)
    points = [
        msgspec.structs.replace(row, feature=DEPTH_OF_FILE)
        if row.feature == described.features[0].name
        else row
        for row in described.points
    ]
    scorecard = msgspec.structs.replace(
        described,
        features=[first, described.features[1]],
        points=points,
        policy_reasons=[
            PolicyReasonRow("P02", "stale_data", "Old data", stale_after),
            PolicyReasonRow("P03", "thin_file", "Few purchases", least),
        ],
    )
    made = SimpleNamespace(
        scorecard=Scorecard(scorecard),
        wording={"R1": "First", "R2": "Second"},
        policy_reasons={"no_recent_transactions": NOT_ELIGIBLE},
        manifest=SimpleNamespace(snapshot_date="2019-02-14"),
        manifest_hash="m",
        stamp=Stamp(
            target="high risk",
            data="raw",
            model_version="v",
            release_id="r",
            wording_version="w",
            disclaimer=None,
        ),
    )
    return cast(Release, made)


def case(age: int = 3) -> Case:
    return Case("id", "checkout", "c", None, None, snapshot_age_days=age)


def scored(*values: float) -> CustomerRow:
    return CustomerRow("scored", None, list(values))


def told(record: DecisionRecord) -> tuple[str, str, list[tuple[str, float | None]]]:
    reasons = [(reason.code, reason.loss) for reason in record.reasons]
    return record.action, record.reason_reference, reasons


def test_losses_are_measured_against_the_mean() -> None:
    record = decide(release(), scored(40, 35), case())
    losses = [("R2", 15.0), ("R1", 10.0)]
    assert told(record) == ("refer", "training_mean", losses)
    assert record.points == {DEPTH_OF_FILE: 40.0, "f1": 35.0}


def test_who_beats_the_mean_and_is_referred_is_measured_against_the_cutoff() -> None:
    """Means 40 + 40, best 99 + 99: an applicant at the cut-off has 50 + 50."""
    record = decide(release(reference=40.0), scored(45, 45), case())
    assert told(record) == ("refer", "cutoff", [("R1", 5.0), ("R2", 5.0)])


def test_a_thin_file_is_referred_whatever_the_score() -> None:
    record = decide(release(least=2), scored(1, 99), case())
    assert record.grade == "A"
    assert told(record) == ("refer", "policy", [("P03", None)])
    assert told(decide(release(least=2), scored(2, 99), case()))[0] == "approve"


def test_a_rule_comes_before_the_losses_of_a_score_that_refers_too() -> None:
    record = decide(release(least=2), scored(1, 40), case())
    losses = [("P03", None), ("R1", 49.0), ("R2", 10.0)]
    assert told(record) == ("refer", "training_mean", losses)


@pytest.mark.parametrize(("age", "action"), [(30, "approve"), (31, "refer")])
def test_old_data_refer_where_the_policy_has_a_limit(age: int, action: str) -> None:
    record = decide(release(stale_after=30), scored(60, 60), case(age))
    assert record.action == action
    codes = [reason.code for reason in record.reasons]
    assert codes == ([] if action == "approve" else ["P02"])
    assert decide(release(), scored(60, 60), case(10_000)).action == "approve"


def test_who_is_not_eligible_has_a_policy_reason_and_no_score() -> None:
    row = CustomerRow("not_scored", "no_recent_transactions", None)
    record = decide(release(), row, case())
    assert told(record) == ("refer", "policy", [("P01", None)])
    assert (record.score, record.features, record.points) == (None, None, None)


def test_replay_names_every_field_that_differs() -> None:
    record = decide(release(), scored(40, 35), case())
    assert differences(release(), scored(40, 35), record) == []
    changed: list[Any] = differences(release(), scored(40, 36), record)
    assert [change.field for change in changed] == [
        "features.f1",
        "points.f1",
        "score",
        "proxy_probability",
        "reasons",
    ]
    assert (changed[0].recorded, changed[0].recomputed) == ("35", "36")
    assert differences(release(), None, record)[0].field == "customer_id"
