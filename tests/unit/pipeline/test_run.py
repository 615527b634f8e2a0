"""Whole runs of stand-ins: order, arguments, errors, interruption."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import Interrupted, PipelineError
from pipeline.lock import sole_run
from pipeline.processes import Children
from pipeline.run import run
from pipeline.settings import Settings
from pipeline.steps import Commands

StandIns = Callable[..., Commands]
Calls = Callable[[], list[str]]

DBT_FLAGS = "--log-format json --log-format-file text --no-use-colors"
BUILD = f"dbt {DBT_FLAGS} build --exclude tag:scoring"
SCORE = f"dbt {DBT_FLAGS} build --select tag:scoring"
LANDING_LINE = json.dumps(
    {
        "info": {"name": "LogHookEndLine", "level": "info"},
        "data": {
            "execution_time": 50.0,
            "node_info": {"unique_id": "operation.bati.bati-on-run-start-0"},
        },
    }
)


def run_all(settings: Settings, commands: Commands) -> None:
    with Children() as children:
        run(settings, children, commands)


@pytest.mark.usefixtures("warehouse")
def test_the_steps_run_in_order(
    settings: Settings, stand_ins: StandIns, calls: Calls
) -> None:
    run_all(settings, stand_ins())
    assert calls() == [
        f"simulator --out {settings.simulated}"
        f" --outcomes {settings.simulated_outcomes}"
        f" --latent {settings.simulated_latent}",
        BUILD,
        "training",
        SCORE,
        "training card",
        "release",
    ]


@pytest.mark.usefixtures("warehouse")
def test_raw_data_or_simulated_data_of_before_is_not_simulated_again(
    settings: Settings, stand_ins: StandIns, calls: Calls
) -> None:
    settings.simulated.parent.mkdir()
    settings.simulated.touch()
    run_all(settings, stand_ins())
    settings.simulated.unlink()
    settings.raw.mkdir()
    (settings.raw / "a.csv").touch()
    run_all(settings, stand_ins())
    assert not any(call.startswith("simulator") for call in calls())


@pytest.mark.usefixtures("warehouse")
def test_vars_reach_every_dbt_call(
    settings: Settings, stand_ins: StandIns, calls: Calls
) -> None:
    run_all(replace(settings, dbt_vars={"seed": 7}), stand_ins())
    argument = '--vars {"seed": 7}'
    assert calls()[1:4] == [
        f"{BUILD} {argument}",
        "training",
        f"{SCORE} {argument}",
    ]


@pytest.mark.usefixtures("warehouse")
def test_every_step_sees_the_folders_of_the_run(
    settings: Settings, stand_ins: StandIns, tmp_path: Path
) -> None:
    seen = tmp_path / "seen"
    snippet = f"open({str(seen)!r}, 'a').write(os.environ['DATA_DIR'] + chr(10))"
    run_all(settings, stand_ins(dbt=snippet, training=snippet, release=snippet))
    assert seen.read_text().splitlines() == [str(settings.data_dir)] * 5


@pytest.mark.usefixtures("warehouse")
def test_the_seconds_are_those_of_the_steps(
    settings: Settings, stand_ins: StandIns
) -> None:
    run_all(settings, stand_ins(dbt=f"print({LANDING_LINE!r})"))
    seconds = json.loads((settings.reports / "summary.json").read_text())["seconds"]
    assert list(seconds) == [
        *("landing", "dbt", "training", "scoring", "card", "release", "total"),
    ]
    # A landing longer than the whole call shows that dbt's time is without it.
    assert seconds["landing"] == 50.0
    assert 0 < seconds["landing"] + seconds["dbt"] < seconds["total"]
    steps = [seconds[step] for step in ("training", "scoring", "card", "release")]
    assert all(value > 0 for value in steps)
    assert sum(steps) < seconds["total"]


@pytest.mark.parametrize(
    ("snippets", "said"),
    [
        (
            {"training": "sys.exit('training: too few days: 40 of 84')"},
            "^too few days: 40 of 84$",
        ),
        (
            {"release": "print('a note'); sys.exit('release: no champion')"},
            "^no champion$",
        ),
        (
            {"training": "raise RuntimeError('a bug')"},
            r"^train failed: RuntimeError: a bug \(log: .*/logs/train\.log\)$",
        ),
        (
            {"training": "os.kill(os.getpid(), signal.SIGKILL)"},
            r"^train was killed by signal 9: out of memory\?$",
        ),
        ({"training": "sys.exit(3)"}, r"^train failed: it said nothing \(log: "),
        (
            {
                "training": "if sys.argv[1:] == ['card']:\n"
                "    sys.exit('error: the model card has nothing at data.facts')"
            },
            "^the model card has nothing at data.facts$",
        ),
        (
            {"dbt": "sys.exit('Error: no such option')"},
            r"^Error: no such option \(log: .*/logs/dbt\.log\)$",
        ),
        (
            {"simulator": "sys.exit('python -m simulator: cannot write it')"},
            "^cannot write it$",
        ),
    ],
)
@pytest.mark.usefixtures("warehouse")
def test_a_failed_step_ends_the_run_with_one_line(
    snippets: dict[str, str], said: str, settings: Settings, stand_ins: StandIns
) -> None:
    with pytest.raises(PipelineError, match=said):
        run_all(settings, stand_ins(**snippets))
    assert not (settings.reports / "summary.json").exists()


def test_a_failed_step_is_the_last(
    settings: Settings, stand_ins: StandIns, calls: Calls
) -> None:
    with pytest.raises(PipelineError):
        run_all(settings, stand_ins(training="sys.exit('training: no')"))
    assert calls()[-1] == "training"


def test_a_given_path_that_is_missing_starts_nothing(
    settings: Settings, stand_ins: StandIns, calls: Calls
) -> None:
    given = replace(settings, transactions_path="/no/such/file.parquet")
    with pytest.raises(PipelineError, match="TRANSACTIONS_PATH"):
        run_all(given, stand_ins())
    assert calls() == []


def test_a_second_run_on_the_same_folder_starts_nothing(
    settings: Settings, stand_ins: StandIns, calls: Calls
) -> None:
    with (
        sole_run(settings.data_dir),
        pytest.raises(PipelineError, match="another run"),
    ):
        run_all(settings, stand_ins())
    assert calls() == []


def test_a_warehouse_that_is_open_elsewhere_is_told(
    settings: Settings, warehouse: Path, stand_ins: StandIns
) -> None:
    hold = (
        "import duckdb, sys\n"
        f"connection = duckdb.connect({str(warehouse)!r})\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        message = f"{warehouse} is open in process {holder.pid}: close it there"
        with pytest.raises(PipelineError, match=message):
            run_all(settings, stand_ins())
        holder.kill()
    run_all(settings, stand_ins())


@pytest.mark.parametrize("step", ["simulator", "dbt", "training", "release"])
@pytest.mark.usefixtures("warehouse")
def test_after_ctrl_c_in_any_step_the_next_run_works(
    step: str, settings: Settings, stand_ins: StandIns
) -> None:
    # The step holds the warehouse while it dies, as a real one would.
    interrupted = (
        f"import duckdb\nheld = duckdb.connect({str(settings.warehouse)!r})\n"
        "os.kill(os.getppid(), signal.SIGINT)\n"
        "try:\n    time.sleep(60)\n"
        "except KeyboardInterrupt:\n    time.sleep(0.1)\n    sys.exit(130)\n"
    )
    with pytest.raises(Interrupted):
        run_all(settings, stand_ins(**{step: interrupted}))
    with duckdb.connect(str(settings.warehouse)):
        pass
    assert not (settings.reports / "summary.json").exists()
    run_all(settings, stand_ins())
    assert (settings.reports / "summary.json").exists()
