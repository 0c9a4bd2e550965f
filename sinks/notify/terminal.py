"""Alerts on a terminal: one block each, in which nothing from a feed steers the terminal or turns a line around."""

from collections.abc import Callable

from rasid.errors import Retry
from rasid.messages import Alert
from rasid.terminal import clean, isolate

BARS = {"high": "█", "normal": "▌"}


class TerminalChannel:
    """Writes alerts as blocks of text.

    Args:
        write: takes one block, whose last line is empty, and prints it at once.
    """

    name = "terminal"

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    async def send(self, alert: Alert) -> None:
        """Writes the block.

        Raises:
            Retry: the stream is gone or full.
        """
        try:
            self._write(block(alert))
        except OSError as error:
            raise Retry(f"cannot write alerts to the terminal: {error.strerror or error}") from error


def block(alert: Alert) -> str:
    """The alert as lines with a bar at their left: both titles, then the body; an empty line ends it."""
    bar = BARS.get(alert.severity, BARS["normal"])
    body = clean(alert.body, lines=True).splitlines()
    lines = [clean(alert.title_ar), clean(alert.title_en), *body]
    return "\n".join(f"{bar} {isolate(line)}".rstrip() for line in lines) + "\n"
