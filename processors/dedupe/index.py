"""From sampled hashes to the articles that hold them."""

from collections import Counter
from collections.abc import Collection, Iterable

NEWEST = 16
"""Articles kept for one hash: a story that everybody carries, or an attack with one paragraph, costs no more."""


class Index:
    """Hash → numbers of the newest articles that hold it.

    A hash held by one article maps to its number, without a list around it: nearly all do, and a million small lists
    would make the garbage collector pause for a fifth of a second.
    """

    def __init__(self) -> None:
        self._postings: dict[int, int | list[int]] = {}

    def __len__(self) -> int:
        return len(self._postings)

    def add(self, number: int, hashes: Iterable[int]) -> None:
        """Enters an article under its hashes."""
        postings = self._postings
        for value in hashes:
            held = postings.get(value)
            if held is None:
                postings[value] = number
            elif isinstance(held, int):
                postings[value] = [held, number]
            else:
                held.append(number)
                if len(held) > NEWEST:
                    del held[0]

    def remove(self, number: int, hashes: Iterable[int]) -> None:
        """Takes an article out again; hashes it no longer stands under are passed over."""
        postings = self._postings
        for value in hashes:
            held = postings.get(value)
            if held == number:
                del postings[value]
            elif isinstance(held, list) and number in held:
                held.remove(number)
                if len(held) == 1:
                    postings[value] = held[0]

    def count(self, hashes: Collection[int], hits: Counter[int]) -> None:
        """Adds to `hits` how many of the hashes each article shares."""
        postings = self._postings
        for value in postings.keys() & hashes:
            held = postings[value]
            if isinstance(held, int):
                hits[held] += 1
            else:
                for number in held:
                    hits[number] += 1
