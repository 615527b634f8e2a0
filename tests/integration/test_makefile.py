"""The Makefile and .ci/setup in a copy of the project, with a stand-in for Python.

The stand-in makes an environment at once, and notes what pip is asked for.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXPORTED = re.compile(r"(DATA_DIR|TRANSACTIONS_PATH|VARS|PORT|DBT_\w+)=")

# -m venv makes an environment of itself; -m pip is noted; -c is really run.
PYTHON = """#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then
    mkdir -p "$3/bin" && cp "$0" "$3/bin/python"
elif [ "$1 $2" = "-m pip" ]; then
    echo "$*" >>pip.txt
    if [ -e broken ]; then echo "ERROR: no such hash" >&2; exit 1; fi
elif [ "$1" = "-c" ]; then
    shift
    case "$1" in *_base_executable*) echo "$0" ;; *) exec {real} -c "$@" ;; esac
elif [ "$1" = "--version" ]; then
    echo "Python 3.12.0"
else
    echo "$*"
    {real} -c 'import signal; print("Ctrl-C:", signal.getsignal(signal.SIGINT))'
    env
fi
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "my project"
    (folder / ".ci").mkdir(parents=True)
    for name in ("Makefile", ".ci/setup", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    python = folder / "fake-python"
    python.write_text(PYTHON.replace("{real}", sys.executable))
    python.chmod(0o755)
    return folder


def make(
    project: Path, *arguments: str, python: str | None = "./fake-python", **extra: str
) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not EXPORTED.match(f"{k}=")}
    kept = {k: v for k, v in kept.items() if not k.startswith("MAKE")}
    chosen = {"PYTHON": python} if python else {}
    return subprocess.run(
        ["make", *arguments],  # noqa: S607 - whichever make is in use
        cwd=project,
        env=kept | chosen | extra,
        capture_output=True,
        text=True,
        check=False,
    )


def exported(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """Read the variables that the command of a target saw."""
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if EXPORTED.match(line)]
    return dict(line.split("=", 1) for line in lines)


def pip_calls(project: Path) -> int:
    path = project / "pip.txt"
    calls = len(path.read_text().splitlines()) if path.exists() else 0
    path.unlink(missing_ok=True)
    return calls


def test_help_is_the_default_and_has_a_line_for_each_target(project: Path) -> None:
    shown = make(project).stdout
    assert shown == make(project, "help").stdout
    for target in (
        *("help", "setup", "run", "test", "test-install", "lint", "format", "serve"),
        *("smoke", "mlflow", "docs", "eda", "eda-edit", "lock", "clean"),
    ):
        assert len(re.findall(rf"^  make {target} +\w", shown, flags=re.M)) == 1


def test_a_run_gets_absolute_folders_by_default(project: Path) -> None:
    seen = exported(make(project, "run"))
    assert seen == {
        "DATA_DIR": f"{project}/data",
        "DBT_PROJECT_DIR": f"{project}/dbt_project",
        "DBT_PROFILES_DIR": f"{project}",
        "DBT_TARGET_PATH": f"{project}/data/target",
        "DBT_LOG_PATH": f"{project}/data/logs",
    }


@pytest.mark.parametrize("on_the_command_line", [True, False])
def test_relative_paths_globs_spaces_and_dollars(
    on_the_command_line: bool, project: Path
) -> None:
    given = {"DATA_DIR": "my data", "TRANSACTIONS_PATH": "in box/*, [ab].csv"}
    if on_the_command_line:
        done = make(project, "run", *(f"{k}={v}" for k, v in given.items()))
    else:
        given["TRANSACTIONS_PATH"] += "$x"
        done = make(project, "run", **given)
    seen = exported(done)
    assert seen["DATA_DIR"] == f"{project}/my data"
    assert seen["DBT_LOG_PATH"] == f"{project}/my data/logs"
    assert seen["TRANSACTIONS_PATH"] == f"{project}/{given['TRANSACTIONS_PATH']}"


def test_absolute_paths_and_values_stay(project: Path) -> None:
    arguments = ("DATA_DIR=/a b", "TRANSACTIONS_PATH=/c d/*.csv", "PORT=81")
    seen = exported(make(project, "serve", *arguments, "VARS={seed: 1, b: 2}"))
    assert seen["DATA_DIR"] == "/a b"
    assert seen["TRANSACTIONS_PATH"] == "/c d/*.csv"
    assert seen["PORT"] == "81"
    assert seen["VARS"] == "{seed: 1, b: 2}"


def test_the_tests_see_nothing_of_a_run(project: Path) -> None:
    done = make(
        project, "test", "DATA_DIR=/a", "VARS={b: 1}", 'ARGS=-k "x y"', PORT="81"
    )
    assert exported(done) == {}
    command = done.stdout.splitlines()[0]
    assert command.startswith("-m pytest ")
    assert command.endswith(" -k x y")


