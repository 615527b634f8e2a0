"""Bins, merges and weights of evidence, by hand and against OptBinning."""

import math

import numpy as np
import pytest

from training import binning
from training.binning import fit_bins
from training.contract import Feature
from training.evidence import weight_of_evidence
from training.merging import merged_edges, shortest_between
from training.settings import ScorecardPolicy
from training.solver import SolverError

POLICY = ScorecardPolicy()


def numeric(direction: str = "ascending") -> Feature:
    return Feature(1, "recency_days", "numeric", direction, "R01")


CHANNEL = Feature(25, "main_channel", "categorical", "none", "R12")


def test_weight_of_evidence_by_hand() -> None:
    woe, information = weight_of_evidence([80, 20], [30, 70])
    assert woe == pytest.approx([math.log(0.8 / 0.3), math.log(0.2 / 0.7)], abs=1e-12)
    by_hand = 0.5 * math.log(0.8 / 0.3) - 0.5 * math.log(0.2 / 0.7)
    assert information == pytest.approx(by_hand, abs=1e-11)


def test_safer_bins_have_higher_weight() -> None:
    woe, _ = weight_of_evidence([9, 1], [1, 9])
    assert woe[0] > 0 > woe[1]


def test_a_zero_cell_counts_a_half_and_an_empty_bin_nothing() -> None:
    woe, information = weight_of_evidence([10, 90, 0], [0, 100, 0])
    assert woe[0] == pytest.approx(math.log((10 / 100) / (0.5 / 100)))
    assert woe[2] == 0
    assert np.isfinite(information)


def test_one_class_has_no_weight_of_evidence() -> None:
    with pytest.raises(ValueError, match="both classes"):
        weight_of_evidence([1, 2], [0, 0])


def test_bins_are_monotone_and_hold_five_percent_each() -> None:
    rng = np.random.default_rng(1)
    values = np.where(rng.random(2000) < 0.1, np.nan, rng.exponential(10, 2000))
    target = rng.random(2000) < np.where(np.isnan(values), 0.9, np.tanh(values / 20))
    bins = fit_bins(numeric(), values, target, POLICY)
    assert bins.fallback is None
    assert len(bins.edges) >= 3
    assert (np.diff(bins.woe[1:]) < 0).all()
    assert (bins.rows[1:] >= 0.05 * 2000).all()
    assert bins.rows.sum() == 2000
    assert bins.rows[0] == np.isnan(values).sum()
    assert bins.events.sum() == target.sum()


def test_the_contract_direction_wins_over_the_data() -> None:
    values = np.arange(1000.0)
    target = np.random.default_rng(2).random(1000) < values / 1000
    assert len(fit_bins(numeric("ascending"), values, target, POLICY).edges) > 0
    assert fit_bins(numeric("descending"), values, target, POLICY).edges == ()
    either = fit_bins(numeric("either"), values, target, POLICY)
    assert (np.diff(either.woe[1:]) < 0).all()


def test_a_value_on_an_edge_belongs_to_the_bin_above() -> None:
    values = np.repeat([1.0, 2.0, 3.0, 4.0], 100)
    target = np.arange(400) % 100 < np.repeat([10, 10, 60, 60], 100)
    bins = fit_bins(numeric(), values, target, POLICY)
    assert bins.edges == (3.0,)
    assert bins.bin_index([2.999999999, 3.0, None]).tolist() == [1, 2, 0]


def test_missing_without_rows_weighs_as_the_worst_bin() -> None:
    values = np.arange(400.0)
    target = np.arange(400) % 10 < values / 40
    bins = fit_bins(numeric(), values, target, POLICY)
    assert bins.rows[0] == 0
    assert bins.woe[0] == bins.woe[1:].min() < 0


def test_merging_joins_small_and_unordered_neighbours() -> None:
    values = np.repeat([1.0, 2.0, 3.0, 4.0], [100, 4, 100, 100])
    target = np.concatenate(
        [np.arange(n) < bad for n, bad in ((100, 10), (4, 4), (100, 40), (100, 30))]
    )
    splits = np.array([2.0, 3.0, 4.0])
    # 2.0 is small and nearer to 3.0; then 3.0 and 4.0 are in the wrong order.
    assert merged_edges(values, target, splits, "ascending", 15) == (2.0,)


def test_a_feature_that_parts_the_classes_is_not_lost() -> None:
    values = np.arange(1000.0)
    bins = fit_bins(numeric(), values, values >= 400, POLICY)
    assert bins.edges == (400.0,)
    assert bins.events.tolist() == [0, 0, 600]
    pure_below = fit_bins(numeric(), values, (values >= 400) & (values % 3 > 0), POLICY)
    assert pure_below.edges[0] == pytest.approx(400, abs=2)


def test_categories_that_part_the_classes_are_not_lost() -> None:
    texts = np.repeat(np.array(["web", "shop", "fax"], dtype=object), 300)
    bins = fit_bins(CHANNEL, texts, texts == "fax", POLICY)
    assert bins.events.tolist()[:-1] == [0, 0, 0, 300]


