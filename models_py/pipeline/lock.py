"""One run at a time on one DATA_DIR."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import PipelineError


@contextmanager
def sole_run(data_dir: Path) -> Iterator[None]:
    """Hold ``DATA_DIR/.lock``; the system lets go of it however we end.

    Raises
    ------
    PipelineError
        Another run holds it.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, sole_run(Path(folder)):
    ...     (Path(folder) / ".lock").exists()
    True
    """
    with (data_dir / ".lock").open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise PipelineError(
                f"another run (process {holder}) is using DATA_DIR={data_dir}: "
                "wait for it, or choose another DATA_DIR"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
