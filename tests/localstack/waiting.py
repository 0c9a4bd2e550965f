"""A bounded wait on a condition."""

import time
from collections.abc import Callable


def until(condition: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Returns when the condition holds; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"after {seconds:.0f} s not: {what}"
        time.sleep(0.02)
