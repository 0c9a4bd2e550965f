"""Windows that say nothing about an article: formulas, footers, templates."""

import zlib

import numpy as np
from numpy.typing import NDArray

from processors.dedupe.sketch import Values

_BITS = 1 << 26
"""Bits of one day's filter: 8 MiB, of which the system gives only the touched pages; 20,000 articles fill a tenth."""
_DAYS = 8
"""Days before the window that are remembered."""
_CELLS = 1 << 22
"""Counters for the outlets' footers, one byte each."""
PAGES = 5
"""Pages of one outlet from which a window is held to be part of its frame."""
_DAY = 86_400_000


def _probes(values: Values, salt: int, size: int, count: int) -> list[NDArray[np.int64]]:
    """Places of the values in an array of a power of two cells, by double hashing."""
    mixed = (values.astype(np.uint64) ^ np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    step = (mixed >> np.uint64(32)) | np.uint64(1)
    mask = np.uint64(size - 1)
    return [((mixed + np.uint64(i) * step) & mask).astype(np.int64) for i in range(count)]


class OldWindows:
    """Windows of articles that have left the memory: one Bloom filter for each of the last days.

    A window seen on two such days is a formula. Once is not enough: a wire that runs for four days is no template.
    """

    def __init__(self) -> None:
        self._days: dict[int, NDArray[np.uint8]] = {}

    def add(self, values: Values, published: int) -> None:
        """Enters the windows of an article that leaves the memory (`published`: event time, ms)."""
        day = published // _DAY
        bits = self._days.get(day)
        if bits is None:
            bits = self._days[day] = np.zeros(_BITS // 8, np.uint8)
            for old in sorted(self._days)[:-_DAYS]:
                del self._days[old]
        for places in _probes(values, 0, _BITS, 2):
            bits[places >> 3] |= (1 << (places & 7)).astype(np.uint8)

    def holds(self, values: Values) -> NDArray[np.bool_]:
        """Which of the windows were seen on two such days."""
        days = np.zeros(len(values), np.uint8)
        if len(self._days) < 2:
            return days > 1
        probes = _probes(values, 0, _BITS, 2)
        for bits in self._days.values():
            inside = np.ones(len(values), np.bool_)
            for places in probes:
                inside &= (bits[places >> 3] >> (places & 7).astype(np.uint8)) & 1 == 1
            days += inside
        return days > 1


class OutletFrames:
    """How many pages of an outlet hold a window: a count-min sketch that is halved every day of event time."""

    def __init__(self) -> None:
        self._cells = np.zeros(_CELLS, np.uint8)
        self._halved = 0

    def see(self, outlet: str, values: Values, now: int) -> NDArray[np.bool_]:
        """Counts a page and tells which of its windows belong to the outlet's frame.

        Args:
            outlet: its id; pages without one are not counted.
            values: sampled windows of the page.
            now: newest event time, ms.
        """
        if not outlet:
            return np.zeros(len(values), np.bool_)
        if now - self._halved >= _DAY:
            if self._halved:
                self._cells >>= 1
            self._halved = now
        first, second = _probes(values, zlib.crc32(outlet.encode()) << 32, _CELLS, 2)
        counts = np.minimum(self._cells[first], self._cells[second])
        for places in (first, second):
            self._cells[places] = np.minimum(self._cells[places], 254) + 1
        framed: NDArray[np.bool_] = counts >= PAGES
        return framed
