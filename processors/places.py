"""Layer 3: places named in an article.

One walk over the tokens. At each token a head noun is tried («قريتي دلحة وحرجلة»: as many names as its number asks for, known or
not), then the longest name of the gazetteer. A name without a head noun is taken where it is a core place and no ordinary word;
any other needs evidence: a preposition of place, a coordinated place before it, and a country that the article is about.
Names in organisations, persons and datelines are hits with `in_name` or `dateline`; capitals that speak or act are left out.

    place_names.py     how a name is read from tokens       place_heads.py  names that head nouns introduce
    place_evidence.py  whether a known name means the place  place_links.py  which place of that name it is
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from processors.gazetteer import Gazetteer, name_key
from processors.lexicon import Head, word_list, word_phrases
from processors.place_evidence import in_name, is_government, is_place
from processors.place_heads import (
    institution_starts,
    is_direction,
    read_after_direction,
    read_again,
    read_before_container,
    read_further_member,
    read_head,
    read_institution,
)
from processors.place_links import link, theatres
from processors.place_names import Name, head_at, head_in, known_name, starts
from processors.place_walk import Walk, add_hit, before_name, never_alone
from processors.reading import PlaceHit, Reading, Token

__all__ = ["find_places", "link", "theatres"]

_LINE_STARTS = frozenset({"\n", ".", "!", "؟", "»", '"'})
_NAME_BEGINS = frozenset({"باب", "خان", "دير", "عين", "راس"})
_DASHES = frozenset({"-", "–", "—", "--"})
_DATELINE_MARKS = _DASHES | {"/", "(", ":"}


def find_places(reading: Reading, gazetteer: Gazetteer, countries: Counter[str]) -> tuple[PlaceHit, ...]:
    """The places that the article names, in order of the text; refs have a name and nothing else until they are linked.

    Args:
        countries: how much the article speaks of each (place_links.theatres).
    """
    walk = Walk(reading, gazetteer, countries)
    free = 0
    for at, token in enumerate(walk.tokens):
        if at >= free:
            opens_line = at == 0 or walk.tokens[at - 1].folded in _LINE_STARTS
            free = (_after_aside(walk, at) if opens_line else 0) or _step(walk, at, token)
    return _mark_dateline(walk)


def _after_aside(walk: Walk, at: int) -> int:
    """The end of a line that is no text and begins at a token («اقرأ أيضا: …», «للمزيد», a row of tags); 0 for another line."""
    tokens = walk.tokens
    words = " ".join(token.folded for token in tokens[at : at + 2])
    tags = tokens[at].folded == "سمات" and len(tokens) - at < 15
    if not tags and words not in word_phrases("asides"):
        return 0
    return next((number for number in range(at, len(tokens)) if tokens[number].folded == "\n"), len(tokens))


def _step(walk: Walk, at: int, token: Token) -> int:
    """Reads what begins at a token; returns the number of the next token to look at."""
    end = _named(walk, at) if _may_begin(walk.gazetteer, token.folded) and token.is_word else 0
    if not end and token.folded[0] == "و":
        end = read_further_member(walk, at)
    if not end and at and is_direction(walk.tokens[at - 1].folded):
        end = read_after_direction(walk, at)
    if not end and at and walk.tokens[at - 1].folded in _TAKEN_BY:
        end = read_before_container(walk, at) or read_again(walk, at)
    return end or at + 1


_TAKEN_BY = frozenset({"من", "علي"})


@lru_cache(maxsize=1 << 17)
def _may_begin(gazetteer: Gazetteer, folded: str) -> bool:
    """A name of the gazetteer, a head noun or an institution can begin with the word."""
    return bool(starts(gazetteer, folded) or head_in(folded) or institution_starts(folded))


def _named(walk: Walk, at: int) -> int:
    """Reads a name of the gazetteer, one after a head noun, or an institution; returns the next token, 0 where there is none."""
    name = known_name(walk.tokens, at, walk.gazetteer)
    found = head_at(walk.tokens, at)
    if name and name.last - name.first > 1 and not (found and _head_stays_out(walk, name, found[0])):
        return _take(walk, name)
    if name and found and _is_base(walk, name, found[0]):
        inner = replace(name, first=at + 1, proclitic="", form=walk.tokens[at + 1].folded)
        add_hit(walk, inner, head=found[0], head_first=at, head_proclitic=found[1])
        return name.last
    if found:
        end = read_head(walk, at, *found)
        if end:
            return end
    end = read_institution(walk, at)
    if end:
        return end
    return _take(walk, name) if name and name.last - name.first == 1 and not never_alone(name) else 0


def _head_stays_out(walk: Walk, name: Name, head: Head) -> bool:
    """The gazetteer's name begins with a head noun that is no part of the bare name («قاعدة العند»); «مدينة الصدر» is whole.

    «ريف دمشق الغربي» goes on where the gazetteer's «ريف دمشق» ends.
    """
    if head.lemma == "ريف" or head.lemma in word_list("dropped_heads"):
        return True
    core = (place for place in walk.gazetteer.by_key(name.key) if place.core)
    return not head.keep and all(name_key(place.name_ar) != name.key for place in core)


def _is_base(walk: Walk, name: Name, head: Head) -> bool:
    """A core place that is listed with its head noun, which is no part of the bare name («معسكر حمزة», «قاعدة العند»)."""
    if name.last - name.first < 2 or head.number > 1 or head.lemma not in word_list("dropped_heads"):
        return False
    return any(place.core and walk.plain(place) for place in walk.gazetteer.by_key(name.key))


def _take(walk: Walk, name: Name) -> int:
    """Takes or leaves a gazetteer name without head noun."""
    places = walk.gazetteer.by_key(name.key)
    if any(place.feature in {"country", "sea"} for place in places):
        return name.last
    if not is_place(walk, name, places):
        return name.first + 1
    if before_name(walk, name.first) in _NAME_BEGINS and not name.proclitic:
        joint = "و" if walk.tokens[name.first - 1].folded[0] == "و" else ""
        add_hit(walk, replace(name, first=name.first - 1, proclitic=joint, known=False))  # «باب سنجار» is not Sinjar
        return name.last
    if not is_government(walk, name):
        add_hit(walk, name, in_name=in_name(walk, name))
    return name.last


def _mark_dateline(walk: Walk) -> tuple[PlaceHit, ...]:
    """Marks places of the dateline: «حلب - أ ف ب», «دمشق/ رويترز», «عدن (سبأ) -», «وكالة سبأ - عدن» at the beginning of the text."""
    tokens, hits = walk.tokens, walk.hits
    first_word = next((number for number, token in enumerate(tokens) if token.is_word), 0)
    if not hits or hits[0].first > first_word + 3 or hits[0].proclitic or hits[0].head:
        return tuple(hits)
    if hits[0].first == first_word + 2 and tokens[first_word + 1].folded == "من" and tokens[hits[0].last].folded == ":":
        return (replace(hits[0], dateline=True), *hits[1:])
    near = range(hits[0].last, min(hits[0].last + 6, len(tokens)))
    mark = next((number for number in near if tokens[number].folded in _DATELINE_MARKS), 0)
    if hits[0].first != first_word:
        mark = hits[0].last if tokens[hits[0].first - 1].folded in _DASHES else 0
    elif not mark or not _is_dateline(tokens, mark):
        return tuple(hits)
    return tuple(replace(hit, dateline=True) if hit.last <= mark else hit for hit in hits)


def _is_dateline(tokens: Sequence[Token], mark: int) -> bool:
    """A dash, or another mark with an agency after it, in the first sentence."""
    if any(tokens[number].folded in {".", "\n"} for number in range(mark)):
        return False
    return tokens[mark].folded in _DASHES or any(
        token.folded in word_list("agencies") for token in tokens[mark + 1 : mark + 4]
    )
