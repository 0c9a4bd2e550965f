"""When each feed is polled next: a heap of due times, and the rules for intervals. No clock of its own."""

import heapq
import random
from collections.abc import Callable

from rasid.outlets import Feed

SHORTEST = 120.0
"""Seconds; feeds change more slowly, and 30 polls an hour are as many as an outlet will bear."""
LONGEST = 86_400.0
PARKED = 7 * 86_400.0
"""Seconds between two looks at a feed that answered 410 Gone: addresses do come back."""
FIRST_RETRY = 60.0
"""Seconds after a first failure."""
MANY = 5
"""New items in one poll that mean a rush."""
JITTER = 0.1
"""Share of the interval by which a poll may come later, so that feeds do not move in step."""


class Schedule:
    """Feeds by due time. A feed stands in it at most once: adding it again moves it."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, str]] = []
        self._due: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._due)

    def add(self, feed_id: str, due: int) -> None:
        """Puts the feed in, to be polled at `due` (ms)."""
        self._due[feed_id] = due
        heapq.heappush(self._heap, (due, feed_id))

    def next_due(self) -> int | None:
        """The earliest due time, None if no feed waits."""
        while self._heap and self._due.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)  # it was moved since
        return self._heap[0][0] if self._heap else None

    def pop_due(self, now: int) -> list[str]:
        """Takes out the feeds that are due at `now` (ms), earliest first."""
        out = []
        while (due := self.next_due()) is not None and due <= now:
            _, feed_id = heapq.heappop(self._heap)
            del self._due[feed_id]
            out.append(feed_id)
        return out


def after_success(interval: float, new: int, known: int, feed: Feed, default: float) -> float:
    """Seconds until the next poll after one that gave a document or a 304.

    Shorter when it brought new items, longer when not: the factors settle where three polls of four bring something, which
    for 15 items an hour is a poll every 6 minutes. Half as long when it brought many at once, or when most of the document
    was new, since then items may have been missed. A feed's own `interval` is kept as it is.

    Args:
        interval: the last one, 0 at the first poll.
        new, known: entries that were new, and that were not.
        default: seconds for a feed that says nothing.
    """
    if feed.interval > 0:
        return feed.interval
    if not interval:
        return min(max(default, SHORTEST), LONGEST)
    if not new:
        interval *= 1.25
    elif new >= MANY or new > 2 * known:
        interval *= 0.5
    else:
        interval *= 0.93
    return min(max(interval, SHORTEST), LONGEST)


def after_failure(failures: int, interval: float, feed: Feed, retry_after: float | None = None) -> float:
    """Seconds until the next poll after `failures` in a row: doubling from a minute up to 24 hours, for ever.

    A feed with its own short `interval` starts from that. `retry_after` (seconds) is a lower bound, up to 24 hours.
    """
    first = min(FIRST_RETRY, feed.interval) if feed.interval > 0 else FIRST_RETRY
    wait = min(first * 2.0 ** min(max(failures - 1, 0), 30), LONGEST)
    if failures > 3:
        wait = max(wait, min(interval, LONGEST))
    return max(wait, min(retry_after or 0.0, LONGEST))


def jittered(seconds: float, chance: Callable[[], float] = random.random) -> float:
    """`seconds`, and up to a tenth more; never less, so that no lower bound is broken."""
    return seconds * (1.0 + JITTER * chance())
