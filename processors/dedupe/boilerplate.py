"""Windows that say nothing about an article: formulas, footers, templates."""

import zlib

import numpy as np
from numpy.typing import NDArray

from processors.dedupe.sketch import Values

_BITS = 1 << 27
"""Bits of one filter of old windows: 16 MiB, of which the system gives only the touched pages."""
_MOST = _BITS // 16
"""Windows in one filter: at 16 bits each and two probes one in 70 is wrongly held for old when it is full."""
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
    """Windows of articles that have left the memory: two Bloom filters, the older one dropped when the newer is full."""

    def __init__(self) -> None:
        self._filters = [np.zeros(_BITS // 8, np.uint8)]
        self._held = 0

    def add(self, values: Values) -> None:
        """Enters the windows of an article that leaves the memory."""
        if self._held + len(values) > _MOST:
            self._filters = [np.zeros(_BITS // 8, np.uint8), self._filters[0]]
            self._held = 0
        self._held += len(values)
        for places in _probes(values, 0, _BITS, 2):
            self._filters[0][places >> 3] |= (1 << (places & 7)).astype(np.uint8)

    def holds(self, values: Values) -> NDArray[np.bool_]:
        """Which of the windows were seen in such articles."""
        found = np.zeros(len(values), np.bool_)
        if self._held == 0 and len(self._filters) == 1:
            return found
        probes = _probes(values, 0, _BITS, 2)
        for bits in self._filters:
            inside = np.ones(len(values), np.bool_)
            for places in probes:
                inside &= (bits[places >> 3] >> (places & 7).astype(np.uint8)) & 1 == 1
            found |= inside
        return found


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
