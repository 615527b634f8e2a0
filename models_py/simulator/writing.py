"""Files that are either whole or not there."""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from simulator.chunks import Chunk
from simulator.tables import (
    CODE,
    LATENT_SCHEMA,
    OUTCOME_SCHEMA,
    TRANSACTION_SCHEMA,
)


@contextmanager
def replaced_when_whole(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` that takes its place at the end.

    The name ends in ``.tmp``, so that no reader of ``*.csv`` or ``*.parquet`` sees
    it; on any error it is removed and `path` stays as it was.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "a" / "greeting.txt"
    ...     with replaced_when_whole(file) as temporary:
    ...         _ = temporary.write_text("hello")
    ...     file.read_text()
    'hello'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        raise IsADirectoryError(
            errno.EISDIR, "it is a folder; name a file in it", str(path)
        )
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def is_csv(path: Path) -> bool:
    """Whether the name asks for CSV.

    Examples
    --------
    >>> [is_csv(Path(name)) for name in ("a.csv", "a.CSV.gz", "a.parquet", "a.gz")]
    [True, True, False, False]
    """
    return path.name.lower().endswith((".csv", ".csv.gz"))


@contextmanager
def csv_writer(
    temporary: Path, *, name: str, schema: pa.Schema
) -> Iterator[pyarrow.csv.CSVWriter]:
    """Write CSV with a header, gzipped when the final `name` ends in ``.gz``."""
    # No value of ours holds a comma, a quote or a line break.
    unquoted = pyarrow.csv.WriteOptions(quoting_style="none", quoting_header="none")
    compression = "gzip" if name.lower().endswith(".gz") else None
    with (
        pa.output_stream(str(temporary), compression=compression) as stream,
        pyarrow.csv.CSVWriter(stream, schema, write_options=unquoted) as writer,
    ):
        yield writer


def plain(schema: pa.Schema) -> pa.Schema:
    """Replace dictionary columns by text, which is what a CSV file holds."""
    return pa.schema(
        [
            field.with_type(pa.string()) if field.type == CODE else field
            for field in schema
        ]
    )


@contextmanager
def transactions_writer(temporary: Path, *, name: str) -> Iterator[Any]:
    """Writer with ``write_table`` for the raw schema, CSV or Parquet by `name`."""
    if is_csv(Path(name)):
        schema = plain(TRANSACTION_SCHEMA)
        with csv_writer(temporary, name=name, schema=schema) as writer:
            yield writer
    else:
        coded = [field.name for field in TRANSACTION_SCHEMA if field.type == CODE]
        with pq.ParquetWriter(
            temporary,
            TRANSACTION_SCHEMA,
            compression="zstd",
            use_dictionary=coded,
            # Without the Arrow schema every reader sees plain text.
            store_schema=False,
        ) as writer:
            yield writer


def write_chunks(
    chunks: Iterable[Chunk],
    *,
    out: Path,
    outcomes: Path | None = None,
    latent: Path | None = None,
) -> tuple[int, int]:
    """Write the chunks of a simulation, one row group each.

    Parameters
    ----------
    chunks
        As `simulator.iterate_chunks` gives them; one at a time is in memory.
    out
        File of transactions: CSV when the name ends in ``.csv`` or ``.csv.gz``, else
        Parquet. Missing folders are made.
    outcomes
        CSV file ``CustomerId,DefaultedAt`` of those who defaulted, if wanted.
    latent
        CSV file ``CustomerId,Creditworthiness`` of every customer, if wanted.

    Returns
    -------
    tuple of int
        Transactions and defaults written, the latter 0 without `outcomes`.

    Raises
    ------
    OSError
        If a file cannot be written; then none is changed.
    """
    transactions, defaults = 0, 0
    schema = plain(TRANSACTION_SCHEMA) if is_csv(out) else TRANSACTION_SCHEMA
    with ExitStack() as replacing, ExitStack() as writing:

        def csv_beside(path: Path | None, schema: pa.Schema) -> Any:  # noqa: ANN401 (pyarrow ships no types)
            if path is None:
                return None
            temporary = replacing.enter_context(replaced_when_whole(path))
            return writing.enter_context(
                csv_writer(temporary, name=path.name, schema=schema)
            )

        temporary = replacing.enter_context(replaced_when_whole(out))
        writer = writing.enter_context(transactions_writer(temporary, name=out.name))
        outcome_writer = csv_beside(outcomes, OUTCOME_SCHEMA)
        latent_writer = csv_beside(latent, LATENT_SCHEMA)
        for chunk in chunks:
            writer.write_table(chunk.transactions.cast(schema))
            transactions += chunk.transactions.num_rows
            if outcome_writer is not None:
                outcome_writer.write_table(chunk.outcomes)
                defaults += chunk.outcomes.num_rows
            if latent_writer is not None:
                latent_writer.write_table(chunk.latent)
    return transactions, defaults
