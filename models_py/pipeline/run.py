"""One run, from raw transactions to a release and its summary."""

import os
import time

from pipeline.lock import sole_run
from pipeline.processes import Children
from pipeline.progress import say
from pipeline.settings import Settings
from pipeline.sources import find_transactions
from pipeline.steps import Commands, Steps
from pipeline.summary import Report, champion_of, report_of, write_report
from pipeline.unchanged import (
    has_card,
    read_built,
    sources_fingerprint,
    write_built,
)


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
        sources, last = sources_fingerprint(settings), read_built(settings)
        built = landing = scoring = carded = 0.0
        is_built = last is not None and last.sources == sources
        if is_built:
            say("build: unchanged")
        else:
            built, landing = steps.build("build", "--exclude", "tag:scoring")
        training = steps.train()
        champion = champion_of(settings)
        if is_built and last is not None and last.champion == champion:
            say("score: unchanged")
        else:
            scoring, _ = steps.build("score", "--select", "tag:scoring")
        # Before the release: what cannot be told completely is not released.
        if is_built and read_built(settings) == last and has_card(settings):
            say("card: unchanged")
        else:
            carded = steps.card()
        release = steps.release()
        children.check()
        seconds = {
            "landing": landing,
            "dbt": built - landing,
            "training": training,
            "scoring": scoring,
            "card": carded,
            "release": release,
            "total": time.monotonic() - started,
        }
        report = report_of(settings, seconds)
        write_report(settings, report)
        write_built(settings, sources=sources, champion=champion)
    return report
