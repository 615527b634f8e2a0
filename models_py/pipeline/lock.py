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
        Another run holds it, or the folder cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, sole_run(Path(folder)):
    ...     (Path(folder) / ".lock").exists()
    True
    """
    path = data_dir / ".lock"
    try:
        file = path.open("a+", encoding="ascii")
    except OSError as error:
        raise PipelineError(
            f"DATA_DIR={data_dir} cannot be used: {error.strerror} ({path.name})"
        ) from error
    with file:
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
