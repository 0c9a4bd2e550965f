"""Layer 3: «قواتنا», «مجاهدونا», «أبطالنا»: armed men of the speaker. First person possessive on a noun of armed men.

In a quotation the speaker is the party named before it in the sentence; elsewhere it is the outlet, where that favours one side.
"""

from processors.place_names import split_proclitics
from processors.reading import ActorHit, Clause, Reading
from processors.words import listed

_MEN = listed(
    "قوات وحدات مقاتلو مقاتلي مجاهدو مجاهدي رجال ابطال جنود ثوار جيش كتايب سرايا الويه الويت عناصر بواسل فصايل"
    " مقاومت قطعات مغاوير فرسان اسود"
)
"""Folded, before «نا»; ta marbuta opens («مقاومتنا»)."""
_QUOTES = frozenset('«"“”')


def find_own_forces(reading: Reading) -> tuple[ActorHit, ...]:
    """The hits, in order of the text. Needs `reading.actors` for the speakers and `reading.outlet_sides`."""
    hits: list[ActorHit] = []
    for sentence in reading.sentences:
        for clause in sentence.clauses:
            for at in range(clause.first, clause.last):
                token = reading.tokens[at]
                cut = _cut(token.folded) if token.folded.endswith("نا") else None
                side = _speaker(reading, sentence.first, at, clause) if cut is not None else None
                if cut is not None and side is not None:
                    start = token.start + cut
                    hits.append(ActorHit(start, token.end, at, at + 1, side, "party", reading.text[start : token.end]))
    return tuple(hits)


def _cut(folded: str) -> int | None:
    """Letters of proclitics before the noun; None where the word is none of these."""
    for proclitic, form in split_proclitics(folded):
        if form.removesuffix("نا") in _MEN and form.endswith("نا"):
            return len(proclitic)
    return None


def _speaker(reading: Reading, first: int, at: int, clause: Clause) -> str | None:
    before = [hit for hit in reading.actors if first <= hit.first < at and hit.role == "party"]
    quoted = clause.quoted or any(token.text in _QUOTES for token in reading.tokens[first:at])
    if quoted and before:
        return before[-1].side
    return reading.outlet_sides[0] if len(reading.outlet_sides) == 1 else None


def with_own_forces(reading: Reading) -> tuple[ActorHit, ...]:
    """All actors of the reading, own forces among them, in order; a name that is there already stays."""
    taken = {at for hit in reading.actors for at in range(hit.first, hit.last)}
    own = [hit for hit in find_own_forces(reading) if hit.first not in taken]
    return tuple(sorted([*reading.actors, *own], key=lambda hit: hit.first)) if own else tuple(reading.actors)
