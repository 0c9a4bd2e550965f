"""The sketch of a text: a sample of the hashes of its 12-letter windows.

A window belongs to the sample when the low bits of its hash are zero, so two samples of different rate still compare:
the finer one is thinned to the rate of the coarser one. Short texts are kept whole, long ones more thinly, so that a
sketch holds 100 to 300 values whatever the length. The headline is no part of it: outlets rewrite headlines.
"""

import numpy as np
from numpy.typing import NDArray

from processors.dedupe.folding import Codes, code_units, letters

VERSION = 1
"""Of folding, window, hash and rates together: sketches of different versions say nothing about each other."""
WINDOW = 12
INDEX_RATE = 32
"""One value in 32 windows is looked up: one in four of the usual sketch."""
_RATES = ((300, 1), (800, 4), (5000, 8), (12000, 16))
"""Windows up to which a rate holds."""
_FIRST = 1 << 16
"""Smallest value of a window; below it stands the header."""
_BASE = 0x9E3779B97F4A7C15
_SEED = 0x5261736964A11CE5

Values = NDArray[np.uint32]
Hashes = NDArray[np.uint64]
_U64 = np.uint64


def sketch(text: str) -> tuple[int, ...]:
    """Sketch of an article's text (not its headline): a header with version and rate, then sorted 32-bit values.

    The same text gives the same sketch in every process and on every machine.
    """
    return tuple(values(letters(code_units(text))).tolist())


def values(folded: Codes) -> Values:
    """The same as an array, from the folded letters."""
    hashes = windows(folded)
    rate = next((rate for most, rate in _RATES if len(hashes) <= most), INDEX_RATE)
    sample = (hashes >> _U64(32)).astype(np.uint32)
    sample = sample[((sample & np.uint32(rate - 1)) == 0) & (sample >= _FIRST)]
    return np.concatenate((np.array([VERSION << 8 | rate], np.uint32), np.unique(sample)))


def windows(folded: Codes) -> Hashes:
    """64-bit hashes of all windows of folded letters, in order: a polynomial by doubling, then a mixer (MurmurHash3's)."""
    codes = folded.astype(_U64)
    if len(codes) < WINDOW:
        return np.empty(0, _U64)
    codes += _U64(_SEED)
    pairs: Hashes = codes[:-1] * _power(1) + codes[1:]
    fours: Hashes = pairs[:-2] * _power(2) + pairs[2:]
    mixed: Hashes = fours[:-8] * _power(8) + fours[4:-4] * _power(4) + fours[8:]
    mixed = mixed ^ (mixed >> _U64(33))
    mixed = mixed * _U64(0xFF51AFD7ED558CCD)
    mixed = mixed ^ (mixed >> _U64(33))
    mixed = mixed * _U64(0xC4CEB9FE1A85EC53)
    return mixed ^ (mixed >> _U64(33))


def _power(exponent: int) -> np.uint64:
    return _U64(pow(_BASE, exponent, 1 << 64))


def packed(array: Values) -> bytes:
    """A sketch for keeping, three quarters of its size: sorted values share their high bytes.

    Header and number of values (4 and 2 bytes), the three low bytes of each value, and a bit string in which the n-th
    value with high byte h has bit h + n.
    """
    kept = array[1:]
    bits = np.zeros(256 + len(kept), np.uint8)
    bits[(kept >> np.uint32(24)).astype(np.int64) + np.arange(len(kept))] = 1
    low = kept.astype("<u4").view(np.uint8).reshape(-1, 4)[:, :3]
    head = array[:1].astype("<u4").tobytes() + len(kept).to_bytes(2, "little")
    return head + low.tobytes() + np.packbits(bits).tobytes()


def unpacked(data: bytes) -> Values:
    """The sketch that `packed` was given; an empty one where the bytes are none, which is compared with nothing."""
    count = int.from_bytes(data[4:6], "little")
    end = 6 + 3 * count
    if len(data) < max(6, end):
        return np.empty(0, np.uint32)
    bits = np.unpackbits(np.frombuffer(data[end:], np.uint8))[: 256 + count]
    places = np.flatnonzero(bits)
    if len(places) != count:
        return np.empty(0, np.uint32)
    low = np.zeros((count, 4), np.uint8)
    low[:, :3] = np.frombuffer(data[6:end], np.uint8).reshape(count, 3)
    high = (places - np.arange(count)).astype(np.uint32) << np.uint32(24)
    return np.concatenate(
        (np.frombuffer(data[:4], "<u4").astype(np.uint32), low.view("<u4").ravel().astype(np.uint32) | high)
    )


def rate_of(array: Values) -> int:
    """One in how many windows a sketch keeps; 0 when it was made by another version and must not be compared."""
    if len(array) == 0 or int(array[0]) >> 8 != VERSION:
        return 0
    return int(array[0]) & 0xFF


def thinned(sample: Values, rate: int) -> Values:
    """The values of a sample (without header) that a coarser rate would have kept."""
    kept: Values = sample[(sample & np.uint32(rate - 1)) == 0]
    return kept


def shared(first: Values, second: Values) -> int:
    """Number of values in both of two sorted samples."""
    if len(first) > len(second):
        first, second = second, first
    if len(first) == 0:
        return 0
    places = np.searchsorted(second, first)
    places[places == len(second)] = 0
    return int(np.count_nonzero(second[places] == first))
