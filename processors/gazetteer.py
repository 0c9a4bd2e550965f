"""The gazetteer: named places and how a run of words finds them.

A name is looked up by its key: folded words without the article and without a final bare hamza, so that «البيضاء», «البيضا» and
«بيضاء» meet. Whether the text has the article where the name has it is a question for places.py. Homonyms are kept: a key leads
to every place of that name, the places that the project's own table lists first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec

from processors.folding import fold_word

MAX_WORDS = 6
"""Longest name, in words."""


class Place(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A place of the gazetteer.

    Attributes:
        id: as PlaceRef.place_id.
        feature: city, town, village, neighbourhood, district, governorate, region, country, base, crossing, hill …
            (seeds/gazetteer/README.md lists them).
        core: listed in the project's own table: known without a head noun or preposition.
    """

    id: str
    name_ar: str
    name_en: str = ""
    country: str = ""
    admin1: str = ""
    lat: float | None = None
    lon: float | None = None
    feature: str = "village"
    population: int = 0
    core: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Gazetteer:
    """Places and the index over their names and aliases.

    Attributes:
        places: all places; core rows first.
        names: key of a name → numbers of the places that bear it.
        longest: first word of a key → number of words of the longest name that begins with it.
        articles: keys whose name begins with the article in every spelling («الباب»): True, or in none («باب شرقي»): False.
    """

    places: Sequence[Place] = ()
    names: dict[str, tuple[int, ...]] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    articles: dict[str, bool] = field(default_factory=dict)

    def find(self, name: str) -> tuple[Place, ...]:
        """All places of a name, written in any spelling, with or without the article."""
        return tuple(self.places[number] for number in self.names.get(name_key(name), ()))

    def by_key(self, key: str) -> tuple[Place, ...]:
        """All places of a key."""
        return tuple(self.places[number] for number in self.names.get(key, ()))


def word_key(folded: str) -> str:
    """A folded word as it stands in keys."""
    if folded.startswith("ال") and len(folded) > 3:
        folded = folded[2:]
    if folded.endswith("ء") and len(folded) > 2:
        folded = folded[:-1]
    return folded


@lru_cache(maxsize=65536)
def name_key(name: str) -> str:
    """The key of a written name."""
    cleaned = "".join(letter if letter.isalnum() else " " for letter in fold_word(name))
    return " ".join(map(word_key, cleaned.split()))
