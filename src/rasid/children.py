"""A child process that must not outlive its parent."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
READY = "rasid worker ready"
"""Line that a worker prints to its parent when its stages are consuming."""
STOPS = "rasid worker stops: "
"""What a worker prints to its parent, with the reason, when to start it again would be of no use."""
TELL_EVERY = 60.0
"""Seconds between two lines to the parent about the same trouble."""


def tell_parent(line: str) -> None:
    """Prints a line for the parent, where RASID_PARENT names one."""
    if os.environ.get("RASID_PARENT"):
        print(line.replace("\n", " "), flush=True)


class Teller:
    """Tells the parent of troubles, each no more than once a minute.

    Args:
        tell: takes a line.
        clock: seconds.
    """

    def __init__(self, tell: Callable[[str], None] = tell_parent, clock: Callable[[], float] = time.monotonic) -> None:
        self._tell = tell
        self._clock = clock
        self._told: dict[str, float] = {}

    def __call__(self, sentence: str, kind: str = "") -> None:
        """Tells the sentence, unless one of this kind (by default: the same) was told less than a minute ago."""
        now, kind = self._clock(), kind or sentence
        if now - self._told.get(kind, -TELL_EVERY) < TELL_EVERY:
            return
        self._told = {key: at for key, at in self._told.items() if now - at < TELL_EVERY} | {kind: now}
        self._tell(f"rasid: {sentence}")


def end_with_parent() -> None:
    """Has the kernel send SIGTERM when the process that RASID_PARENT names is gone (Linux; elsewhere nothing)."""
    parent = os.environ.get("RASID_PARENT")
    if not parent or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # it died before the call
        sys.exit(0)
