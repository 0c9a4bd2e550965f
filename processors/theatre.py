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
_MEANT = {
    "SY": {
        "الفصايل": "SY-OPP", "فصايل": "SY-OPP", "كتايب": "SY-OPP", "الكتايب": "SY-OPP", "المعارضه": "SY-OPP", "المجاهدون": "SY-OPP",
        "المجاهدين": "SY-OPP", "مجاهدونا": "SY-OPP", "مجاهدو": "SY-OPP", "النظام": "SY-GOV", "ثوارنا": "SY-OPP", "الثوار": "SY-OPP",
    },
    "YE": {"المقاومه": "YE-GOV", "الشرعيه": "YE-GOV", "الانقلابيون": "HOUTHI", "الثوار": "YE-GOV"},
}  # fmt: skip
_MEANT_TWO = {
    "SY": {("الجماعات", "المسلحه"): "SY-OPP", ("المجموعات", "المسلحه"): "SY-OPP", ("التنظيمات", "الارهابيه"): "SY-OPP"},
}
"""How the side that speaks of them names its enemies; of one country only."""


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


def side_meant(actors: Iterable[ActorHit], country: str, word: str, after: str = "") -> str | None:
    """The side that a folded «الجيش», «الفصائل», «الجماعات المسلحة» means, None where neither word nor article tells.

    Args:
        actors: the article's actors; they tell the war.
        country: ISO code of the country that its places lie in, used where the actors do not tell; "" if unknown.
        word, after: the folded word and the one behind it.
    """
    war = theatre(actors) or country
    if word in ("الجيش", "جيش"):
        return _OWN_ARMY.get(war)
    return _MEANT_TWO.get(war, {}).get((word, after)) or _MEANT.get(war, {}).get(word)
