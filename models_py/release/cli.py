"""Command line of the release."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

import duckdb

from release.errors import ReleaseError
from release.publish import Publication, publish
from release.settings import ReleaseSettings

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``python -m release`` and return its exit code."""
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
    options = parser.parse_args(arguments)
    settings = ReleaseSettings.from_environment(os.environ, releases_kept=options.keep)
    try:
        sys.stdout.write(f"{describe(publish(settings))}\n")
    except (ReleaseError, OSError, duckdb.Error) as error:
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        sys.stderr.write(f"release: {first_line}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("release: interrupted; no release has changed\n")
        return INTERRUPTED
    return 0


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
