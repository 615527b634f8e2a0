"""A second run with nothing new calls no dbt; anything new calls it again."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipeline.processes import Children
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.steps import Commands
from pipeline.unchanged import read_built, sources_fingerprint

StandIns = Callable[..., Commands]
Calls = Callable[[], list[str]]

WHOLE = ["dbt", "training", "dbt", "card", "release"]


def steps_of_a_run(settings: Settings, commands: Commands, calls: Calls) -> list[str]:
    before = len(calls())
    with Children() as children:
        run(settings, children, commands)
    called = [call.replace("training card", "card") for call in calls()[before:]]
    return [call.split()[0] for call in called]


@pytest.fixture
def finished(
    settings: Settings,
    warehouse: Path,  # noqa: ARG001 - the run reads it
    stand_ins: StandIns,
    calls: Calls,
    tmp_path: Path,
) -> Settings:
    """Settings of a run that has finished, with a dbt project of its own."""
    settings.raw.mkdir()
    (settings.raw / "a.csv").write_text("CustomerId\n")
    project = tmp_path / "project"
    shutil.copytree(settings.dbt_project_dir, project / "dbt_project")
    shutil.copy(settings.dbt_profiles_dir / "profiles.yml", project)
    settings = replace(
        settings, dbt_project_dir=project / "dbt_project", dbt_profiles_dir=project
    )
    assert steps_of_a_run(settings, stand_ins(), calls) == WHOLE
    for name in ("model_card.html", "model_card.json"):
        (settings.reports / name).touch()
    return settings


def test_what_dbt_wrote_by_hand_is_nothing_new(
    finished: Settings, stand_ins: StandIns, calls: Calls
) -> None:
    """A folder that dbt compiled into is named like a file."""
    compiled = finished.dbt_project_dir / "target" / "compiled" / "a.yml"
    compiled.mkdir(parents=True)
    (compiled / "model.sql").write_text("select 1")
    assert steps_of_a_run(finished, stand_ins(), calls) == ["training", "release"]


def test_nothing_new(finished: Settings, stand_ins: StandIns, calls: Calls) -> None:
    assert steps_of_a_run(finished, stand_ins(), calls) == ["training", "release"]


def test_a_lost_card_is_written_again(
    finished: Settings, stand_ins: StandIns, calls: Calls
) -> None:
    (finished.reports / "model_card.html").unlink()
    steps = steps_of_a_run(finished, stand_ins(), calls)
    assert steps == ["training", "card", "release"]


def touch_input(settings: Settings) -> Settings:
    (settings.raw / "a.csv").write_text("CustomerId\n1\n")
    return settings


def add_outcomes(settings: Settings) -> Settings:
    (settings.data_dir / "outcomes").mkdir()
    (settings.data_dir / "outcomes" / "o.csv").write_text("CustomerId,DefaultedAt\n")
    return settings


def change_a_model(settings: Settings) -> Settings:
    model = settings.dbt_project_dir / "models" / "marts" / "fct_transactions.sql"
    model.write_text(model.read_text() + "\n")
    return settings


def change_a_var(settings: Settings) -> Settings:
    return replace(settings, dbt_vars={"seed": 7})


def write_to_the_warehouse(settings: Settings) -> Settings:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create table raw.by_hand as select 1 as one")
    return settings


@pytest.mark.parametrize(
    "change",
    [touch_input, add_outcomes, change_a_model, change_a_var, write_to_the_warehouse],
)
def test_anything_new_builds_again(
    change: Callable[[Settings], Settings],
    finished: Settings,
    stand_ins: StandIns,
    calls: Calls,
) -> None:
    steps = steps_of_a_run(change(finished), stand_ins(), calls)
    assert steps == WHOLE


def test_another_champion_is_scored(
    finished: Settings, stand_ins: StandIns, calls: Calls
) -> None:
    """Training writes to the warehouse, so the change comes from there."""
    promote = (
        "import duckdb\n"
        "c = duckdb.connect(os.environ['DATA_DIR'] + '/warehouse.duckdb')\n"
        "c.execute(\"insert into model.scorecard select * replace ('old' as "
        'model_version) from model.scorecard")\n'
        "c.execute(\"insert into model.model_promotions by name select 'old' as "
        "model_version, timestamp '2027-01-01' as promoted_at, 'approved' as rule, "
        "'better' as reason, '' as gate_results\")\n"
    )
    steps = steps_of_a_run(finished, stand_ins(training=promote), calls)
    assert steps == ["training", "dbt", "card", "release"]


def test_a_broken_record_is_no_record(finished: Settings) -> None:
    assert read_built(finished) is not None
    (finished.reports / "built.json").write_text("{")
    assert read_built(finished) is None


def test_simulated_outcomes_are_built_from_and_the_latent_risk_is_not(
    settings: Settings,
) -> None:
    settings.simulated.parent.mkdir()
    settings.simulated.touch()
    before = sources_fingerprint(settings)
    settings.simulated_latent.touch()
    assert sources_fingerprint(settings) == before
    settings.simulated_outcomes.touch()
    assert sources_fingerprint(settings) != before
