"""The war that an article is about, and whom «الجيش», «الفصائل» and «الثوار» mean in it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from processors.reading import ActorHit

_OF_SIDE = {
    "HOUTHI": "YE", "SA-COAL": "YE", "AQAP": "YE", "STC": "YE", "PMF": "IQ", "PESH": "IQ", "SDF": "SY", "NUSRA": "SY", "RSF": "SD",
}  # fmt: skip
_OWN_ARMY = {
    "SY": "SY-GOV",
    "YE": "YE-GOV",
    "IQ": "IQ-GOV",
    "SD": "SD-ARMY",
    "LY": "LY-LNA",
    "LB": "LB-ARMY",
    "EG": "EG-GOV",
}
_REBELS = {"YE": "YE-GOV", "SY": "SY-OPP"}
_REBEL_WORDS = ("الثوار", "ثوار")
_FACTIONS = frozenset({"الفصايل", "فصايل", "كتايب", "الكتايب", "المعارضه"})


def theatre(actors: Iterable[ActorHit]) -> str:
    """ISO code of the country whose sides the actors name most; "" where they name none."""
    counts: dict[str, int] = {}
    for hit in actors:
        country = _OF_SIDE.get(hit.side or "", (hit.side or "")[:2])
        if country in _OWN_ARMY and hit.text not in _REBEL_WORDS:
            counts[country] = counts.get(country, 0) + 1
    return max(counts, key=lambda key: counts[key], default="")


def in_theatre(actors: Sequence[ActorHit]) -> Iterator[ActorHit]:
    """The actors; «الثوار» takes the side that it means in the article's war."""
    side = _REBELS.get(theatre(actors))
    for hit in actors:
        yield replace(hit, side=side) if side and hit.text in _REBEL_WORDS else hit


def side_meant(actors: Iterable[ActorHit], word: str) -> str | None:
    """The side that a folded «الجيش» or «الفصائل» means beside these actors, None where the word or the article does not tell."""
    if word in _FACTIONS:
        return "SY-OPP" if theatre(actors) == "SY" else None
    return _OWN_ARMY.get(theatre(actors)) if word in ("الجيش", "جيش") else None
