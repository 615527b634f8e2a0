"""The audit of a real run: against the marts, the run's own figures and the truth."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import duckdb
import pytest

from pipeline.audit import REFERENCE
from tests.conftest import Workspace
from training.audit import leakage
from training.audit.names import (
    DEFAULT,
    FRAUD,
    JSON_NAME,
    LABEL,
    LATENT,
    NO_SIGNAL_FOLDER,
    NO_TRANSACTION,
    PICTURE_NAME,
    SCORE,
    SIMULATED,
    SUPPLIED,
    TEXT_NAME,
)
from training.audit.proxy import Comparison, Proxy, measure_proxy
from training.audit.report import label_text, score_text
from training.audit.runner import run_audit
from training.candidates import CANDIDATES
from training.errors import TrainingError
from training.examples import Examples, read_examples
from training.settings import Settings

TREE = "decision_tree"


@pytest.fixture(scope="module")
def settings(simulated: Workspace) -> Settings:
    found = Settings.from_environment({"DATA_DIR": str(simulated.data_dir)})
    return replace(found, bootstrap_resamples=40)


@pytest.fixture(scope="module")
def examples(settings: Settings) -> Examples:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return read_examples(connection)


@pytest.fixture(scope="module")
def proxy(settings: Settings, examples: Examples) -> Proxy:
    return measure_proxy(examples, settings)


def found(proxy: Proxy, predictor: str, outcome: str) -> Comparison:
    (one,) = (
        comparison
        for comparison in proxy.comparisons
        if (comparison.predictor, comparison.outcome) == (predictor, outcome)
    )
    return one


def test_score_comparisons_are_those_of_the_mart(
    simulated: Workspace, proxy: Proxy
) -> None:
    mart = simulated.query("select * from marts.fct_score_comparisons")
    assert set(mart.outcome) == {LABEL, NO_TRANSACTION, FRAUD, DEFAULT}
    for row in mart.itertuples():
        measured = found(proxy, SCORE, str(row.outcome))
        assert measured.auc == pytest.approx(row.auc, abs=1e-12)
        assert measured.event_count == row.event_count
        assert measured.row_count == row.row_count
        assert measured.lower is not None
        assert measured.upper is not None
        assert measured.lower <= row.auc <= measured.upper


def test_the_score_of_the_mart_is_the_one_that_training_measured(
    simulated: Workspace, proxy: Proxy
) -> None:
    trained = simulated.query(
        "select roc_auc, row_count from model.candidate_metrics"
        " where candidate = 'scorecard' and split = 'test'"
    )
    measured = found(proxy, SCORE, LABEL)
    assert measured.auc == pytest.approx(trained.roc_auc[0], abs=1e-12)
    assert measured.row_count == trained.row_count[0]


def test_simulated_outcomes_are_measured_and_marked(proxy: Proxy) -> None:
    defaults, latent = found(proxy, SCORE, DEFAULT), found(proxy, SCORE, LATENT)
    assert defaults.source == latent.source == SIMULATED
    assert defaults.event_count is not None
    assert defaults.event_count > 20
    # A fifth of the measured rows, by definition.
    assert latent.event_count == pytest.approx(0.2 * latent.row_count, abs=1)
    assert latent.auc is not None
    assert latent.auc > 0.6
    # Whoever knew the truth would do better than the score.
    best = found(proxy, LATENT, DEFAULT).auc
    assert best is not None
    assert defaults.auc is not None
    assert best > defaults.auc
    assert proxy.rank_correlation is not None
    assert 0.2 < proxy.rank_correlation < 0.6


def test_the_report_says_what_the_label_is(proxy: Proxy) -> None:
    document = {"proxy": json.loads(json.dumps(proxy, default=lambda p: p.__dict__))}
    text = label_text(document)
    assert "*expected inactivity*" in text
    assert "| 2019-01-17 | test | 1,987 |" in text
    assert "customers redrawn 10 times" in text
    assert "(`FraudResult`)" in text
    assert "(simulated)" in score_text(document)


def test_what_is_not_there_is_said(
    settings: Settings, examples: Examples, workspace: Workspace
) -> None:
    """A bank's own data without outcomes, and a latent file left by a simulation."""
    path = workspace.data_dir / "warehouse.duckdb"
    shutil.copy(settings.warehouse, path)
    shutil.copytree(settings.data_dir / "simulated", workspace.data_dir / "simulated")
    with duckdb.connect(str(path)) as connection:
        connection.execute("update raw.files set data_kind = 'raw'")
        connection.execute("update marts.fct_score_outcomes set has_fraud = null")
        connection.execute("update marts.fct_score_outcomes set has_defaulted = null")
    proxy = measure_proxy(examples, replace(settings, data_dir=workspace.data_dir))
    for outcome in (FRAUD, DEFAULT, LATENT):
        comparison = found(proxy, SCORE, outcome)
        assert comparison.auc is comparison.event_count is comparison.source is None
        assert comparison.missing
    assert proxy.rank_correlation is None
    text = score_text({"proxy": json.loads(json.dumps(proxy, default=vars))})
    assert "not available: there is no outcomes/*.csv" in text
    assert "(simulated)" not in text


