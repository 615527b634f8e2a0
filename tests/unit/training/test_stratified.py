"""The in-time split: customers apart, days shared, and nothing written."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.unit.training.conftest import FinishedRun
from tests.unit.training.stored import exported
from training import candidates, fitting, runner
from training.done import done_file
from training.errors import TooLittleDataError
from training.runner import run
from training.settings import STRATIFIED, ScorecardPolicy, Settings
from training.splits import (
    IN_TIME,
    TEST,
    TRAIN,
    TRAIN_OOF,
    make_splits,
    make_stratified_splits,
    splits_of,
)


def test_customers_are_apart_and_classes_in_proportion(
    examples_frame: pd.DataFrame,
) -> None:
    splits = make_stratified_splits(examples_frame)
    assert set(splits.rows) == {TRAIN, TRAIN_OOF, TEST}
    train = examples_frame.iloc[splits.rows[TRAIN]]
    test = examples_frame.iloc[splits.rows[TEST]]
    assert not set(train["customer_id"]) & set(test["customer_id"])
    assert set(train["snapshot_date"]) == set(test["snapshot_date"])
    assert {*train["split"], *test["split"]} == {"train"}
    assert len(train) + len(test) == (examples_frame["split"] == "train").sum()

    def risky(part: pd.DataFrame) -> pd.Series:
        return part.groupby("customer_id")["is_high_risk"].any()

    for kind in (True, False):
        apart = [(risky(part) == kind).sum() for part in (train, test)]
        assert apart[1] / sum(apart) == pytest.approx(0.2, abs=0.005)
    assert splits.folds.tolist() == train["customer_fold"].tolist()
    assert set(splits.folds) == {0, 1, 2, 3, 4}


def test_the_draw_is_the_seeds(examples_frame: pd.DataFrame) -> None:
    first, second, other = (
        make_stratified_splits(examples_frame, seed=seed).rows[TEST].tolist()
        for seed in (1, 1, 2)
    )
    assert first == second != other


def test_the_settings_choose_the_split(examples_frame: pd.DataFrame) -> None:
    settings = Settings.from_environment({})
    usual = make_splits(examples_frame).rows[TEST].tolist()
    assert splits_of(examples_frame, settings).rows[TEST].tolist() == usual
    in_time = splits_of(examples_frame, replace(settings, split=STRATIFIED))
    drawn = make_stratified_splits(examples_frame, seed=settings.seed).rows[TEST]
    assert in_time.rows[TEST].tolist() == drawn.tolist()


def test_too_few_rows_are_told(generate: Callable[..., pd.DataFrame]) -> None:
    with pytest.raises(TooLittleDataError, match="200 are needed"):
        make_stratified_splits(generate(customers=120))


def test_it_is_labelled_and_writes_nothing(
    finished: FinishedRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = {"scorecard": candidates.CANDIDATES["scorecard"]}
    monkeypatch.setattr(candidates, "CANDIDATES", card)
    monkeypatch.setattr(fitting, "CANDIDATES", card)
    monkeypatch.setattr(runner, "_record", None)
    before = exported(finished.settings)
    told = done_file(finished.settings.data_dir).read_text()
    quick = ScorecardPolicy(maximum_prebins=6)
    lines = run(replace(finished.settings, split=STRATIFIED, policy=quick))
    assert lines[0] == IN_TIME
    assert lines[-1] == "audit of split stratified: nothing was written"
    assert any(line.startswith("scorecard  ") for line in lines)
    assert exported(finished.settings) == before
    assert done_file(finished.settings.data_dir).read_text() == told
    assert np.isfinite(float(lines[1].split("scorecard ")[1].split()[0]))
