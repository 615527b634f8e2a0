"""Who becomes champion: gates, four eyes, an append-only ledger, the way back."""

import json
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.unit.training import small
from tests.unit.training.small import Card
from training import registry
from training.cli import main
from training.errors import RefusedError, TrainingError
from training.promotion.command import (
    promote_first,
    promote_version,
    roll_back,
    show_gates,
)
from training.promotion.gates import GATES
from training.promotion.ledger import champion_of
from training.promotion.mirror import mirror_champion, read_mirror
from training.settings import Settings

FIRST, SECOND = Card("champion 1"), Card("version 2", trained_by="Ann Lee")
DECISION = {"approver": "bob", "reason": "ranks as well, and is better calibrated"}
FAR_AHEAD = "update model.model_promotions set promoted_at = timestamp '2999-01-01'"


@pytest.fixture
def pointed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Where the alias was set to, in a registry that does as it is told."""
    calls: list[tuple[str, str]] = []

    def point(_: Settings, registered: str, version: str) -> bool:
        calls.append((registered, version))
        return True

    monkeypatch.setattr(registry, "set_alias", point)
    return calls


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A champion, and a version that passes the gates."""
    path = tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb"
    with small.create(path) as connection:
        for split in ("train", "test", "score"):
            small.add_customers(connection, split, near=25, far=25, bad=(5, 15))
        for card in (FIRST, SECOND):
            small.add_card(connection, card)
            small.add_grades(connection, card)
        small.add_promotion(connection, FIRST.version)
    return path


@pytest.fixture
def settings(
    tmp_path: Path, warehouse: Path, pointed: list[tuple[str, str]]
) -> Settings:
    """Of a run on a copy of the warehouse."""
    assert pointed == []
    shutil.copy(warehouse, tmp_path)
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path), "MODEL_NAME": "m"})
    return replace(settings, bootstrap_resamples=100)


def ledger(settings: Settings) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(
            'select model_version, "rule", approver, reason, gate_results, promoted_at'
            " from model.model_promotions order by rowid"
        ).fetchall()


def execute(settings: Settings, statement: str) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(statement)


def spoil(settings: Settings) -> None:
    """Let the second version fail a gate."""
    execute(
        settings,
        "update model.scorecard set calibration_slope = 0.5"
        " where model_version = 'version 2'",
    )


def test_a_person_promotes_a_version_and_the_alias_follows(
    settings: Settings, pointed: list[tuple[str, str]]
) -> None:
    before = ledger(settings)
    lines = promote_version(settings, model_version=SECOND.version, **DECISION)
    assert lines[-1].startswith("champion is version 2, before champion 1;")
    rows = ledger(settings)
    assert rows[:-1] == before
    assert rows[-1][:4] == ("version 2", "approved", *DECISION.values())
    results = json.loads(rows[-1][4])
    assert [result["gate"] for result in results] == [gate.name for gate in GATES]
    assert {result["outcome"] for result in results} == {"passed"}
    assert all(result["source"] and result["detail"] for result in results)
    assert pointed == [("2", "version 2")]


def test_a_failed_gate_refuses_and_shows_the_table(
    settings: Settings,
    pointed: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoil(settings)
    before = ledger(settings)
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    command = ["promote", "--version", SECOND.version]
    assert main([*command, "--approver", "bob", "--reason", "hope"]) == 1
    told = capsys.readouterr()
    slope = next(line for line in told.out.splitlines() if "slope" in line)
    assert slope.split()[:3] == ["calibration_slope", "failed", "0.500"]
    assert told.err.splitlines() == [
        "training: version 2 does not pass calibration_slope: it cannot be promoted"
    ]
    assert ledger(settings) == before
    assert pointed == []


def test_gates_are_shown_without_a_trace(settings: Settings) -> None:
    before = settings.warehouse.read_bytes()
    lines = show_gates(settings, model_version=SECOND.version)
    assert len(lines) == len(GATES) + 2
    assert lines[-1] == "gates of version 2: 8 passed, 0 failed, 0 not assessed"
    assert settings.warehouse.read_bytes() == before
    spoil(settings)
    with pytest.raises(RefusedError, match="does not pass calibration_slope"):
        show_gates(settings, model_version=SECOND.version)


@pytest.mark.parametrize("approver", ["Ann Lee", " ann  lee ", "ANN LEE"])
def test_who_trained_a_version_does_not_approve_it(
    settings: Settings, approver: str
) -> None:
    before = ledger(settings)
    with pytest.raises(TrainingError, match="another person must approve it"):
        promote_version(
            settings, model_version=SECOND.version, approver=approver, reason="mine"
        )
    assert ledger(settings) == before


def test_none_of_those_who_trained_a_version_approves_it(settings: Settings) -> None:
    execute(
        settings,
        "insert into model.training_runs select * replace ('Bob' as trained_by)"
        " from model.training_runs where model_version = 'version 2'",
    )
    with pytest.raises(TrainingError, match="as 'Bob'"):
        promote_version(settings, model_version=SECOND.version, **DECISION)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"model_version": "no such"}, "there are version 2, champion 1|champion 1, v"),
        ({"model_version": FIRST.version}, "champion 1 is champion already"),
        ({"approver": " "}, "--approver is blank"),
        ({"reason": ""}, "--reason is blank"),
    ],
)
def test_what_makes_no_sense_is_refused(
    settings: Settings, changed: dict[str, str], why: str
) -> None:
    with pytest.raises(TrainingError, match=why):
        promote_version(
            settings, **{"model_version": SECOND.version, **DECISION, **changed}
        )
    assert len(ledger(settings)) == 1


