"""Whether decisions can be written down, for those who watch the process."""

from dataclasses import dataclass


@dataclass(slots=True)
class Recording:
    """How the records of this process fare; changed by the writing thread alone.

    Attributes
    ----------
    refused
        Decisions and reviews that could not be written.
    problem
        Why the last attempt failed; None if it succeeded, or if there was none.
    """

    refused: int = 0
    problem: str | None = None
