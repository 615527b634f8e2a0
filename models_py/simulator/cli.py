"""The command line of the simulator."""

import argparse
import os
import sys
from datetime import date
from pathlib import Path
from typing import NoReturn

from simulator.chunks import iterate_chunks
from simulator.parameters import LARGEST_SIGNAL, Parameters
from simulator.writing import is_csv, write_chunks


class OneLineParser(argparse.ArgumentParser):
    """Says what is wrong in one line instead of repeating the usage."""

    def error(self, message: str) -> NoReturn:
        """Exit with code 2 and the message."""
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def iso_date(text: str) -> date:
    """Read a date as YYYY-MM-DD; the argument parser reports what it is not."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a date as YYYY-MM-DD"
        ) from None


def build_parser() -> argparse.ArgumentParser:
    """Parser of the arguments, defaults included."""
    parser = OneLineParser(
        prog="python -m simulator",
        description="Write Xente-shaped transactions of simulated customers.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument(
        "--customers", type=int, default=Parameters.customers, help="customers"
    )
    parser.add_argument(
        "--days", type=int, default=Parameters.days, help="length of the period"
    )
    parser.add_argument(
        "--seed", type=int, default=Parameters.seed, help="same seed, same bytes"
    )
    parser.add_argument(
        "--signal",
        type=float,
        default=Parameters.signal,
        help="how much customers differ: 0 not at all (nothing can be learnt), "
        f"1 realistically, up to {LARGEST_SIGNAL:g}",
    )
    parser.add_argument(
        "--start-date",
        type=iso_date,
        default=Parameters.start_date,
        help="first day of the period",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path(os.environ.get("DATA_DIR") or "data")
        / "simulated"
        / "transactions.parquet",
        help="file to write: CSV if it ends in .csv or .csv.gz, else Parquet",
    )
    parser.add_argument(
        "--outcomes",
        type=Path,
        default=None,
        help="also write who defaulted and when, a .csv or .csv.gz file",
    )
    parser.add_argument(
        "--latent",
        type=Path,
        default=None,
        help="also write the creditworthiness that drives them, a .csv or .csv.gz "
        "file that only an audit may read",
    )
    return parser


def run(arguments: argparse.Namespace) -> str:
    """Simulate, write, and say what was written.

    Raises
    ------
    ValueError
        If an argument is out of range, or a file beside the transactions is no CSV
        file of its own.
    OSError
        If a file cannot be written.
    """
    out: Path = arguments.out
    outcomes: Path | None = arguments.outcomes
    latent: Path | None = arguments.latent
    taken = {out.resolve(): "--out"}
    for option, path in (("--outcomes", outcomes), ("--latent", latent)):
        if path is None:
            continue
        if not is_csv(path):
            raise ValueError(f"{option} is {path}; it must end in .csv or .csv.gz")
        other = taken.setdefault(path.resolve(), option)
        if other != option:
            raise ValueError(f"{other} and {option} are both {path}; name two files")
    parameters = Parameters(
        customers=arguments.customers,
        days=arguments.days,
        seed=arguments.seed,
        signal=arguments.signal,
        start_date=arguments.start_date,
    )
    transactions, defaults = write_chunks(
        iterate_chunks(parameters), out=out, outcomes=outcomes, latent=latent
    )
    message = (
        f"{transactions:,} simulated transactions of {parameters.customers:,} "
        f"customers (seed {parameters.seed}, signal {parameters.signal:g}) in {out}"
    )
    if outcomes is not None:
        message += f"; {defaults:,} defaults in {outcomes}"
    if latent is not None:
        message += f"; creditworthiness in {latent}"
    return message


def main(argv: list[str]) -> int:
    """Run the command and return its exit code.

    Parameters
    ----------
    argv
        The arguments, without the program's name.

    Returns
    -------
    int
        0 when written, 1 when not, 130 when interrupted. Arguments that cannot be
        read end the process with code 2.
    """
    arguments = build_parser().parse_args(argv)
    try:
        message = run(arguments)
    except ValueError as error:
        sys.stderr.write(f"python -m simulator: {error}\n")
        return 1
    except OSError as error:
        reason = error.strerror or error
        sys.stderr.write(
            f"python -m simulator: cannot write {error.filename or arguments.out}: "
            f"{reason}\n"
        )
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("python -m simulator: interrupted; nothing was written\n")
        return 130
    sys.stdout.write(f"{message}\n")
    return 0
