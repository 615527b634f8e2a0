"""What a person is told who wants the examples of an older version again."""

import hashlib
import json
import os
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from training.built_from import read_built_from
from training.recipe import Origin, recipe
from training.settings import Settings

THEN: dict[str, Any] = {
    "files": {
        "a.csv": {"size_bytes": 10, "sha256": "aa"},
        "b.csv": {"size_bytes": 20, "sha256": "bb"},
        "c.csv": {"size_bytes": 30, "sha256": "cc"},
        "d.csv": {"size_bytes": 40, "sha256": None},
    },
    "last_transaction": "2019-02-13 23:59:59",
    "parameters": {
        "parameters_hash": "abc",
        "data_end": "2019-02-14",
        "outcome_days": 28,
        "night_end_hour": 6,
        "label_source": "proxy",
        "central_tendency": None,
    },
}
NOW: dict[str, Any] = {
    "files": {
        "a.csv": {"size_bytes": 10, "sha256": "aa"},
        "b.csv": {"size_bytes": 21, "sha256": "b2"},
        "d.csv": {"size_bytes": 40, "sha256": "dd"},
        "e.csv": {"size_bytes": 50, "sha256": "ee"},
    },
    "last_transaction": "2019-02-20 12:00:00",
    "parameters": {
        **THEN["parameters"],
        "data_end": "2019-02-21",
        "outcome_days": 14,
        "night_end_hour": 0,
    },
}


def told(recorded: Origin, present: Origin) -> list[str]:
    return recipe("0123456789ab", recorded, present, warehouse=Path("/a b/w.duckdb"))


def test_files_vars_revision_and_commands_are_told() -> None:
    lines = told(Origin(THEN, "beef+dirty"), Origin(NOW, "cafe"))
    *said, build, again = lines
    assert said == [
        "to build what model 0123456789ab was trained on:",
        "  revision: beef+dirty (here cafe)",
        "  last transaction: 2019-02-13 23:59:59 UTC (here 2019-02-20 12:00:00)",
        "  files:",
        "    as then a.csv, 10 bytes, sha256 aa",
        "    changed b.csv, 20 bytes, sha256 bb",
        "    missing c.csv, 30 bytes, sha256 cc",
        "    changed d.csv, 40 bytes, sha256 unknown: it changed after it landed",
        "    new     e.csv",
        "  vars:",
        "    outcome_days: 28 (here 14)",
        "    night_end_hour: 6 (here 0)",
        "  commands, with the environment that README gives for dbt:",
        "    git checkout beef && make setup",
        "    # and the changes that were not committed then",
        "    export DATA_DIR=/an/empty/folder",
        '    mkdir -p "$DATA_DIR/raw" && cp \'/a b/w.duckdb\' "$DATA_DIR"',
        '    # put those files, but the new ones, into "$DATA_DIR/raw" (outcomes/… into'
        ' "$DATA_DIR/outcomes")',
    ]
    assert build.startswith("    dbt build --full-refresh")
    assert json.loads(shlex.split(build)[-1]) == {
        "outcome_days": 28,
        "night_end_hour": 6,
        "label_source": "proxy",
        "central_tendency": None,
    }
    assert again == "    python -m training reproduce --version 0123456789ab"


def test_what_is_the_same_is_told_in_a_word() -> None:
    lines = told(Origin(THEN, None), Origin(THEN, None))
    assert "  revision: none, no repository" in lines
    assert "  last transaction: 2019-02-13 23:59:59 UTC" in lines
    assert lines[lines.index("  vars:") + 1] == "    as then"
    assert not any("git" in line for line in lines)


def test_an_earlier_version_recorded_no_files() -> None:
    *_, last = told(Origin({}, "beef"), Origin(NOW, "beef"))
    assert last == "  files and vars: not recorded, an earlier version trained it"


def append(path: Path) -> None:
    path.write_text(path.read_text() + "\n")


@pytest.mark.parametrize(
    "change", [append, Path.unlink, lambda path: os.utime(path, (1, 1))]
)
def test_a_file_that_is_not_as_it_landed_has_no_hash(
    change: Callable[[Path], None], make_settings: Callable[[], Settings]
) -> None:
    settings = make_settings()
    (landed,) = read_built_from(settings)["files"].values()
    assert len(landed["sha256"]) == 64
    change(settings.data_dir / "raw" / "transactions.csv")
    (now,) = read_built_from(settings)["files"].values()
    assert now == {**landed, "sha256": None}


def test_outcomes_are_named_where_they_are_the_label(
    make_settings: Callable[[], Settings],
) -> None:
    settings = make_settings()
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(
            "update marts.dim_parameters set label_source = 'observed';"
            " create table raw.outcomes as"
            " select unnest(['here.csv', 'here.csv', 'gone.csv']) as source_file"
        )
    folder = settings.data_dir / "outcomes"
    folder.mkdir()
    (folder / "here.csv").write_text("x")
    assert list(read_built_from(settings)["files"].items())[1:] == [
        ("outcomes/gone.csv", {"size_bytes": None, "sha256": None}),
        (
            "outcomes/here.csv",
            {"size_bytes": 1, "sha256": hashlib.sha256(b"x").hexdigest()},
        ),
    ]
