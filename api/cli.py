"""Command line of the API; without a command it serves."""

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from api import server, smoke
from api.access import key_commands
from api.access.key_file import KeyFileError
from api.decisions.verify import BrokenChainError, verify
from api.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``python -m api`` and return its exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    try:
        settings = Settings.from_environment(os.environ)
        if options.command == "verify":
            sys.stdout.write(f"{verify(settings.decisions_dir)}\n")
            return 0
        if options.command == "keys":
            return key_commands.run(settings.keys_path, options)
        if options.command == "smoke":
            return smoke.run(settings, options.scored, options.not_scored)
        server.serve(settings)
    except (
        BrokenChainError,
        KeyFileError,
        OSError,
        server.ServerError,
        smoke.SmokeError,
        ValueError,
    ) as error:
        sys.stderr.write(f"api: {error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m api",
        description="Serve the current release (DATA_DIR, HOST, PORT, "
        "WEB_CONCURRENCY, API_KEYS_FILE, …).",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("serve", help="serve the current release (the default)")
    commands.add_parser(
        "verify", help="check the hash chains of all decisions; names the first break"
    )
    smoking = commands.add_parser(
        "smoke",
        help="call every endpoint of a running server (API_KEY: a key of role admin)",
    )
    smoking.add_argument("--scored", metavar="ID", help="customer with a score")
    smoking.add_argument("--not-scored", metavar="ID", help="customer without one")
    key_commands.add_arguments(
        commands.add_parser("keys", help="make, list, replace and revoke API keys")
    )
    return parser
