"""Layer 3: places named in an article.

One walk over the tokens. At each token a head noun is tried («قريتي دلحة وحرجلة»: as many names as its number asks for, known or
not), then the longest name of the gazetteer. A name without a head noun is taken where it is a core place and no ordinary word;
any other needs evidence: a preposition of place, a coordinated place before it, and a country that the article is about.
Names in organisations, persons and datelines are hits with `in_name` or `dateline`; capitals that speak or act are left out.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from processors.folding import bare, fold_word
from processors.gazetteer import Gazetteer, Place, name_key
from processors.gazetteer_load import NEIGHBOURS, THEATRES
from processors.lexicon import Head, common_words, word_list, word_phrases
from processors.place_links import country_of, link, theatres
from processors.place_names import (
    Name,
    bare_text,
    can_be_name,
    head_at,
    known_name,
    names_head,
    quoted_name,
    split_proclitics,
    unknown_name,
)
from processors.reading import PlaceHit, Reading, Token
from processors.sentences import looks_like_verb
from rasid.messages import PlaceRef

__all__ = ["find_places", "link"]

_OPENERS = frozenset({":", "(", '"', "«", "“", "كل", "هي"})
_LINE_STARTS = frozenset({"\n", ".", "!", "؟", "»", '"'})
_DASHES = frozenset({"-", "–", "—", "--"})
_QUOTES = frozenset({'"', "«", "“"})
_LIST_MARKS = frozenset({"،", ",", "و", '"', "»", "«", "”", "“", "-"})
_LIST_ENDS = frozenset({"،", ",", ".", "و", "\n", ")", '"', "»"})
_DATELINE_MARKS = _DASHES | {"/", "(", ":"}
_JOINTS = frozenset({"،", ",", "و", "او", "ثم", "و،"})
_MAX_LIST = 20
_MEMBER = Head("", 3, "area", False, "known")
WORLD_CITY = 300_000
"""People of a city that a preposition of place is enough for, wherever it lies."""


@dataclass(slots=True)
class _Walk:
    """State of the walk over one article."""

    reading: Reading
    gazetteer: Gazetteer
    theatres: Counter[str]
    hits: list[PlaceHit] = field(default_factory=list)
    group: int = 0

    @property
    def tokens(self) -> Sequence[Token]:
        return self.reading.tokens

    def here(self, places: Sequence[Place]) -> bool:
        """The article is about the country of one of the places."""
        return any(self.theatres[place.country] > 0 for place in places)

    def plain(self, place: Place) -> bool:
        """A place that a mere mention means: a city or governorate of the region, or any place of the article's country."""
        if place.country not in THEATRES | NEIGHBOURS:
            return False
        return self.theatres[place.country] > 0 or place.feature in {"city", "governorate", "region"}


def find_places(reading: Reading, gazetteer: Gazetteer) -> tuple[PlaceHit, ...]:
    """The places that the article names, in order of the text; refs have a name and nothing else until they are linked."""
    walk = _Walk(reading, gazetteer, theatres(reading, gazetteer))
    at = 0
    while at < len(walk.tokens):
        at = _after_aside(walk, at) or _step(walk, at)
    return _mark_dateline(walk)


def _after_aside(walk: _Walk, at: int) -> int:
    """The end of a line that is no text: «اقرأ أيضا: …», «للمزيد», «رابط الخبر …», a row of tags; 0 elsewhere."""
    tokens = walk.tokens
    if at and tokens[at - 1].folded not in _LINE_STARTS:
        return 0
    words = " ".join(token.folded for token in tokens[at : at + 2])
    tags = tokens[at].folded == "سمات" and len(tokens) - at < 15
    if not tags and words not in word_phrases("asides"):
        return 0
    return next((number for number in range(at, len(tokens)) if tokens[number].folded == "\n"), len(tokens))


def _step(walk: _Walk, at: int) -> int:
    """Reads what begins at a token; returns the number of the next token to look at."""
    if not walk.tokens[at].is_word:
        return at + 1
    name = known_name(walk.tokens, at, walk.gazetteer)
    found = head_at(walk.tokens, at)
    if name and name.last - name.first > 1 and not (found and _head_stays_out(walk, name, found[0])):
        return _take(walk, name)
    if found:
        end = _read_head(walk, at, *found)
        if end:
            return end
    end = _read_institution(walk, at)
    if end:
        return end
    if name and name.last - name.first == 1 and not _never_alone(name):
        return _take(walk, name)
    return _read_further_member(walk, at) or at + 1


def _never_alone(name: Name) -> bool:
    return names_head(name.form) or name.form in word_list("name_starters")


