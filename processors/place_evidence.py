"""Whether words that the gazetteer knows mean the place: evidence for and against a name without a head noun."""

from collections.abc import Sequence

from processors.folding import bare, fold_word
from processors.gazetteer import Place
from processors.lexicon import common_words, word_list
from processors.place_links import country_of
from processors.place_names import Name
from processors.place_walk import Walk, before_name

WORLD_CITY = 300_000
"""People of a city that a preposition of place is enough for, wherever it lies."""
BIG_CITY = 1_000_000
"""People of a city that «في» is enough for though its name is an ordinary word as well («في جدة»)."""
_JOINTS = frozenset({"،", ",", "و", "او", "ثم", "و،"})


def is_place(walk: Walk, name: Name, places: Sequence[Place]) -> bool:
    """Whether the words mean the place: the rule of evidence in the module's docstring."""
    single = name.last - name.first == 1
    before = before_name(walk, name.first)
    if not name.exact or (single and _is_date(walk, name.first)):
        return False
    kind = common_words().get(name.form) if single else None
    if kind == "common" or (single and _is_common_whole(walk, name, kind)):
        return False
    listed = _after_place(walk, name)
    near = name.proclitic.endswith("ب") or before in word_list("near") or _after_capital(walk, name.first)
    if kind == "both":
        big = before in {"في", "الي"} and any(place.core and place.population >= BIG_CITY for place in places)
        return big or (walk.here(places) and (listed or (near and _has_company(walk, name, places))))
    if core_as_written(walk, name, places):
        return True
    if places[0].core or places[0].population >= WORLD_CITY:
        return listed or near or before == "الي"
    return walk.here(places) and (listed or near or (not single and before in word_list("near_weak")))


def _is_date(walk: Walk, first: int) -> bool:
    """«3 آب», «أغسطس (آب)»: a number or another month stands before it."""
    words = [token.folded for token in walk.tokens[max(0, first - 2) : first]]
    return bool(words) and (words[-1][:1].isdigit() or any(word in word_list("months") for word in words))


def core_as_written(walk: Walk, name: Name, places: Sequence[Place]) -> bool:
    """A place of the project's own table, with the article as in its own name: «شرية» is not «الشرية» of another table."""
    definite = name.form.startswith("ال")
    own = (place for place in places if place.core and walk.plain(place))
    return any(name.last - name.first > 1 or fold_word(place.name_ar).startswith("ال") == definite for place in own)


def _has_company(walk: Walk, name: Name, places: Sequence[Place]) -> bool:
    """A country, its adjective or a well-known place of the same country stands within a dozen words («في الباب شرق حلب»)."""
    countries = {place.country for place in places}
    around = (*walk.tokens[max(0, name.first - 12) : name.first], *walk.tokens[name.last : name.last + 12])
    return any(country_of(walk.gazetteer, token.folded)[0] in countries for token in around)


def _is_common_whole(walk: Walk, name: Name, kind: str | None) -> bool:
    """The word with its proclitic is an ordinary word («كبيرة», «بشرية»), or ends in a pronoun where the name has «ة» («حديثه»)."""
    token = walk.tokens[name.first]
    if name.proclitic not in {"", "ب"} and common_words().get(token.folded) == "common":
        return True
    places = walk.gazetteer.by_key(name.key)
    common = common_words().get(token.folded) == "common"
    if name.proclitic == "ب" and common and not core_as_written(walk, name, places):
        return True
    return kind is not None and token.text.endswith("ه") and places[0].name_ar.endswith("ة")


def _after_capital(walk: Walk, first: int) -> bool:
    """«العاصمة السنغالية دكار»."""
    before = walk.tokens[first - 1].folded if first > 1 else ""
    return before.startswith("ال") and before.endswith("يه") and bare(walk.tokens[first - 2].folded) == "عاصمه"


def _after_place(walk: Walk, name: Name) -> bool:
    """The name goes on with a list whose last member was a place."""
    if not walk.hits:
        return False
    between = [token.folded for token in walk.tokens[walk.hits[-1].last : name.first]]
    joined = bool(between) or name.proclitic.startswith("و")
    return joined and all(folded in _JOINTS for folded in between) and len(between) <= 2


def is_government(walk: Walk, name: Name) -> bool:
    """A capital that stands for its government: beside a word of speech or politics, or abroad and in no place of its own."""
    form = name.form
    if name.last - name.first > 1 or form not in word_list("capitals"):
        return False
    before = before_name(walk, name.first)
    after = walk.tokens[name.last].folded if name.last < len(walk.tokens) else ""
    if before == "بين":
        return after.removeprefix("و") in word_list("capitals")
    if name.proclitic.endswith("ب") or before in word_list("near") or _after_place(walk, name):
        return False
    if before in word_list("government_words") or after in word_list("government_words"):
        return True
    return form in word_list("foreign_capitals") and before != "الي"


def in_name(walk: Walk, name: Name) -> bool:
    """The name stands inside the name of an organisation or person."""
    before = before_name(walk, name.first)
    single = name.last - name.first == 1
    if before == "علي" and name.first > 1:
        before = walk.tokens[name.first - 2].folded  # «علي» is «على» as well
    if not name.proclitic and single and _names_person(before):
        return True
    if not single:
        return name.form in word_list("given_names") and _names_person(before)
    if not name.proclitic and (before in word_list("organisations") or bare(before) in word_list("organisations")):
        return True
    after = walk.tokens[name.last].folded if name.last < len(walk.tokens) else ""
    return after in word_list("organisation_adjectives") and before not in word_list("near") and not name.proclitic


def _names_person(word: str) -> bool:
    return (
        word in word_list("given_names")
        or word in word_list("titles")
        or word in {"ابو", "ام", "بن", "ابن", "ابي", "ال"}
    )
