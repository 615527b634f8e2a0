"""Sentences where the data are odd: one of a thing, none of it, all of it."""

import dataclasses
import html
from typing import Any

import pandas as pd
import pytest

from notebooks.about import About, about
from notebooks.analyses import Analysis
from notebooks.exhibit import Exhibit
from notebooks.pictures import PICTURES
from pipeline.errors import PipelineError

REAL = About(is_simulated=False, label_source="proxy", currency="UGX", time_zone="UTC")


def sentence(name: str, *rows: dict[str, Any], of: About = REAL) -> str:
    return PICTURES[name](pd.DataFrame(list(rows)), of).sentence


def fate(name: str, count: int) -> dict[str, Any]:
    return {"fate": name, "row_count": count, "is_accepted": name == "accepted"}


def test_nothing_rejected_and_something() -> None:
    assert sentence("input_rows_by_fate", fate("accepted", 7)) == (
        "Every one of 7 input rows was accepted; none was rejected."
    )
    rows = [fate("accepted", 9_990), fate("time_unreadable", 8), fate("duplicate", 2)]
    assert sentence("input_rows_by_fate", *rows) == (
        "Of 10,000 input rows, 9,990 were accepted and 10 rejected (0.1 %): "
        "8 time_unreadable and 2 duplicate."
    )


def test_one_category_only() -> None:
    column = {
        "dimension": "channel_id",
        "category_rank": 1,
        "category": "web",
        "transaction_share": 1.0,
        "category_count": 1,
        "effective_count": 1.0,
    }
    told = sentence("category_concentration", column)
    assert told == "No column has more than one category."
    pair = {
        "category": "main_channel",
        "other_category": "segment",
        "cramers_v": float("nan"),
    }
    told = sentence("category_associations", pair)
    assert told.startswith("No pair can be compared")


def test_a_category_of_any_text_can_be_drawn() -> None:
    spread = {"transaction_count": 9, "outlier_count": 0, "highest": 9.0}
    spread |= {"p01": 1.0, "p25": 2.0, "p50": 3.0, "p75": 4.0, "p99": 5.0}
    names = (r"$\frac{1}$", "<script>", "x" * 10_000, "a\nb", "")
    rows = pd.DataFrame([{**spread, "product_category": name} for name in names])
    drawing = PICTURES["amount_spread_by_category"](rows, REAL)
    analysis = Analysis(name="a", question="?", explanation="", sql="")
    exhibit = Exhibit(analysis=analysis, rows=rows, drawing=drawing, about=REAL)
    assert "<script>" not in exhibit.html
    assert max(len(t.get_text()) for t in drawing.figure.axes[0].get_yticklabels()) < 40


def test_one_day_and_one_month() -> None:
    day = {
        "local_date": pd.Timestamp("2019-02-04"),
        "transaction_count": 1,
        "mean_of_seven_days": 1.0,
    }
    told = sentence("transactions_by_day", day)
    assert told == "All 1 transaction are of one day, 4 February 2019."
    month = {
        "month_start": pd.Timestamp("2019-02-01"),
        "day_count": 1,
        "transaction_count": 5,
        "total_value": 10.0,
    }
    assert sentence("activity_by_month", month) == (
        "The data cover 1 day of one month, February 2019, with 5 transactions a day."
    )


def test_amounts_of_one_direction() -> None:
    bins = {
        "is_credit": False,
        "bin_index": 10,
        "lower_bound": 100.0,
        "upper_bound": 158.5,
        "transaction_count": 3,
        "total_value": 330.0,
    }
    assert sentence("amount_histogram", bins).endswith("There are no credits.")


def snapshot(date: str, split: str) -> dict[str, Any]:
    day = pd.Timestamp(date)
    return {
        "snapshot_date": day,
        "split": split,
        "observation_start": day - pd.Timedelta(days=28),
        "outcome_end": day + pd.Timedelta(days=28),
        "data_end": pd.Timestamp("2019-02-14"),
        "customer_count": 5,
    }