def test_setup_installs_once(project: Path) -> None:
    first = make(project, "setup")
    assert first.returncode == 0, first.stderr
    assert first.stderr == (
        "setting up .venv with Python 3.12.0, a few minutes the first time\n"
    )
    assert pip_calls(project) == 2
    again = make(project, "setup")
    assert (again.stdout, again.stderr) == ("", "")
    assert pip_calls(project) == 0


def test_setup_is_redone_when_what_it_depends_on_changes(project: Path) -> None:
    make(project, "setup")
    pip_calls(project)
    with (project / "pyproject.toml").open("a") as file:
        file.write("# changed\n")
    make(project, "setup")
    assert pip_calls(project) == 1, "the project, without its dependencies"
    with (project / "requirements.lock").open("a") as file:
        file.write("# changed\n")
    make(project, "setup")
    assert pip_calls(project) == 2
    moved = project.rename(project.with_name("moved"))
    make(moved, "setup")
    assert pip_calls(moved) == 2, "an environment cannot be moved"


def test_a_setup_that_failed_says_why_and_is_redone(project: Path) -> None:
    (project / "broken").touch()
    failed = make(project, "run")
    assert failed.returncode != 0
    assert "ERROR: no such hash" in failed.stderr
    assert "-m pipeline" not in failed.stdout
    assert pip_calls(project) == 1
    (project / "broken").unlink()
    assert "-m pipeline run" in make(project, "run").stdout
    assert pip_calls(project) == 2


@pytest.mark.parametrize(
    ("python", "said"),
    [
        ("/no/such/python", "error: PYTHON=/no/such/python is not Python 3.11, 3.12"),
        (None, "error: no Python 3.11, 3.12 or 3.13 with venv found: install one"),
    ],
)
def test_no_suitable_python_is_one_line(
    python: str | None, said: str, project: Path, tmp_path: Path
) -> None:
    # A PATH with what the script needs, and no Python.
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("make", "sh", "cat", "cksum", "flock"):
        found = shutil.which(tool)
        assert found or tool == "flock"
        if found:
            (tools / tool).symlink_to(found)
    done = make(project, "setup", python=python, PATH=str(tools))
    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert len(lines) == 1
    assert lines[0].startswith(said)
    assert not (project / ".venv").exists()


def test_ctrl_c_does_not_reach_a_python_that_starts(project: Path) -> None:
    assert "Ctrl-C: 1\n" in make(project, "run").stdout  # SIG_IGN
    assert "Ctrl-C: <" in make(project, "serve").stdout


def test_clean_keeps_what_is_the_users(project: Path) -> None:
    data = project / "my data"
    for folder in ("raw", "outcomes", "decisions", "access", "releases", "mlflow"):
        (data / folder).mkdir(parents=True)
        (data / folder / "file").touch()
    for path in (data / "warehouse.duckdb", data / "README.md", data / ".lock"):
        path.touch()
    (project / ".ruff_cache").mkdir()
    for folder in ("api", "models_py", "notebooks", "tests"):
        (project / folder / "__pycache__").mkdir(parents=True)
    before = sorted(data.iterdir())
    done = make(project, "clean", "DATA_DIR=my data", DATA="1")
    assert done.returncode == 0, done.stderr
    assert "removed .ruff_cache" in done.stdout
    assert not (project / "api" / "__pycache__").exists()
    assert sorted(data.iterdir()) == before, "DATA=1 counts as an argument only"
    done = make(project, "clean", "DATA_DIR=my data", "DATA=1")
    assert f"removed {data}/warehouse.duckdb" in done.stdout
    kept = ["README.md", "access", "decisions", "outcomes", "raw"]
    assert sorted(path.name for path in data.iterdir()) == kept
    for folder in kept[1:]:
        assert f"kept {data}/{folder}" in done.stdout
        assert (data / folder / "file").exists()


def test_docs_are_one_file_and_their_place_is_printed(project: Path) -> None:
    """With the real dbt on the real project, before anything was built."""
    dbt = project / ".venv" / "bin" / "dbt"
    make(project, "setup")
    dbt.write_text(f'#!/bin/sh\nexec "{Path(sys.executable).with_name("dbt")}" "$@"\n')
    dbt.chmod(0o755)
    for name in ("dbt_project", "profiles.yml"):
        (project / name).symlink_to(ROOT / name)
    done = make(project, "docs")
    assert done.returncode == 0, done.stdout + done.stderr
    page = project / "data" / "target" / "static_index.html"
    assert done.stdout.splitlines()[-1] == f"open {page}"
    text = page.read_text(encoding="utf-8")
    assert "From raw eCommerce transactions to features" in text
    assert '"exposure.bati.scoring_api"' in text
