"""One run, from raw transactions to a release and its summary."""

import os
import time

from pipeline.lock import sole_run
from pipeline.processes import Children
from pipeline.settings import Settings
from pipeline.sources import find_transactions
from pipeline.steps import Commands, Steps
from pipeline.summary import Report, report_of, write_report


def run(
    settings: Settings, children: Children, commands: Commands | None = None
) -> Report:
    """Run all steps and write ``reports/summary.json``.

    Parameters
    ----------
    settings
        Where to read and write.
    children
        Runs the steps; a signal that it receives ends the run.
    commands
        What the steps call; by default this environment's own.

    Raises
    ------
    PipelineError
        A step failed, or another run is using the same ``DATA_DIR``.
    Interrupted
        A signal came. Every step can be run again after it.
    """
    started = time.monotonic()
    with sole_run(settings.data_dir):
        steps = Steps(
            settings=settings,
            children=children,
            environment=settings.environment(os.environ),
            commands=commands or Commands(),
        )
        if not find_transactions(settings) and not settings.simulated.exists():
            steps.simulate()
        built, landing = steps.build("build", "--exclude", "tag:scoring")
        training = steps.train()
        scoring, _ = steps.build("score", "--select", "tag:scoring")
        release = steps.release()
        children.check()
        seconds = {
            "landing": landing,
            "dbt": built - landing,
            "training": training,
            "scoring": scoring,
            "release": release,
            "total": time.monotonic() - started,
        }
        report = report_of(settings, seconds)
        write_report(settings, report)
    return report
