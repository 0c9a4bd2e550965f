"""Which place a name means: candidates of the gazetteer scored by what the article says around them."""

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import msgspec

from processors.actors import wars_named
from processors.folding import bare, fold_word
from processors.gazetteer import Gazetteer, Place, name_key, word_key
from processors.gazetteer_load import distance_km
from processors.lexicon import common_words, heads
from processors.reading import PlaceHit, Reading
from rasid.messages import PlaceRef

MARGIN = 0.15
"""Rivals whose share lies within this of the best one are kept."""
WELL_KNOWN = 100_000
"""People of a city that may be meant though the article does not mention its country."""
FOREIGN_SHARE = 0.05
"""Share of the article's mentions of countries that a country needs for its villages to be meant."""
_WIDELY_KNOWN = frozenset({"city", "governorate", "region", "strait", "river", "waterway"})
_TYPES = {"district": "area", "region": "area", "dam": "building", "port": "building", "field": "building", "castle": "building",
          "prison": "building", "hospital": "building", "mosque": "building", "river": "other", "strait": "other",
          "waterway": "other"}  # fmt: skip
_HEAD_TYPES = {
    "مدينه": {"city", "town"}, "بلده": {"town", "city", "village"}, "قريه": {"village", "town"}, "حي": {"neighbourhood"},
    "محافظه": {"governorate"}, "ولايه": {"governorate"}, "مديريه": {"district"}, "قضاء": {"district", "city", "town"},
    "ناحيه": {"district", "town"}, "مخيم": {"camp"}, "مطار": {"base"}, "قاعده": {"base"}, "معسكر": {"base"}, "معبر": {"crossing"},
    "جبل": {"hill", "region"}, "سد": {"dam"}, "ميناء": {"port"}, "حقل": {"field"}, "ضاحيه": {"neighbourhood", "town"},
}  # fmt: skip
_NATIONS = {"سوري": "SY", "عراقي": "IQ", "يمني": "YE", "ليبي": "LY", "سوداني": "SD", "لبناني": "LB", "فلسطيني": "PS", "مصري": "EG",
            "تركي": "TR", "سعودي": "SA", "حوثي": "YE"}  # fmt: skip
_PLAIN_HEADS = frozenset(
    {"مدينه", "بلده", "قريه", "محافظه", "ولايه", "مديريه", "حي", "ناحيه", "قضاء", "منطقه", "محليه", "ضاحيه"}
)
"""Heads that make no name of their own: «قرية القاهرة» of one table is no better a match than «القاهرة» of another."""
_AREA_WORDS = frozenset({"محيط", "اطراف", "مشارف", "تخوم", "ضواحي", "جوار", "قرب", "بمحيط", "باطراف"})


def theatres(reading: Reading, gazetteer: Gazetteer) -> Counter[str]:
    """How much the article speaks of each country: its name counts 3, its adjective, its well-known places and its sides 1."""
    found = wars_named(reading.tokens)
    for form in [*(token.folded for token in reading.tokens), *fold_word(reading.title).split()]:
        country, weight = country_of(gazetteer, form)
        if weight:
            found[country] += weight
    return found


@lru_cache(maxsize=1 << 17)
def country_of(gazetteer: Gazetteer, form: str) -> tuple[str, int]:
    """The country that a word speaks for, and how much; ("", 0) for most words."""
    nation = _nation(form)
    if nation:
        return nation, 1
    for word in (form, form[1:]) if form[0] in "وبلفك" and len(form) > 3 else (form,):
        numbers = gazetteer.names.get(word_key(word))
        place = gazetteer.places[numbers[0]] if numbers else None
        if place and place.core and word not in common_words():
            return place.country, 3 if place.feature == "country" else 1
    return "", 0


def _nation(form: str) -> str:
    """The country of an adjective («السورية», «بالعراقيين»), "" for another word."""
    for word in (form, form[1:]):
        stem = bare(word)
        for length in (6, 5, 4):
            if stem[:length] in _NATIONS:
                return _NATIONS[stem[:length]]
    return ""


def link(
    reading: Reading, hits: Sequence[PlaceHit], gazetteer: Gazetteer, countries: Counter[str]
) -> tuple[PlaceHit, ...]:
    """The hits with their best reading in the gazetteer, its score and its rivals.

    One name means one place throughout an article (one for the governorate, one for the town of that name). A name that the
    gazetteer lacks gets an id from its folded name and the governorate that the article names with it, and no coordinates.
    `countries` is what `theatres` gives of the article.
    """
    senses: dict[tuple[str, bool], list[PlaceHit]] = {}
    for hit in hits:
        senses.setdefault(_sense(hit), []).append(hit)
    options = {sense: _candidates(group, gazetteer) for sense, group in senses.items()}
    context = _Context(reading, countries, hits, options)
    refs = {sense: _choose(group, options[sense], context) for sense, group in senses.items()}
    known = {sense: ref for sense, ref in refs.items() if ref}
    for named_for_town in (True, False):  # «ريف إدلب» first: it tells where the unknown village beside it lies
        for hit in hits:
            if _sense(hit) not in known and (not named_for_town or _base(hit, gazetteer, context)):
                known[_sense(hit)] = _unknown(hit, hits, known, gazetteer, context)
    return tuple(replace(hit, ref=_with_precision(reading, hit, known[_sense(hit)])) for hit in hits)


