"""The state of the walk over one article's tokens, in which places.py gathers hits."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from processors.gazetteer import Gazetteer, Place
from processors.gazetteer_load import NEIGHBOURS, THEATRES
from processors.lexicon import Head, word_list
from processors.place_names import Name, bare_text, names_head
from processors.reading import PlaceHit, Reading, Token
from rasid.messages import PlaceRef


@dataclass(slots=True)
class Walk:
    """State of the walk over one article."""

    reading: Reading
    gazetteer: Gazetteer
    theatres: Counter[str]
    hits: list[PlaceHit] = field(default_factory=list)
    group: int = 0
    tokens: Sequence[Token] = field(init=False)

    def __post_init__(self) -> None:
        self.tokens = self.reading.tokens

    def here(self, places: Sequence[Place]) -> bool:
        """The article is about the country of one of the places."""
        return any(self.theatres[place.country] > 0 for place in places)

    def plain(self, place: Place) -> bool:
        """A place that a mere mention means: a city or governorate of the region, or any place of the article's country."""
        if place.country not in THEATRES | NEIGHBOURS:
            return False
        return self.theatres[place.country] > 0 or place.feature in {"city", "governorate", "region"}


def before_name(walk: Walk, first: int) -> str:
    """The folded word before a token, without «و» and the article."""
    return without_joint(walk.tokens[first - 1].folded) if first else ""


def without_joint(folded: str) -> str:
    """The folded word without «و» before two letters or more."""
    return folded[1:] if folded[:1] == "و" and len(folded) >= 3 else folded


def never_alone(name: Name) -> bool:
    return names_head(name.form) or name.form in word_list("name_starters")


def add_hit(
    walk: Walk,
    name: Name,
    *,
    head: Head | None = None,
    head_first: int | None = None,
    head_proclitic: str = "",
    whole: bool = False,
    in_name: bool = False,
) -> None:
    """Appends the hit of a name; `whole` puts the head noun into the name."""
    tokens = walk.tokens
    first = head_first if whole and head_first is not None else name.first
    proclitic = head_proclitic if whole else name.proclitic
    last = name.last
    shortest = 2 if head and not head.keep else 3
    if name.known and last - first >= shortest and tokens[last - 1].folded in word_list("base_epithets"):
        last -= 1
    word, cut = bare_text(tokens[first].text, proclitic)
    after = max(first + 1, name.first) if whole else first + 1  # «ريف مدينة حماة» is «ريف حماة»
    words = [word, *(token.text for token in tokens[after:last] if token.is_word)]
    walk.hits.append(
        PlaceHit(
            start=tokens[first].start + cut,
            end=tokens[last - 1].end,
            first=first,
            last=last,
            ref=PlaceRef(place_id="", name=" ".join(words)),
            head=head.lemma if head else "",
            head_first=name.first if head_first is None else head_first,
            proclitic=name.proclitic or head_proclitic,
            group=walk.group if head else 0,
            in_name=in_name,
        )
    )