def _head_stays_out(walk: _Walk, name: Name, head: Head) -> bool:
    """The gazetteer's name begins with a head noun that is no part of the bare name («قاعدة العند»); «مدينة الصدر» is whole.

    «ريف دمشق الغربي» goes on where the gazetteer's «ريف دمشق» ends.
    """
    if head.lemma == "ريف" or head.lemma in word_list("dropped_heads"):
        return True
    core = (place for place in walk.gazetteer.by_key(name.key) if place.core)
    return not head.keep and all(name_key(place.name_ar) != name.key for place in core)


def _take(walk: _Walk, name: Name) -> int:
    """Takes or leaves a gazetteer name without head noun."""
    places = walk.gazetteer.by_key(name.key)
    if any(place.feature in {"country", "sea"} for place in places):
        return name.last
    if not _is_place(walk, name, places):
        return name.first + 1
    if not _is_government(walk, name):
        _add(walk, name, in_name=_in_name(walk, name))
    return name.last


def _is_place(walk: _Walk, name: Name, places: Sequence[Place]) -> bool:
    """Whether the words mean the place: the rule of evidence in the module's docstring."""
    single = name.last - name.first == 1
    before = _before(walk, name.first)
    if not name.exact or (single and (before[:1].isdigit() or before in word_list("months"))):
        return False
    kind = common_words().get(name.form) if single else None
    if kind == "common" or (single and _is_common_whole(walk, name, kind)):
        return False
    listed = _after_place(walk, name)
    near = name.proclitic.endswith("ب") or before in word_list("near") or _after_capital(walk, name.first)
    if kind == "both":
        return walk.here(places) and (listed or (near and _has_company(walk, name, places)))
    if _core_as_written(walk, name, places):
        return True
    if places[0].core or places[0].population >= WORLD_CITY:
        return listed or near or before in word_list("near_weak")
    return walk.here(places) and (listed or near or (not single and before in word_list("near_weak")))


def _core_as_written(walk: _Walk, name: Name, places: Sequence[Place]) -> bool:
    """A place of the project's own table, with the article as in its own name: «شرية» is not «الشرية» of another table."""
    definite = name.form.startswith("ال")
    own = (place for place in places if place.core and walk.plain(place))
    return any(name.last - name.first > 1 or fold_word(place.name_ar).startswith("ال") == definite for place in own)


def _has_company(walk: _Walk, name: Name, places: Sequence[Place]) -> bool:
    """A country, its adjective or a well-known place of the same country stands within a dozen words («في الباب شرق حلب»)."""
    countries = {place.country for place in places}
    around = (*walk.tokens[max(0, name.first - 12) : name.first], *walk.tokens[name.last : name.last + 12])
    return any(country_of(walk.gazetteer, token.folded)[0] in countries for token in around)


@lru_cache(maxsize=1 << 17)
def _institution_starts(folded: str) -> tuple[tuple[str, str], ...]:
    names = word_list("institution_heads") | {"مبني", "مقر", "قياده"}
    return tuple(reading for reading in split_proclitics(folded) if reading[1] in names)


def _read_institution(walk: _Walk, at: int) -> int:
    """«القصر الجمهوري», «المشفى الوطني», «مبنى المحافظة»: a building that its town has one of; 0 where there is none."""
    tokens = walk.tokens
    if at + 1 >= len(tokens):
        return 0
    for proclitic, form in _institution_starts(tokens[at].folded):
        last = at + 2
        second = tokens[at + 1].folded
        definite = form.startswith("ال") and second in word_list("institution_adjectives")
        if definite and form in word_list("institution_heads"):
            name = Name(at, last, proclitic, form, name_key(form + " " + second), False)
        elif form in {"مبني", "مقر", "قياده"} and second in word_list("institutions"):
            if second == "قياده":
                last += 1
            if last > len(tokens) or tokens[last - 1].folded not in word_list("institutions"):
                continue
            if last < len(tokens) and tokens[last].folded == "العسكريه":
                last += 1
            name = Name(at, last, proclitic, form, name_key(form + " " + second), False)
        else:
            continue
        walk.group += 1
        _add(walk, name)
        return last
    return 0


def _read_further_member(walk: _Walk, at: int) -> int:
    """An unknown name that «و» joins to a list of two places or more («في القصير وقارة والجراجير»); 0 where it is none."""
    token = walk.tokens[at]
    if token.folded[0] != "و" or len(walk.hits) < 2 or walk.hits[-1].last != at or walk.hits[-1].in_name:
        return 0
    last = walk.hits[-1]
    listed = last.group > 0 and walk.hits[-2].group == last.group
    if not (listed or (last.proclitic.startswith("و") and walk.hits[-2].last == last.head_first)):
        return 0
    name = unknown_name(walk.tokens, at, _MEMBER, "و")
    if name is None or looks_like_verb(name.form):
        return 0
    _add(walk, name)
    return name.last