def _sense(hit: PlaceHit) -> tuple[str, bool]:
    return name_key(hit.ref.name), hit.head in {"محافظه", "ولايه"}


def _candidates(group: Sequence[PlaceHit], gazetteer: Gazetteer) -> tuple[Place, ...]:
    """The places of a name, and those that the gazetteer calls by head noun and name («معبر نصيب»)."""
    found = {place.id: place for place in gazetteer.find(group[0].ref.name)}
    for head in {hit.head for hit in group if hit.head} - _PLAIN_HEADS:
        found |= {place.id: place for place in gazetteer.find(f"{head} {group[0].ref.name}")}
    return tuple(place for place in found.values() if place.feature not in {"country", "sea"})


@dataclass(frozen=True, slots=True)
class _Context:
    """What of the article speaks for a candidate."""

    reading: Reading
    theatres: Counter[str]
    hits: Sequence[PlaceHit]
    options: dict[tuple[str, bool], tuple[Place, ...]]

    def sure(self) -> list[Place]:
        """The only or by far best-known place of each other name."""
        return [places[0] for places in self.options.values() if places and (len(places) == 1 or places[0].core)]


def _choose(group: Sequence[PlaceHit], places: Sequence[Place], context: _Context) -> PlaceRef | None:
    if not places:
        return None
    sure = [place for place in context.sure() if place not in places]
    places = [place for place in places if _may_be(place, group, context)]
    if not places:
        return None
    scores = [_score(place, group, places, sure, context) for place in places]
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    total = sum(weights)
    best = scores.index(top)
    chosen = places[best]
    share = weights[best] / total
    rivals = tuple(
        place.id
        for place, weight in zip(places, weights, strict=True)
        if place is not chosen and share - weight / total <= MARGIN and not _near(place, chosen, 10.0)
    )
    return _ref(group[0], chosen, share, rivals)


def _may_be(place: Place, group: Sequence[PlaceHit], context: _Context) -> bool:
    """The article speaks of the place's country, apart from this name; else only a city may be meant, and as a city.

    A village that the gazetteer has in another war only is an unknown village: a wrong country would raise a wrong alert.
    """
    total = sum(context.theatres.values())
    apart = context.theatres[place.country] - (len(group) if place.core else 0)
    if apart >= max(1.0, FOREIGN_SHARE * total) or total <= len(group):
        return True
    if not place.core:
        return place.population >= WELL_KNOWN
    heads = {hit.head for hit in group if hit.head}
    wanted = set().union(*(_HEAD_TYPES.get(head, {place.feature}) for head in heads))
    return place.feature in _WIDELY_KNOWN and (not wanted or place.feature in wanted)


def _score(
    place: Place, group: Sequence[PlaceHit], places: Sequence[Place], sure: Sequence[Place], context: _Context
) -> float:
    """How well a candidate fits: how well known it is, the article's countries, the head noun, and the places around it."""
    total = sum(context.theatres.values()) or 1
    score = 3.0 * context.theatres[place.country] / total + 0.25 * math.log10(place.population + 1)
    if place.core:
        score += 2.0 if place.feature in {"city", "governorate"} else 1.0
    if place.country == context.reading.outlet_country:
        score += 0.3
    if name_key(place.name_ar) == name_key(group[0].ref.name):
        score += 0.5
    elif place.feature == "governorate":
        score -= 1.5  # an alias of a governorate is its capital, or a mistake of the table
    heads = {hit.head for hit in group if hit.head}
    wanted = set().union(*(_HEAD_TYPES.get(head, set()) for head in heads))
    if wanted:
        score += 2.0 if place.feature in wanted else -0.5
    elif place.feature == "governorate" and any(
        other.feature == "city" and other.admin1 == place.admin1 for other in places
    ):
        score -= 1.5
    governorates = Counter(other.admin1 for other in sure if other.admin1)
    if place.admin1 and governorates[place.admin1]:
        score += 0.5 + min(1.0, 0.3 * governorates[place.admin1])
    close = sum(_near(place, other, 40.0) for other in sure)
    return score + min(1.5, 0.4 * close) + 2.0 * _said_to_lie_in(place, group, context)


def _said_to_lie_in(place: Place, group: Sequence[PlaceHit], context: _Context) -> bool:
    """A mention goes on to name the place's governorate («بلدة X بريف حلب», «X في محافظة حلب»)."""
    governorate = name_key(place.admin1)
    following = {other.head_first: other for other in context.hits}
    for hit in group:
        for step in range(hit.last, hit.last + 4):
            other = following.get(step)
            if other and other is not hit and governorate and governorate in _containers(other):
                return True
    return False


