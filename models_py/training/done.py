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


def write_done(path: Path, done: Done) -> None:
    """Replace the file in one move."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(json.dumps(asdict(done)) + "\n", encoding="utf-8")
    draft.replace(path)