def test_a_failing_solver_gives_way_to_quantiles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise SolverError("status UNKNOWN")

    monkeypatch.setattr(binning, "optimal_splits", fail)
    rng = np.random.default_rng(3)
    values = rng.exponential(10, 2000)
    target = rng.random(2000) < np.tanh(values / 20)
    bins = fit_bins(numeric(), values, target, POLICY)
    assert bins.fallback is not None
    assert "status UNKNOWN" in bins.fallback
    assert len(bins.edges) >= 3
    assert (np.diff(bins.woe[1:]) < 0).all()
    assert (bins.rows[1:] >= 100).all()


def test_rare_categories_are_pooled_in_other() -> None:
    texts = np.array(["web"] * 500 + ["shop"] * 460 + ["fax"] * 20 + [None] * 20)
    target = np.arange(1000) % 100 < np.repeat([10, 50, 90, 30], [500, 460, 20, 20])
    bins = fit_bins(CHANNEL, texts, target, POLICY)
    assert bins.groups == (("web",), ("shop",))
    assert bins.rows.tolist() == [20, 500, 460, 20]
    index = bins.bin_index(["shop", None, "fax", "never seen"])
    assert index.tolist() == [2, 0, 3, 3]


def test_other_weighs_as_the_worst_bin_when_no_category_is_rare() -> None:
    texts = np.array(["web"] * 500 + ["shop"] * 500)
    target = np.arange(1000) % 100 < np.repeat([10, 50], 500)
    bins = fit_bins(CHANNEL, texts, target, POLICY)
    assert bins.weight(["never seen"]).tolist() == bins.weight(["shop"]).tolist()


@pytest.mark.parametrize(
    ("rows", "bads", "weight"),
    [
        # 1 bad of 20 is far better than the 30 % of all, but 20 of 1000 rows.
        (20, 1, 0.0),
        # 18 bads of 20: ln((2 / 692) / (18 / 308)) of its own.
        (20, 18, math.log((2 / 692) / (18 / 308))),
        # 60 of 1000 rows are enough to be believed: ln((57 / 707) / (3 / 293)).
        (60, 3, math.log((57 / 707) / (3 / 293))),
    ],
)
@pytest.mark.parametrize("rare", [["fax", "post"], [None, None]])
def test_few_rows_in_other_or_missing_earn_no_credit(
    rare: list[str | None], rows: int, bads: int, weight: float
) -> None:
    texts = np.array(["web"] * 500 + ["shop"] * (500 - rows) + rare * (rows // 2))
    target = np.concatenate(
        [np.arange(500) < 50, np.arange(500 - rows) < 240, np.arange(rows) < bads]
    )
    bins = fit_bins(CHANNEL, texts, target, POLICY)
    assert bins.weight(rare).tolist() == pytest.approx([weight] * 2, abs=1e-9)


@pytest.mark.parametrize("values", [np.full(300, 5.0), np.full(300, np.nan)])
def test_a_constant_feature_is_told(values: np.ndarray) -> None:
    bins = fit_bins(numeric(), values, np.arange(300) % 3 == 0, POLICY)
    assert bins.is_constant
    assert not bins.tells_apart


def test_a_constant_feature_that_is_sometimes_missing_tells_apart() -> None:
    values = np.where(np.arange(300) < 100, np.nan, 5.0)
    bins = fit_bins(numeric(), values, np.arange(300) < 60, POLICY)
    assert not bins.is_constant
    assert bins.tells_apart


def test_agrees_with_the_table_of_optbinning() -> None:
    from optbinning import OptimalBinning

    rng = np.random.default_rng(4)
    values = np.where(rng.random(3000) < 0.1, np.nan, rng.integers(0, 30, 3000))
    target = rng.random(3000) < 0.1 + 0.02 * np.nan_to_num(values, nan=20)
    bins = fit_bins(numeric(), values, target, POLICY)
    theirs = OptimalBinning(
        user_splits=list(bins.edges), user_splits_fixed=[True] * len(bins.edges)
    ).fit(values, target.astype(int))
    table = theirs.binning_table.build()
    rows = table.drop(index=["Totals"], errors="ignore")
    ranges = rows[~rows["Bin"].isin(["Special", "Missing"])]
    missing = rows[rows["Bin"] == "Missing"]
    assert bins.woe[1:] == pytest.approx(ranges["WoE"].to_numpy(float), abs=1e-9)
    assert bins.woe[0] == pytest.approx(float(missing["WoE"].iloc[0]), abs=1e-9)
    assert bins.rows[1:].tolist() == ranges["Count"].tolist()
    assert bins.information_value == pytest.approx(theirs.binning_table.iv, abs=1e-9)


@pytest.mark.parametrize(
    ("below", "above", "edge"),
    [(2.0, 3.0, 3.0), (0.0, 0.05, 0.03), (-3.2, -1.1, -2.0), (1e6, 1.3e6, 1.1e6)],
)
def test_edges_are_short_decimals(below: float, above: float, edge: float) -> None:
    assert shortest_between(below, above) == edge


def test_edges_exist_between_neighbouring_doubles() -> None:
    above = np.nextafter(0.1, 1)
    assert 0.1 < shortest_between(0.1, above) <= above
