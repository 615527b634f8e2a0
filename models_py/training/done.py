"""What the last training did, left for whoever tells of the whole run."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Done:
    """The end of a training.

    Attributes
    ----------
    training_fingerprint
        Of the row of model.training_runs that holds for the examples now in the
        warehouse, new or found; None if nothing could be trained.
    note
        Why nothing was trained, or None.
    """

    training_fingerprint: str | None
    note: str | None


def done_file(data_dir: Path) -> Path:
    """Where it is left."""
    return data_dir / "reports" / "training.json"


def write_done(data_dir: Path, done: Done) -> None:
    """Replace the file in one move."""
    path = done_file(data_dir)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(json.dumps(asdict(done)) + "\n", encoding="utf-8")
    draft.replace(path)


def read_done(data_dir: Path) -> Done | None:
    """Read the file; None where no training has ended, or the last one failed.

    Examples
    --------
    >>> read_done(Path("/no/such/folder")) is None
    True
    """
    try:
        text = done_file(data_dir).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return Done(**json.loads(text))
