"""Command line of the release."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

import duckdb

from release.errors import ReleaseError
from release.publish import Publication, publish
from release.settings import ReleaseSettings
from release.switching import Listed, releases, roll_back

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``python -m release`` and return its exit code."""
    options = _parser().parse_args(arguments)
    settings = ReleaseSettings.from_environment(os.environ, releases_kept=options.keep)
    try:
        said = COMMANDS[options.command or "publish"](settings, options)
        sys.stdout.write(f"{said}\n")
    except (ReleaseError, OSError, duckdb.Error) as error:
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        sys.stderr.write(f"release: {first_line}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("release: interrupted; no release has changed\n")
        return INTERRUPTED
    return 0


def _publish(settings: ReleaseSettings, _: argparse.Namespace) -> str:
    return describe(publish(settings))


def _list(settings: ReleaseSettings, _: argparse.Namespace) -> str:
    lines = [_line(listed) for listed in releases(settings.releases_dir)]
    return "\n".join(lines) or f"{settings.releases_dir} has no release"


def _roll_back(settings: ReleaseSettings, options: argparse.Namespace) -> str:
    release_id = roll_back(settings.releases_dir, options.release_id)
    return f"current: {release_id}; a running API serves it within 2 seconds"


COMMANDS: Final[dict[str, Callable[[ReleaseSettings, argparse.Namespace], str]]] = {
    "publish": _publish,
    "list": _list,
    "rollback": _roll_back,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m release",
        description="Freeze scored customers and the champion for the API.",
    )
    parser.add_argument(
        "--keep",
        type=_at_least_one,
        metavar="N",
        help="remove all but the newest N releases and the current one; decisions "
        "made with a removed one cannot be replayed (default: remove none)",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("publish", help="publish a release (the default)")
    commands.add_parser("list", help="list the releases, newest first")
    rollback = commands.add_parser("rollback", help="serve an earlier release again")
    rollback.add_argument(
        "release_id",
        nargs="?",
        metavar="RELEASE",
        help="which one (default: the newest before the current one)",
    )
    return parser


def _line(listed: Listed) -> str:
    mark = "*" if listed.is_current else " "
    if listed.manifest is None:
        return f"{mark} {listed.release_id}  damaged: its manifest cannot be read"
    manifest = listed.manifest
    return (
        f"{mark} {listed.release_id}  published {manifest['created_at'][:19]} UTC, "
        f"{manifest['customers']:,} customers, {manifest['data']} data, "
        f"{_promotion(manifest)}"
    )


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        message = f"'{text}' is not a whole number from 1"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def describe(publication: Publication) -> str:
    """Say in a few lines what was published."""
    manifest = publication.manifest
    lines = [
        f"{publication.outcome}: {publication.folder.name}",
        f"  model      {manifest['model_name']} version "
        f"{manifest['registered_version']} ({manifest['model_version']})",
        f"  promoted   {_promotion(manifest)}",
        f"  customers  {manifest['customers']:,}: {manifest['scored']:,} scored, "
        f"{manifest['not_scored']:,} not scored on {manifest['snapshot_date']}",
        f"  data       {manifest['data']}",
        f"  folder     {publication.folder}",
    ]
    if publication.removed:
        lines.append(f"  removed    {', '.join(publication.removed)}")
    return "\n".join(lines)


def _promotion(manifest: dict[str, Any]) -> str:
    promotion = manifest.get("promotion")
    if promotion is None:
        return f"no: alias {manifest['alias']} names a card that is not the champion"
    who = promotion["approver"] or f"rule {promotion['rule']}"
    return f"by {who} at {promotion['promoted_at'][:19]} UTC"
