"""What the layers of reading hand to each other: one `Reading` of an article, made of spans.

Each layer is a pure function that takes a Reading (or text) and gives the next part; none changes an earlier one:

    sentences.py  text → sentences, clauses, tokens
    places.py     → PlaceHit      actors.py → ActorHit      numbers.py → NumberHit
    control.py, casualties.py, events.py  Reading → rows of rasid.messages.extraction
    reader.py     puts the layers together

All offsets are code points into the original text, end exclusive: folding and repair keep a map back (folding.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from rasid.messages import PlaceRef, Span

EVIDENCE_MAX = 200
"""Longest evidence, in characters."""


class Token(msgspec.Struct, frozen=True, gc=False):
    """A word, a number or a punctuation mark.

    Attributes:
        folded: the form for matching: letters folded, diacritics and tatweel dropped (folding.fold_word).
    """

    start: int
    end: int
    text: str
    folded: str

    @property
    def is_word(self) -> bool:
        """It begins with a letter or digit."""
        return self.text[:1].isalnum()


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence with at most one main predicate.

    Attributes:
        start, end: offsets into the text.
        first, last: token numbers in the Reading, last exclusive.
        sentence: number of its sentence.
        opener: folded connective that opens it («بعدما», «بينما», "" for the first).
        quoted: it stands inside quotation marks or after a verb of speech.
    """

    start: int
    end: int
    first: int
    last: int
    sentence: int
    opener: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: token numbers as in Clause, clauses first to last."""

    start: int
    end: int
    first: int
    last: int
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A place named once.

    Attributes:
        first, last: token numbers of the bare name, last exclusive.
        head: folded singular head noun that introduces it («مدينه», «قريه», «جبل»), "" if none.
        head_first: token number of the head noun, or `first`.
        proclitic: folded proclitics on its first word («ب», «و», «ول»), "" if none.
        group: hits coordinated with each other («قريتي أ وب») share a number.
        in_name: it stands inside the name of an organisation, team or person: no place of the article.
        dateline: it stands in the dateline.
    """

    start: int
    end: int
    first: int
    last: int
    ref: PlaceRef
    head: str = ""
    head_first: int = 0
    proclitic: str = ""
    group: int = 0
    in_name: bool = False
    dateline: bool = False


@dataclass(frozen=True, slots=True)
class ActorHit:
    """An actor named once.

    Attributes:
        side: code of the guidelines («SY-GOV», «ISIS», «OTHER:…»), None for a neutral one.
        role: `party`, `civilians`, `source` (monitor, agency, residents: may speak, does not fight).
    """

    start: int
    end: int
    first: int
    last: int
    side: str | None
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class NumberHit:
    """A number or vague quantity, in digits or words.

    Attributes:
        low, high: bounds; both None for «عدد من», «عدة»; high None for «أكثر من», «عشرات».
        what: `people` («قتيلان» is both number and noun), `ordinal`, `date`, `age`, `distance`, `money`, `unit` (a brigade),
            `percent`, `time`, `count` (of what the following noun says).
        noun: folded counted noun where it is part of the hit or follows, "" if none.
    """

    start: int
    end: int
    first: int
    last: int
    low: int | None
    high: int | None
    what: str = "count"
    noun: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """An article with all that the lower layers found."""

    text: str
    title: str = ""
    published: int = 0
    """ms UTC."""
    outlet_country: str = ""
    outlet_sides: Sequence[str] = ()
    """Sides that the outlet favours: whose «قواتنا» it speaks of."""
    tokens: Sequence[Token] = ()
    sentences: Sequence[Sentence] = ()
    places: Sequence[PlaceHit] = ()
    actors: Sequence[ActorHit] = ()
    numbers: Sequence[NumberHit] = ()
    notes: dict[str, object] = field(default_factory=dict)
    """What `--why` shows: each layer may leave an explanation under its name."""

    def span(self, start: int, end: int) -> Span:
        """The span of the text as evidence, cut to EVIDENCE_MAX characters."""
        end = min(end, start + EVIDENCE_MAX)
        return Span(start=start, end=end, text=self.text[start:end])
