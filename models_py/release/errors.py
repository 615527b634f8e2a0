"""What can go wrong while publishing, said in one line to a person."""


class ReleaseError(Exception):
    """A release cannot be published; the message says what, where, what to do."""
