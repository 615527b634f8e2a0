"""What stops a training run, each told in one line."""

from collections.abc import Sequence


class TrainingError(Exception):
    """Training cannot go on: the message says what, where and what to do."""


class TooLittleDataError(TrainingError):
    """There are not enough closed outcome windows, or rows, to train on."""


class RefusedError(TrainingError):
    """The answer is no; `lines` show what was found."""

    def __init__(self, message: str, lines: Sequence[str]) -> None:
        super().__init__(message)
        self.lines = tuple(lines)