def test_a_gap_between_the_last_train_label_and_the_test_snapshot() -> None:
    test = snapshot("2019-01-17", "test")
    touching = sentence("snapshot_windows", snapshot("2018-12-20", "train"), test)
    assert "the last train label ends just at the test snapshot" in touching
    apart = sentence("snapshot_windows", snapshot("2018-12-19", "train"), test)
    assert "the last train label ends 1 day before the test snapshot" in apart
    alone = sentence("snapshot_windows", snapshot("2019-02-14", "score"))
    assert alone.startswith("1 snapshot (1 score) with 5 eligible customers;")
    assert "too short for a train and a test snapshot" in alone


def audit(agreement: float) -> dict[str, Any]:
    return {
        "snapshot_date": pd.Timestamp("2019-01-17"),
        "split": "test",
        "event_rate": 0.4,
        "inactive_rate": 0.4,
        "same_window_event_rate": 0.3,
        "agreement_with_inactivity": agreement,
    }


def test_the_target_is_named_by_what_is_measured() -> None:
    near = sentence("label_by_snapshot", audit(0.99))
    assert "so the target is named expected inactivity" in near
    far = sentence("label_by_snapshot", audit(0.95))
    assert "not above 95.0 % everywhere" in far
    assert near.endswith("a behavioural proxy, not a probability of default.")


def test_stability_with_and_without_the_inactive() -> None:
    def scenario(included: bool, clusters: int, rate: float) -> dict[str, Any]:
        rates = dict.fromkeys(("lowest_flip_rate", "median_flip_rate"), 0.0)
        row = {"is_inactive_included": included, "cluster_count": clusters, **rates}
        row |= {"highest_flip_rate": rate, "is_redrawn": clusters == 3}
        return row | {"scenario_count": 10}

    every = [scenario(True, 3, 0.0), scenario(True, 2, 0.25)]
    assert sentence("label_stability", *every) == (
        "Over all customers, redrawing them changes at most 0 % of labels and "
        "another number of clusters changes at most 25.0 % of labels."
    )
    told = sentence("label_stability", *every, scenario(False, 2, 0.5))
    assert told.endswith(
        "; without those who bought nothing, "
        "another number of clusters changes at most 50.0 % of labels."
    )


def test_an_observed_label_is_called_what_it_is() -> None:
    observed = dataclasses.replace(REAL, label_source="observed")
    row = {"is_high_risk": True, "group_index": 0, "customer_count": 4}
    row |= {"lowest_count": 0.0, "highest_count": 0.0}
    assert sentence("outcome_counts_by_label", row, of=observed) == (
        "All 4 customers are labelled defaulted. "
        "The label is a default that the bank observed."
    )


@pytest.mark.parametrize("is_simulated", [True, False])
def test_simulated_data_are_called_so_under_the_picture_and_in_it(
    is_simulated: bool,
) -> None:
    rows = pd.DataFrame([fate("accepted", 7)])
    of = dataclasses.replace(REAL, is_simulated=is_simulated)
    drawing = PICTURES["input_rows_by_fate"](rows, of)
    analysis = Analysis(name="a", question="<b>?", explanation="", sql="1 < 2")
    exhibit = Exhibit(analysis=analysis, rows=rows, drawing=drawing, about=of)
    assert ("Simulated data." in exhibit.html) == is_simulated
    assert drawing.figure.get_suptitle().endswith("simulated data") == is_simulated
    assert "<b>" not in exhibit.html
    assert html.escape(analysis.sql) in exhibit.html


def test_no_rows_are_said() -> None:
    analysis = Analysis(name="a", question="?", explanation="", sql="")
    exhibit = Exhibit(analysis=analysis, rows=pd.DataFrame(), drawing=None, about=REAL)
    assert "Nothing to show: the query returned no rows." in exhibit.html
    assert "<img" not in exhibit.html


@pytest.mark.parametrize(
    ("currency_count", "code", "unit"),
    [(1, "UGX", "UGX"), (2, "KES", "currency units"), (1, "unknown", "currency units")],
)
def test_amounts_have_a_currency_only_where_there_is_one(
    currency_count: int, code: str, unit: str
) -> None:
    row = {"is_simulated": False, "label_source": "proxy", "data_time_zone": "UTC"}
    row |= {"currency_count": currency_count, "first_currency_code": code}
    assert about(pd.DataFrame([row])).currency == unit


def test_an_empty_warehouse_is_one_line() -> None:
    with pytest.raises(PipelineError, match="holds no transaction: run make run first"):
        about(pd.DataFrame())
