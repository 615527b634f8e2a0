"""The command line of `python -m training`."""

import argparse
import logging
import sys
from collections.abc import Iterable, Sequence

import duckdb

from training.errors import RefusedError, TrainingError
from training.progress import shown_log
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
        trained_by=options.trained_by,
    )
    with shown_log():
        try:
            lines = _carry_out(options, settings)
        except RefusedError as error:
            _show(error.lines)
            logger.error("%s", error)
            return 1
        except TrainingError as error:
            logger.error("%s", error)  # one line, no traceback
            return 1
        except (KeyboardInterrupt, duckdb.InterruptException):
            logger.error("interrupted; run it again")
            return INTERRUPTED
    _show(lines)
    return 0


def _show(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


def _carry_out(options: argparse.Namespace, settings: Settings) -> list[str]:
    """Import what a command needs, and only that: an unchanged run is quick."""
    if options.command is None:
        return run(settings)
    if options.command == "points":
        from training.points_table import points_of_version

        return points_of_version(settings, options.version)
    if options.command == "card":
        from training.card.build import write_card

        return write_card(settings, options.version)
    if options.command == "audit":
        from training.audit.runner import run_audit

        return run_audit(settings)
    if options.command == "reproduce":
        from training.reproduction import reproduce

        return reproduce(settings, model_version=options.version)
    from training.promotion import command

    if options.command == "gates":
        return command.show_gates(settings, model_version=options.version)
    if options.command == "rollback":
        return command.roll_back(
            settings, approver=options.approver, reason=options.reason
        )
    return command.promote_version(
        settings,
        model_version=options.version,
        approver=options.approver,
        reason=options.reason,
    )


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
    parser.add_argument(
        "--trained-by",
        metavar="NAME",
        help="recorded, and not accepted as approver; default: TRAINED_BY, else the"
        " user of this machine",
    )
    commands = parser.add_subparsers(dest="command", title="instead of training")
    version = argparse.ArgumentParser(add_help=False)
    version.add_argument("--version", required=True, help="model_version")
    decision = argparse.ArgumentParser(add_help=False)
    decision.add_argument("--approver", required=True, help="who decides")
    decision.add_argument("--reason", required=True, help="why")
    for name, parents, what in (
        ("gates", [version], "show whether a version could be promoted"),
        (
            "promote",
            [version, decision],
            "make a version champion, if it passes the gates; the alias follows",
        ),
        (
            "rollback",
            [decision],
            "put the champion before this one in charge again; the alias follows",
        ),
        (
            "reproduce",
            [version],
            "build a version again from what is recorded, and compare; nothing is"
            " written",
        ),
    ):
        commands.add_parser(name, parents=parents, help=what, description=what)
    points = commands.add_parser("points", help="print a scorecard's points table")
    points.add_argument("--version", help="model_version; default: the champion")
    commands.add_parser(
        "audit",
        help="what other designs would report, and what the score says of what"
        " happened: reports/audit.json, nothing else is written",
    )
    card = commands.add_parser(
        "card", help="write the model card to $DATA_DIR/reports, as HTML and JSON"
    )
    card.add_argument("--version", help="model_version; default: the champion")
    return parser
