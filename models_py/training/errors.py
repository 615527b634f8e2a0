"""What stops a training run, each told in one line."""


class TrainingError(Exception):
    """Training cannot go on: the message says what, where and what to do."""


class TooLittleDataError(TrainingError):
    """There are not enough closed outcome windows, or rows, to train on."""
