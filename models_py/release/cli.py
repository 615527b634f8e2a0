"""Command line of the release; without a command it publishes."""

import argparse
import os
import sys
from collections.abc import Sequence

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
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("publish", help="publish a release (the default)")
    parser.parse_args(arguments)
    try:
        settings = ReleaseSettings.from_environment(os.environ)
        sys.stdout.write(f"{describe(publish(settings))}\n")
    except (ReleaseError, OSError, duckdb.Error) as error:
        first_line = next(iter(str(error).splitlines()), type(error).__name__)
        sys.stderr.write(f"release: {first_line}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("release: interrupted; no release has changed\n")
        return INTERRUPTED
    return 0


def describe(publication: Publication) -> str:
    """Say in a few lines what was published."""
    manifest = publication.manifest
    lines = [
        f"{publication.outcome}: {publication.folder.name}",
        f"  model      {manifest['model_name']} version "
        f"{manifest['registered_version']} ({manifest['model_version']})",
        f"  customers  {manifest['customers']:,}: {manifest['scored']:,} scored, "
        f"{manifest['not_scored']:,} not scored on {manifest['snapshot_date']}",
        f"  data       {manifest['data']}",
        f"  folder     {publication.folder}",
    ]
    if publication.removed:
        lines.append(f"  removed    {', '.join(publication.removed)}")
    return "\n".join(lines)
