"""What can go wrong, as outcomes with a meaning for a stage.

    RasidError
    ├── Retry     try again later, in place: a server is away, a disk is full. The input is not acknowledged.
    ├── Invalid   this record can never be worked on: it goes to the dead letters with the reason.
    └── Fatal     the worker must stop: a wrong topic, a wrong setting, an impossible state.
        └── Usage the caller asked for something that cannot be (exit code 2).

Each message is one sentence for a person, saying what to do where something can be done.
"""


class RasidError(Exception):
    """Base of all errors of this project."""


class Retry(RasidError):
    """Work that may succeed later.

    Args:
        message: what is away, in one sentence.
        after: seconds to wait at least, where the other side named them.
    """

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class Invalid(RasidError):
    """A record that can never be worked on."""


class Fatal(RasidError):
    """The worker must stop; the message says what to mend. The command ends with exit code 1."""


class Usage(Fatal):
    """A wrong use of a command: a missing file, a value out of range. Exit code 2."""
