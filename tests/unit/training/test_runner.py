"""Runs after runs: the same, unchanged, stopped, not promoted, elsewhere."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from tests.unit.training.conftest import FinishedRun
from tests.unit.training.stored import MODEL_TABLES, exported, registered, rows
from training import candidates, fitting, runner
from training.cli import main
from training.done import Done, done_file, read_done
from training.fitting import Frozen
from training.promotion.mirror import read_mirror
from training.runner import run
from training.settings import AUDIT_LABEL, ScorecardPolicy, Settings

MakeSettings = Callable[..., Settings]
Frozens = Mapping[str, Frozen]


def other_card(frozen: Frozens) -> Frozens:
    """Candidates whose scorecard is another, and so has another version."""
    card = frozen["scorecard"]
    assert card.tables is not None
    renamed = {**card.tables.scorecard, "target_name": "another target"}
    tables_ = replace(card.tables, scorecard=renamed)
    return {**frozen, "scorecard": replace(card, tables=tables_)}


def change_a_value(settings: Settings) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(
            "update marts.fct_training_examples set value_7d = value_7d + 1"
            " where split = 'test'"
        )


def test_an_unchanged_run_trains_and_registers_nothing(
    finished: FinishedRun,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runner, "_train", None)
    before = exported(finished.settings)
    done_file(finished.settings.data_dir).unlink()
    (line,) = run(finished.settings)
    assert line.startswith("unchanged:")
    (record,) = rows(finished.settings, "training_runs")
    done = Done(record["training_fingerprint"], note=None)
    assert read_done(finished.settings.data_dir) == done
    assert line.endswith(rows(finished.settings, "scorecard")[0]["model_version"])
    assert exported(finished.settings) == before
    assert list(registered(finished.settings)) == ["1"]


def test_an_unchanged_run_imports_nothing_heavy(finished: FinishedRun) -> None:
    program = (
        "import sys; from training.cli import main; code = main([]);"
        " heavy = {'mlflow', 'sklearn', 'xgboost', 'optbinning', 'matplotlib'};"
        " print(code, sorted(heavy & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        env={"DATA_DIR": str(finished.settings.data_dir)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.splitlines()[0].startswith("unchanged:")
    assert answer.stdout.splitlines()[1] == "0 []"


@pytest.mark.usefixtures("ready")
def test_a_stopped_run_leaves_nothing_behind_and_the_next_one_works(
    make_settings: MakeSettings, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(registry=registry)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    # In the middle of writing the tables: MLflow has its run, the tables nothing.
    with monkeypatch.context() as patch:
        patch.setattr("training.promotion.command.promote_first", stop)
        with pytest.raises(KeyboardInterrupt):
            run(settings)
    assert all(rows(settings, table) == [] for table in MODEL_TABLES)
    # After the tables, before the alias: the tables are whole, the alias is not set.
    with monkeypatch.context() as patch:
        patch.setattr("training.registry.set_alias", stop)
        with pytest.raises(KeyboardInterrupt):
            run(settings)
    version = rows(settings, "scorecard")[0]["model_version"]
    assert registered(settings) == {"1": (version, []), "2": (version, [])}
    (line,) = run(settings)
    assert line.startswith("unchanged:")
    assert registered(settings) == {"1": (version, []), "2": (version, ["champion"])}
    assert read_mirror(settings.mirror_file) is not None


def test_equal_data_make_equal_bytes(
    finished: FinishedRun,
    make_settings: MakeSettings,
    registry: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = make_settings(registry=registry)
    # The pictures are no part of the tables.
    monkeypatch.setattr("training.tracking.draw", lambda *_: [])
    run(settings)
    assert exported(settings) == exported(finished.settings)


def test_a_later_model_is_a_candidate_until_promoted(
    make_settings: MakeSettings,
    registry: Path,
    monkeypatch: pytest.MonkeyPatch,
    ready: Frozens,
) -> None:
    settings = make_settings(registry=registry)
    run(settings)
    champion = rows(settings, "model_promotions")[0]["model_version"]
    change_a_value(settings)
    assert run(settings)[-1].endswith("the same card as the champion")
    assert len(rows(settings, "scorecard")) == 1
    other = other_card(ready)
    monkeypatch.setattr(fitting, "train_candidates", lambda _: iter(other.values()))
    change_a_value(settings)
    assert f"a candidate; champion is still {champion}" in run(settings)[-1]
    assert len(rows(settings, "scorecard")) == 2
    newest = rows(settings, "training_runs")[-1]
    done = Done(newest["training_fingerprint"], note=None)
    assert read_done(settings.data_dir) == done
    assert len(rows(settings, "model_promotions")) == 1
    aliases = {version: names for version, (_, names) in registered(settings).items()}
    assert aliases == {"1": [], "2": ["champion"], "3": []}


@pytest.mark.usefixtures("ready")
def test_the_alias_that_a_release_reads_is_never_moved(
    make_settings: MakeSettings,
    registry: Path,
) -> None:
    settings = make_settings(environment={"MODEL_STAGE": "trial"}, registry=registry)
    run(settings)
    assert registered(settings)["1"][1] == ["champion"]


@pytest.mark.usefixtures("ready")
def test_another_name_is_registered_and_kept(
    make_settings: MakeSettings,
    registry: Path,
) -> None:
    settings = make_settings(registry=registry)
    run(settings)
    renamed = replace(settings, model_name="another_model")
    assert run(renamed)[-1].endswith("the same card as the champion")
    assert registered(renamed)["1"][1] == ["champion"]
    assert len(rows(settings, "scorecard")) == 1
    assert len(rows(settings, "training_runs")) == 2


def test_another_registry_never_gets_the_alias_of_a_card_it_lacks(
    make_settings: MakeSettings,
    registry: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    ready: Frozens,
    tmp_path: Path,
) -> None:
    settings = make_settings(registry=registry)
    run(settings)
    other = other_card(ready)
    monkeypatch.setattr(fitting, "train_candidates", lambda _: iter(other.values()))
    change_a_value(settings)
    moved = replace(settings, tracking_uri=f"sqlite:///{tmp_path}/mlflow.db")
    run(moved)
    # Version 1 is another card here than in the first registry.
    (version,) = registered(moved).values()
    assert version[1] == []
    assert "does not hold champion" in caplog.text
    assert registered(settings)["1"][1] == ["champion"]


def test_an_audit_of_another_label_writes_nothing(
    finished: FinishedRun,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card = {"scorecard": candidates.CANDIDATES["scorecard"]}
    monkeypatch.setattr(candidates, "CANDIDATES", card)
    monkeypatch.setattr(fitting, "CANDIDATES", card)
    before = exported(finished.settings)
    monkeypatch.setattr(runner, "_record", None)
    quick = ScorecardPolicy(maximum_prebins=6)
    lines = run(replace(finished.settings, label=AUDIT_LABEL, policy=quick))
    assert lines[-1] == f"audit of label {AUDIT_LABEL}: nothing was written"
    # The circular label is a threshold on recency.
    card_line = next(line for line in lines if line.startswith("scorecard"))
    assert float(card_line.split()[1]) > 0.9
    assert exported(finished.settings) == before


def test_too_little_data_with_a_champion_is_no_failure(
    make_settings: MakeSettings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = make_settings()
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("delete from marts.fct_training_examples")
        connection.execute("update marts.dim_parameters set days_covered = 47")
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    assert main([]) == 1
    said = capsys.readouterr().err
    assert "training needs 84 days" in said
    assert "the data covers 47: 37 are missing" in said
    assert read_done(settings.data_dir) is None
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(
            "insert into model.model_promotions values"
            " ('0123456789ab', now()::timestamp, 'bootstrap', null, 'first', '[]')"
        )
    assert main([]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "scoring goes on with champion 0123456789ab" in told.err
    done = read_done(settings.data_dir)
    assert done is not None
    assert done.training_fingerprint is None
    assert "37 are missing" in (done.note or "")