def _before(walk: _Walk, first: int) -> str:
    """The folded word before a token, without «و» and the article."""
    if first == 0:
        return ""
    folded = walk.tokens[first - 1].folded
    return folded[1:] if folded[:1] == "و" and len(folded) >= 3 else folded


def _is_common_whole(walk: _Walk, name: Name, kind: str | None) -> bool:
    """The word with its proclitic is an ordinary word («كبيرة», «بشرية»), or ends in a pronoun where the name has «ة» («حديثه»)."""
    token = walk.tokens[name.first]
    if name.proclitic not in {"", "ب"} and common_words().get(token.folded) == "common":
        return True
    places = walk.gazetteer.by_key(name.key)
    common = common_words().get(token.folded) == "common"
    if name.proclitic == "ب" and common and not _core_as_written(walk, name, places):
        return True
    return kind is not None and token.text.endswith("ه") and places[0].name_ar.endswith("ة")


def _after_capital(walk: _Walk, first: int) -> bool:
    """«العاصمة السنغالية دكار»."""
    before = walk.tokens[first - 1].folded if first > 1 else ""
    return before.startswith("ال") and before.endswith("يه") and bare(walk.tokens[first - 2].folded) == "عاصمه"


def _after_place(walk: _Walk, name: Name) -> bool:
    """The name goes on with a list whose last member was a place."""
    if not walk.hits:
        return False
    between = [token.folded for token in walk.tokens[walk.hits[-1].last : name.first]]
    joined = bool(between) or name.proclitic.startswith("و")
    return joined and all(folded in _JOINTS for folded in between) and len(between) <= 2


def _is_government(walk: _Walk, name: Name) -> bool:
    """A capital that stands for its government: beside a word of speech or politics, or abroad and in no place of its own."""
    form = name.form
    if name.last - name.first > 1 or form not in word_list("capitals"):
        return False
    before = _before(walk, name.first)
    if name.proclitic.endswith("ب") or before in word_list("near"):
        return before == "بين"
    after = walk.tokens[name.last].folded if name.last < len(walk.tokens) else ""
    if before in word_list("government_words") or after in word_list("government_words"):
        return True
    return form in word_list("foreign_capitals") and before != "الي"


def _in_name(walk: _Walk, name: Name) -> bool:
    """The name stands inside the name of an organisation or person."""
    before = _before(walk, name.first)
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


def _read_head(walk: _Walk, at: int, head: Head, proclitic: str, form: str) -> int:
    """Reads the names that a head noun introduces; 0 where none follows."""
    if head.lemma == "ريف":
        return _read_countryside(walk, at, head, proclitic)
    if head.lemma == "طريق" and _before(walk, at) == "عن":
        return at + 1
    inner = head_at(walk.tokens, at + 1)
    if inner and not inner[1] and not _fits_next(walk, at + 1, head):
        end = _read_head(walk, at + 1, *inner)
        if end:
            return end
    start = at + 1
    while start < len(walk.tokens) and _opens(walk, start, head):
        start += 1
    names = _read_list(walk, start, head)
    if not names or (
        head.number == 2 and len(names) < 2 and not names[0].known and not _head_follows(walk, names[0].last)
    ):
        return 0
    walk.group += 1
    for name in names:
        whole = head.keep and head.number == 1
        _add(walk, name, head=head, head_first=at, head_proclitic=proclitic if name is names[0] else "", whole=whole)
    return _after_epithet(walk, names[-1].last) if not head.keep else names[-1].last


def _opens(walk: _Walk, at: int, head: Head) -> bool:
    """What may stand between a head noun and its name: a quotation mark; before a list also «:» or «كل من»."""
    folded = walk.tokens[at].folded
    if head.number == 1:
        return folded in _QUOTES
    return folded in _OPENERS or (folded == "من" and walk.tokens[at - 1].folded == "كل")


def _head_follows(walk: _Walk, at: int) -> bool:
    """The second of two has a head noun of its own («قريتي عرب بوران ومزارع الشويحة»)."""
    found = head_at(walk.tokens, at)
    return bool(found and found[1].startswith("و"))


def _after_epithet(walk: _Walk, at: int) -> int:
    """Passes over «الجوية», «الحدودي» after the name of a base or crossing."""
    return at + 1 if at < len(walk.tokens) and walk.tokens[at].folded in word_list("base_epithets") else at


def _fits_next(walk: _Walk, at: int, head: Head) -> bool:
    known = known_name(walk.tokens, at, walk.gazetteer, proclitics=False)
    return bool(known and known.last - known.first > 1)