def test_supplied_outcomes_are_measured_and_called_supplied(
    settings: Settings, examples: Examples, proxy: Proxy, workspace: Workspace
) -> None:
    """The same rows as a bank's own: other words, and no latent risk to know."""
    path = workspace.data_dir / "warehouse.duckdb"
    shutil.copy(settings.warehouse, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("update raw.files set data_kind = 'raw'")
    supplied = measure_proxy(examples, replace(settings, data_dir=workspace.data_dir))
    assert not supplied.is_simulated
    for outcome in (FRAUD, DEFAULT):
        measured = found(supplied, SCORE, outcome)
        assert measured.source == SUPPLIED
        assert measured == replace(found(proxy, SCORE, outcome), source=SUPPLIED)
        assert measured.auc is not None
        assert measured.lower is not None
        assert measured.upper is not None
        assert 0 < measured.lower < measured.auc < measured.upper < 1
    assert found(supplied, SCORE, LATENT).auc is None
    text = score_text({"proxy": json.loads(json.dumps(supplied, default=vars))})
    assert "there is no outcomes" not in text
    assert "(simulated)" not in text


def test_without_scores_it_is_one_line(
    settings: Settings, examples: Examples, workspace: Workspace
) -> None:
    path = workspace.data_dir / "warehouse.duckdb"
    shutil.copy(settings.warehouse, path)
    with duckdb.connect(str(path)) as connection:
        connection.execute("truncate marts.fct_score_outcomes")
    with pytest.raises(TrainingError, match=r"there is no champion.*make run first$"):
        measure_proxy(examples, replace(settings, data_dir=workspace.data_dir))


def test_the_report_is_the_same_each_time(
    settings: Settings, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One candidate, and the data again in place of identical customers."""
    monkeypatch.setattr(leakage, "CANDIDATES", {TREE: CANDIDATES[TREE]})
    beside = workspace.data_dir / NO_SIGNAL_FOLDER
    beside.mkdir(parents=True)
    for folder in (workspace.data_dir, beside):
        shutil.copy(settings.warehouse, folder)
    here = replace(settings, data_dir=workspace.data_dir)
    written = []
    for _ in range(2):
        lines = run_audit(here)
        files = sorted((workspace.data_dir / "reports").iterdir())
        written.append([file.read_bytes() for file in files])
    assert [file.name for file in files] == [JSON_NAME, TEXT_NAME, PICTURE_NAME]
    assert written[0] == written[1]
    document = json.loads(written[0][0])
    data, no_signal = document["leakage"]["studied"]
    assert data["parts"] == no_signal["parts"]
    assert document["data"] == SIMULATED
    assert f"]({PICTURE_NAME})" in written[0][1].decode()
    assert len(lines) == 1 + 6 + 1


@pytest.mark.hard
def test_the_audit_of_the_readme_is_that_of_a_fresh_run(workspace: Workspace) -> None:
    workspace.python("-m", "pipeline", "audit")
    fresh, kept = (
        json.loads(path.read_text())
        for path in (workspace.data_dir / "reports" / "audit.json", REFERENCE)
    )
    assert fresh["leakage"]["designs"] == kept["leakage"]["designs"]
    for one, other in zip(
        fresh["leakage"]["studied"], kept["leakage"]["studied"], strict=True
    ):
        for part, expected in zip(one["parts"], other["parts"], strict=True):
            for name, measured in expected["aucs"].items():
                assert part["aucs"][name] == pytest.approx(measured, rel=1e-6)
    for one, other in zip(
        fresh["proxy"]["comparisons"], kept["proxy"]["comparisons"], strict=True
    ):
        assert one["auc"] == pytest.approx(other["auc"], rel=1e-6)