def test_a_rollback_goes_back_step_by_step_whatever_the_gates_say(
    settings: Settings, pointed: list[tuple[str, str]]
) -> None:
    promote_version(settings, model_version=SECOND.version, **DECISION)
    execute(settings, "update model.scorecard set calibration_slope = 0.5")
    before = ledger(settings)
    lines = roll_back(settings, approver="tom", reason="complaints")
    assert lines[-1].startswith("rolled back: champion is champion 1, before version 2")
    rows = ledger(settings)
    assert rows[:-1] == before
    assert rows[-1][:4] == ("champion 1", "rollback", "tom", "complaints")
    outcomes = {r["gate"]: r["outcome"] for r in json.loads(rows[-1][4])}
    assert outcomes["calibration_slope"] == "failed"
    assert pointed == [("2", "version 2"), ("1", "champion 1")]
    # Not forward to the version that was just taken out of charge.
    with pytest.raises(TrainingError, match="no earlier champion"):
        roll_back(settings, approver="tom", reason="again")
    assert ledger(settings) == rows


def test_a_rollback_needs_no_marts(settings: Settings) -> None:
    promote_version(settings, model_version=SECOND.version, **DECISION)
    execute(settings, "drop schema marts cascade")
    roll_back(settings, approver="tom", reason="complaints")
    champion = champion_of(settings)
    assert champion is not None
    assert champion.model_version == FIRST.version


def test_a_promotion_that_is_stopped_before_the_alias_is_finished_by_the_next_run(
    settings: Settings,
    pointed: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mirror_champion(settings, champion_of(settings))
    assert read_mirror(settings.mirror_file) is not None

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(registry, "set_alias", stop)
        with pytest.raises(KeyboardInterrupt):
            promote_version(settings, model_version=SECOND.version, **DECISION)
    assert len(ledger(settings)) == 2
    mirror_champion(settings, champion_of(settings))
    assert pointed == [("1", "champion 1"), ("2", "version 2")]


def test_a_clock_that_runs_behind_writes_nothing(settings: Settings) -> None:
    execute(settings, FAR_AHEAD)
    with pytest.raises(TrainingError, match="set the clock"):
        promote_version(settings, model_version=SECOND.version, **DECISION)
    assert [row[-1] for row in ledger(settings)] == [datetime(2999, 1, 1)]


def test_who_trains_is_said_or_is_the_user_of_the_machine() -> None:
    environment = {"TRAINED_BY": "ann", "DATA_DIR": "/d"}
    assert Settings.from_environment(environment).trained_by == "ann"
    said = Settings.from_environment(environment, trained_by="bob")
    assert said.trained_by == "bob"
    assert Settings.from_environment({"DATA_DIR": "/d"}).trained_by


@pytest.mark.parametrize(
    ("landed", "trained_on", "is_promoted"),
    [
        ("raw", "simulated", True),
        ("raw", "raw", False),
        ("raw", None, False),
        ("simulated", "simulated", False),
    ],
)
def test_the_first_model_of_real_data_follows_one_of_simulated_data(
    settings: Settings, landed: str, trained_on: str | None, *, is_promoted: bool
) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create schema raw")
        connection.execute("create table raw.files (data_kind varchar)")
        connection.execute("insert into raw.files values (?), (?)", [landed, landed])
        connection.execute("update model.training_runs set data_kind = ?", [trained_on])
        assert promote_first(settings, connection, SECOND.version) is is_promoted
    rule, reason = ledger(settings)[-1][1], ledger(settings)[-1][3]
    assert rule == "bootstrap"
    assert ("the first model of real data" in reason) is is_promoted