def _name_after(walk: _Walk, at: int, head: Head, joint: str = "") -> Name | None:
    """The name at a token; `joint` is a «و» written on it."""
    if at >= len(walk.tokens) or not walk.tokens[at].is_word:
        return None
    quoted = quoted_name(walk.tokens, at)
    if quoted:
        return None if head.lemma == "موقع" else quoted
    if head.lemma == "شارع" and walk.tokens[at].folded.isdigit():
        return Name(at, at + 1, "", walk.tokens[at].folded, walk.tokens[at].folded, False)
    known = known_name(walk.tokens, at, walk.gazetteer)
    if known and known.proclitic in {"", joint} and _fits(walk, known, head):
        return _road(walk, known) if head.lemma in {"طريق", "مفرق", "خط"} and head.number == 1 else known
    if (known and known.proclitic[-1:] in {"ب", "ل"}) or (
        head.lemma == "موقع" and walk.tokens[at - 1].folded in _QUOTES
    ):
        return None
    return unknown_name(walk.tokens, at, head, joint)


def _road(walk: _Walk, name: Name) -> Name:
    """«طريق بغداد كركوك», «مفرق المخا - البرح»: a road is named by both its ends."""
    at = name.last
    if at < len(walk.tokens) and walk.tokens[at].folded in {"-", "–"}:
        at += 1
    other = known_name(walk.tokens, at, walk.gazetteer, proclitics=False) if at < len(walk.tokens) else None
    if other and other.exact and walk.tokens[at].is_word and common_words().get(other.form) is None:
        return replace(name, last=other.last)
    return name


def _fits(walk: _Walk, name: Name, head: Head) -> bool:
    """A gazetteer name after a head noun: any, unless it is an ordinary word that the head does not make a name."""
    if name.last - name.first > 1:
        return True
    places = walk.gazetteer.by_key(name.key)
    if any(place.feature in {"country", "sea"} for place in places):
        return head.lemma in word_list("named_after")
    if name.form in word_list("not_names"):
        return False
    core = name.exact and any(place.core and walk.plain(place) for place in places)
    if core and (name.form.startswith("ال") or (head.trust in {"any", "name"} and head.number == 1)):
        return True
    if _never_alone(name):
        return False
    kind = common_words().get(name.form)
    return (name.exact or kind is None) if kind != "common" else name.exact and can_be_name(name.form, head)


def _read_list(walk: _Walk, at: int, head: Head) -> list[Name]:
    """The names after a head noun: one, two for a dual, any number for a plural («بلدات أ وب، ج»)."""
    first = _name_after(walk, at, head)
    if not first:
        return []
    names = [first]
    while len(names) < (1, 2, _MAX_LIST)[head.number - 1]:
        start = names[-1].last
        while start < len(walk.tokens) and walk.tokens[start].folded in _LIST_MARKS:
            start += 1
        joint = "و" if start < len(walk.tokens) and walk.tokens[start].folded[0] == "و" else ""
        if not joint and start == names[-1].last:
            break
        name = _name_after(walk, start, head, joint)
        if not name or not _listed(walk, name, start > names[-1].last):
            break
        names.append(name)
    return names


def _listed(walk: _Walk, name: Name, paused: bool) -> bool:
    """A member of a list: no head noun, and known, joined by «و», or between two commas."""
    if names_head(name.form):
        return False
    if name.known:
        return name.proclitic.startswith("و") or common_words().get(name.form) is None
    if common_words().get(walk.tokens[name.first].folded) or common_words().get(name.form) == "common":
        return False
    after = walk.tokens[name.last].folded if name.last < len(walk.tokens) else "."
    joined = name.proclitic.startswith("و") or not paused
    return joined or after in _LIST_ENDS or after.startswith("و") or after in word_list("near")


def _read_countryside(walk: _Walk, at: int, head: Head, proclitic: str) -> int:
    """«ريف حلب», «ريف حلب الشمالي»: a place of its own, named by the town and the direction."""
    start = at + 1
    inner = head_at(walk.tokens, start)
    if inner and inner[0].kind in {"city", "governorate", "town"} and not inner[1]:
        start += 1
    if start >= len(walk.tokens) or not walk.tokens[start].is_word:
        return 0
    name = known_name(walk.tokens, start, walk.gazetteer, proclitics=False)
    if name is None or not _fits(walk, name, head):
        return 0
    last = name.last
    while last < len(walk.tokens) and walk.tokens[last].folded in word_list("directions"):
        if walk.tokens[last].folded.startswith("وال"):
            break
        last += 1
    walk.group += 1
    _add(walk, replace(name, last=last), head=head, head_first=at, head_proclitic=proclitic, whole=True)
    return last


def _add(
    walk: _Walk,
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
    if name.known and last - first > 2 and tokens[last - 1].folded in word_list("base_epithets"):
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


def _mark_dateline(walk: _Walk) -> tuple[PlaceHit, ...]:
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
