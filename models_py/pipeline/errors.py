"""What can end a run: an error a person can mend, or a signal."""


class PipelineError(Exception):
    r"""Says in one line what is wrong, where, and what to do.

    Examples
    --------
    >>> str(PipelineError("no column CustomerId\nin  a.csv"))
    'no column CustomerId in a.csv'
    """

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class Interrupted(Exception):  # noqa: N818 - Ctrl-C is not an error
    """The run was asked to stop by signal `signal_number`."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(f"stopped by signal {signal_number}")
        self.signal_number = signal_number

    @property
    def exit_code(self) -> int:
        """128 + the signal: 130 for Ctrl-C.

        Examples
        --------
        >>> Interrupted(2).exit_code
        130
        """
        return 128 + self.signal_number


def one_line(text: str) -> str:
    r"""Fold white space and line breaks.

    Examples
    --------
    >>> one_line("  too few days:\n   40 of 84 ")
    'too few days: 40 of 84'
    """
    return " ".join(text.split())
