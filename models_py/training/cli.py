"""The command line of `python -m training`."""

import argparse
import logging
import sys
from collections.abc import Sequence

import duckdb

from training.errors import TrainingError
from training.progress import shown_log
from training.promotion.command import promote_version
from training.runner import run
from training.settings import (
    AUDIT_LABEL,
    OUT_OF_TIME,
    STRATIFIED,
    TARGET_LABEL,
    Settings,
)
from training.spaces import NONE, SEARCHES

logger = logging.getLogger(__name__)

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, and show the outcome; the exit code."""
    options = _parser().parse_args(arguments)
    settings = Settings.from_environment(
        seed=options.seed,
        device=options.device,
        label=options.label,
        search=options.search,
        split=options.split,
    )
    with shown_log():
        try:
            lines = _carry_out(options, settings)
        except TrainingError as error:
            logger.error("%s", error)  # one line, no traceback
            return 1
        except (KeyboardInterrupt, duckdb.InterruptException):
            logger.error("interrupted; run it again")
            return INTERRUPTED
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _carry_out(options: argparse.Namespace, settings: Settings) -> list[str]:
    if options.command == "promote":
        return promote_version(
            settings,
            model_version=options.version,
            approver=options.approver,
            reason=options.reason,
        )
    if options.command == "points":
        from training.points_table import points_of_version

        return points_of_version(settings, options.version)
    return run(settings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training",
        description="Train the scorecard and its rivals on marts.fct_training_examples"
        " of $DATA_DIR/warehouse.duckdb, register it and write schema `model`.",
    )
    parser.add_argument("--seed", type=int, help="default: dbt var seed of the build")
    parser.add_argument(
        "--device", choices=("cpu", "cuda"), default="cpu", help="for XGBoost"
    )
    parser.add_argument(
        "--label",
        choices=(TARGET_LABEL, AUDIT_LABEL),
        default=TARGET_LABEL,
        help="another label is an audit: its metrics are shown, nothing is written",
    )
    parser.add_argument(
        "--search",
        choices=SEARCHES,
        default=NONE,
        help="parameters by out-of-fold AUC: all of each candidate's grid, a draw from"
        " it, or the defaults",
    )
    parser.add_argument(
        "--split",
        choices=(OUT_OF_TIME, STRATIFIED),
        default=OUT_OF_TIME,
        help="stratified: 80/20 by customer in the train snapshots, which is an audit",
    )
    commands = parser.add_subparsers(dest="command", title="instead of training")
    promoting = commands.add_parser(
        "promote", help="make a trained version champion; the alias follows"
    )
    promoting.add_argument("--version", required=True, help="model_version")
    promoting.add_argument("--approver", required=True, help="who decides")
    promoting.add_argument("--reason", required=True, help="why")
    points = commands.add_parser("points", help="print a scorecard's points table")
    points.add_argument("--version", help="model_version; default: the champion")
    return parser
