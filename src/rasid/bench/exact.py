"""The reference of the dedupe benchmark: exact containment of the sets of 12-letter windows, without sampling."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from processors.dedupe.folding import code_units, letters
from processors.dedupe.sketch import windows
from rasid.messages import TextArticle

_RATE = 4
_WHOLE = 400
"""Texts up to so many windows are looked up by all of them, longer ones by one in four."""
_LIKELY = 0.2
"""Share of the smaller sample from which a pair is compared exactly: half contained pairs lie far above."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An article and an earlier one, both as numbers in the stream, with both exact containments."""

    new: int
    old: int
    new_in_old: float
    old_in_new: float

    @property
    def larger(self) -> float:
        """The larger containment, by which the reference decides."""
        return max(self.new_in_old, self.old_in_new)


def exact_pairs(articles: Sequence[TextArticle], hours: float, least: float = 0.3) -> list[Pair]:
    """All pairs within `hours` of each other whose larger containment reaches `least`."""
    held: dict[int, list[int]] = {}
    sets: list[NDArray[np.uint64]] = []
    samples: list[int] = []
    found: list[Pair] = []
    for number, article in enumerate(articles):
        whole = np.unique(windows(letters(code_units(article.text))))
        sample = whole[whole % np.uint64(_RATE) == 0]
        looked_up = whole if len(whole) <= _WHOLE else sample
        sets.append(whole)
        samples.append(len(sample))
        postings = [held[value] for value in looked_up.tolist() if value in held]
        if postings:
            hits = np.bincount(np.concatenate([np.array(posting) for posting in postings]), minlength=number)
            for old in np.flatnonzero(hits).tolist():
                if hits[old] < _LIKELY * min(len(sample), samples[old]):
                    continue
                if abs(article.published - articles[old].published) <= hours * 3_600_000:
                    pair = _pair(number, old, whole, sets[old])
                    if pair.larger >= least:
                        found.append(pair)
        for value in looked_up.tolist():
            held.setdefault(value, []).append(number)
    return found


def _pair(new: int, old: int, first: NDArray[np.uint64], second: NDArray[np.uint64]) -> Pair:
    both = len(np.intersect1d(first, second, assume_unique=True))
    return Pair(new, old, both / max(1, len(first)), both / max(1, len(second)))