def _containers(hit: PlaceHit) -> tuple[str, ...]:
    """Keys of the governorate that a hit names, if it does."""
    key = name_key(hit.ref.name)
    return (key, key.removeprefix("ريف ").split(" شمال")[0].split(" جنوب")[0].split(" شرق")[0].split(" غرب")[0])


def _sentence(reading: Reading, hit: PlaceHit) -> tuple[int, int]:
    for sentence in reading.sentences:
        if sentence.first <= hit.first < sentence.last:
            return sentence.first, sentence.last
    return 0, len(reading.tokens)


def _near(place: Place, other: Place, limit: float) -> bool:
    if place.lat is None or place.lon is None or other.lat is None or other.lon is None:
        return place.admin1 == other.admin1 != "" and limit <= 10.0
    return distance_km(place.lat, place.lon, other.lat, other.lon) <= limit


def place_type(feature: str) -> str:
    """The guidelines' place type of a gazetteer feature."""
    return _TYPES.get(feature, feature)


def _ref(hit: PlaceHit, place: Place, share: float, rivals: tuple[str, ...]) -> PlaceRef:
    return PlaceRef(
        place_id=place.id,
        name=hit.ref.name,
        name_ar=place.name_ar,
        name_en=place.name_en,
        country=place.country,
        admin1=place.admin1,
        place_type=place_type(place.feature),
        lat=place.lat,
        lon=place.lon,
        geo_precision=_precision(place),
        score=round(share, 3),
        rivals=rivals,
    )


def _precision(place: Place) -> int:
    if place.lat is None or place.feature in {"governorate", "region"}:
        return 3
    return 2 if place.feature == "district" else 1


def _with_precision(reading: Reading, hit: PlaceHit, ref: PlaceRef) -> PlaceRef:
    """The name as this mention writes it; «محيط X» is only near X."""
    before = reading.tokens[hit.head_first - 1].folded if hit.head_first else ""
    precision = max(ref.geo_precision, 2) if before in _AREA_WORDS else ref.geo_precision
    return msgspec.structs.replace(ref, name=hit.ref.name, geo_precision=precision)


def _unknown(
    hit: PlaceHit,
    hits: Sequence[PlaceHit],
    known: dict[tuple[str, bool], PlaceRef],
    gazetteer: Gazetteer,
    context: _Context,
) -> PlaceRef:
    """A ref for a place that the gazetteer lacks: country and governorate from what it is named with."""
    base = _base(hit, gazetteer, context)
    if base is None:
        base = _neighbour(hit, hits, known, context)
    country, admin1 = base or (context.theatres.most_common(1)[0][0] if context.theatres else "", "")
    name = hit.ref.name
    digest = hashlib.sha256(f"{name_key(name)}|{name_key(admin1)}".encode()).hexdigest()[:12]
    kind = {head.lemma: head.kind for head in heads().values()}.get(hit.head, "other")
    return PlaceRef(
        place_id=f"x:{digest}",
        name=name,
        name_ar=name,
        country=country,
        admin1=admin1,
        place_type=kind,
        geo_precision=2 if hit.head == "ريف" else 3,
    )


_NAMED_FOR_TOWN = frozenset(
    {"ريف", "مطار", "ميناء", "جامعه", "سد", "حقل", "مصفاه", "مستشفي", "باديه", "سهل", "محطه", "قلعه", "مخيم", "طريق"}
)


def _base(hit: PlaceHit, gazetteer: Gazetteer, context: _Context) -> tuple[str, str] | None:
    """Country and governorate of the town inside a name («مطار كويرس», «ريف حلب الشمالي»)."""
    if hit.head not in _NAMED_FOR_TOWN:
        return None
    words = name_key(hit.ref.name).split()
    for end in range(len(words), 1, -1):
        places = [place for place in gazetteer.by_key(" ".join(words[1:end])) if context.theatres[place.country] > 0]
        if places:
            best = max(places, key=lambda place: (place.core, context.theatres[place.country]))
            return best.country, best.admin1
    return None


def _neighbour(
    hit: PlaceHit, hits: Sequence[PlaceHit], known: dict[tuple[str, bool], PlaceRef], context: _Context
) -> tuple[str, str] | None:
    """Country and governorate of the linked place named with it: the governorate of the sentence first, then the nearest."""
    start, end = _sentence(context.reading, hit)
    best, cost = None, 0
    for other in hits:
        ref = known.get(_sense(other))
        if not ref or other.in_name or not context.theatres[ref.country]:
            continue
        if ref.place_id.startswith("x:") and other.head not in _NAMED_FOR_TOWN:
            continue
        same = start <= other.first < end
        container = other.head in {"محافظه", "ريف", "مديريه", "ولايه"} or ref.place_type == "governorate"
        here = abs(other.first - hit.first) + (0 if same else 1000) - (20 if same and container else 0)
        if best is None or here < cost:
            best, cost = ref, here
    return (best.country, best.admin1) if best else None
