"""Layer 3: places named in an article.

One walk over the tokens. At each token a head noun is tried («قريتي دلحة وحرجلة»: as many names as its number asks for, known or
not), then the longest name of the gazetteer. A name without a head noun is taken where it is a core place and no ordinary word;
any other needs evidence: a preposition of place, a coordinated place before it, and a country that the article is about.
Names in organisations, persons and datelines are hits with `in_name` or `dateline`; capitals that speak or act are left out.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from processors.folding import bare
from processors.gazetteer import Gazetteer, Place, name_key
from processors.lexicon import Head, common_words, word_list
from processors.place_links import link, theatres
from processors.place_names import Name, bare_text, can_be_name, head_at, known_name, unknown_name
from processors.reading import PlaceHit, Reading, Token
from rasid.messages import PlaceRef

__all__ = ["find_places", "link"]

_OPENERS = frozenset({":", "(", '"', "«", "“", "كل", "من", "هي", "و"})
_JOINTS = frozenset({"،", ",", "و", "او", "ثم", "و،"})
_MAX_LIST = 20


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


def find_places(reading: Reading, gazetteer: Gazetteer) -> tuple[PlaceHit, ...]:
    """The places that the article names, in order of the text; refs have a name and nothing else until they are linked."""
    walk = _Walk(reading, gazetteer, theatres(reading, gazetteer))
    at = 0
    while at < len(walk.tokens):
        at = _step(walk, at)
    return _mark_dateline(walk)


def _step(walk: _Walk, at: int) -> int:
    """Reads what begins at a token; returns the number of the next token to look at."""
    if not walk.tokens[at].is_word:
        return at + 1
    name = known_name(walk.tokens, at, walk.gazetteer)
    if name and name.last - name.first > 1 and _canonical(walk, name) and not _extends_head(walk, at):
        return _take(walk, name)
    found = head_at(walk.tokens, at)
    if found:
        end = _read_head(walk, at, *found)
        if end:
            return end
    if name and not _head_only(walk, name):
        return _take(walk, name)
    return at + 1


def _head_only(walk: _Walk, name: Name) -> bool:
    """A single head noun is no place, though hamlets are called «الجسر» or «المخيم»."""
    return name.last - name.first == 1 and head_at(walk.tokens, name.first) is not None


def _extends_head(walk: _Walk, at: int) -> bool:
    """«ريف دمشق الغربي» goes on where the gazetteer's «ريف دمشق» ends."""
    found = head_at(walk.tokens, at)
    return bool(found and found[0].lemma == "ريف")


def _canonical(walk: _Walk, name: Name) -> bool:
    """The name, as it stands, is what the gazetteer calls the place (not an alias with a head noun that is dropped)."""
    return any(name_key(place.name_ar) == name.key for place in walk.gazetteer.by_key(name.key)) or not head_at(
        walk.tokens, name.first
    )


def _take(walk: _Walk, name: Name) -> int:
    """Takes or leaves a gazetteer name without head noun."""
    places = walk.gazetteer.by_key(name.key)
    if places[0].feature == "country" or not _is_place(walk, name, places):
        return name.last if places[0].feature == "country" else name.first + 1
    if _is_government(walk, name):
        return name.last
    _add(walk, name, in_name=_in_name(walk, name))
    return name.last


def _is_place(walk: _Walk, name: Name, places: Sequence[Place]) -> bool:
    """Whether the words mean the place: the rule of evidence in the module's docstring."""
    if not name.exact:
        return False
    single = name.last - name.first == 1
    form = walk.tokens[name.first].folded.removeprefix(name.proclitic)
    kind = common_words().get(form) or common_words().get(walk.tokens[name.first].folded) if single else None
    core = any(place.core for place in places)
    if core and kind is None:
        return True
    if kind == "common":
        return False
    listed = _after_place(walk, name)
    near = name.proclitic.endswith("ب") or _before(walk, name.first) in word_list("near")
    here = any(walk.theatres[place.country] > 0 for place in places)
    if kind == "both":
        return here and (listed or near)
    return here and (listed or near or (not single and _before(walk, name.first) in word_list("near_weak")))


def _before(walk: _Walk, first: int) -> str:
    """The folded word before a token, without «و» and the article."""
    if first == 0:
        return ""
    folded = walk.tokens[first - 1].folded
    return folded[1:] if folded[:1] == "و" and len(folded) > 3 else folded


def _after_place(walk: _Walk, name: Name) -> bool:
    """The name goes on with a list whose last member was a place."""
    if not walk.hits:
        return False
    between = [token.folded for token in walk.tokens[walk.hits[-1].last : name.first]]
    joined = bool(between) or name.proclitic.startswith("و")
    return joined and all(folded in _JOINTS for folded in between) and len(between) <= 2


def _is_government(walk: _Walk, name: Name) -> bool:
    """A capital that stands for its government: beside a word of speech or politics, or abroad and in no place of its own."""
    form = walk.tokens[name.first].folded.removeprefix(name.proclitic)
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
    if not name.proclitic and name.last - name.first == 1 and _names_person(before):
        return True
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
    inner = head_at(walk.tokens, at + 1)
    if inner and not inner[1] and not known_name(walk.tokens, at + 1, walk.gazetteer, proclitics=False):
        end = _read_head(walk, at + 1, *inner)
        if end:
            return end
    start = at + 1
    while start < len(walk.tokens) and walk.tokens[start].folded in (_OPENERS if head.number > 1 else {'"', "«", "“"}):
        start += 1
    name = _name_after(walk, start, head)
    if not name:
        return 0
    walk.group += 1
    whole = head.keep and head.number == 1
    _add(walk, name, head=head, head_first=at, head_proclitic=proclitic, whole=whole)
    return _read_list(walk, name.last, head, at) if head.number > 1 else name.last


def _name_after(walk: _Walk, at: int, head: Head, proclitics: bool = False) -> Name | None:
    if at >= len(walk.tokens) or not walk.tokens[at].is_word:
        return None
    known = known_name(walk.tokens, at, walk.gazetteer, proclitics=proclitics)
    if known and _fits(walk, known, head):
        return known
    joint = "و" if proclitics and walk.tokens[at].folded.startswith("و") else ""
    return unknown_name(walk.tokens, at, head, joint)


def _fits(walk: _Walk, name: Name, head: Head) -> bool:
    """A gazetteer name after a head noun: any, unless it is an ordinary word that the head does not make a name."""
    if name.last - name.first > 1:
        return True
    if walk.gazetteer.by_key(name.key)[0].feature == "country":
        return False
    form = walk.tokens[name.first].folded.removeprefix(name.proclitic)
    if common_words().get(form) != "common":
        return form not in word_list("not_names")
    return name.exact and can_be_name(form, head)


def _read_list(walk: _Walk, at: int, head: Head, head_first: int) -> int:
    """The further members of «بلدات أ وب، ج»; two for a dual."""
    count = 1
    while count < (2 if head.number == 2 else _MAX_LIST):
        start = at
        while start < len(walk.tokens) and walk.tokens[start].folded in {"،", ",", "و", '"', "»", "«", "”", "“"}:
            start += 1
        if start >= len(walk.tokens):
            break
        name = _name_after(walk, start, head, proclitics=True)
        if not name or not (start > at or name.proclitic.startswith("و")) or not _listed(walk, name, start > at):
            break
        _add(walk, name, head=head, head_first=head_first)
        at, count = name.last, count + 1
    return at


def _listed(walk: _Walk, name: Name, paused: bool) -> bool:
    """A member of a list: known, or joined by «و», or between two commas."""
    if name.known:
        form = walk.tokens[name.first].folded
        return name.proclitic.startswith("و") or common_words().get(form) is None
    form = walk.tokens[name.first].folded
    if common_words().get(form) or common_words().get(form[1:]) == "common":
        return False
    after = walk.tokens[name.last].folded if name.last < len(walk.tokens) else "."
    return not paused or after in {"،", ",", ".", "و", "\n", ")"} or after.startswith("و") or after in word_list("near")


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
    word, cut = bare_text(tokens[first].text, proclitic)
    words = [word, *(token.text for token in tokens[first + 1 : name.last] if token.is_word)]
    walk.hits.append(
        PlaceHit(
            start=tokens[first].start + cut,
            end=tokens[name.last - 1].end,
            first=first,
            last=name.last,
            ref=PlaceRef(place_id="", name=" ".join(words)),
            head=head.lemma if head else "",
            head_first=name.first if head_first is None else head_first,
            proclitic=name.proclitic or head_proclitic,
            group=walk.group if head else 0,
            in_name=in_name,
        )
    )


def _mark_dateline(walk: _Walk) -> tuple[PlaceHit, ...]:
    """Marks places of the dateline: «حلب - أ ف ب», «دمشق/ رويترز», «عدن (سبأ) -» at the beginning of the text."""
    tokens, hits = walk.tokens, walk.hits
    first_word = next((number for number, token in enumerate(tokens) if token.is_word), 0)
    if not hits or hits[0].first != first_word or hits[0].proclitic or hits[0].head:
        return tuple(hits)
    mark = next(
        (
            n
            for n in range(hits[0].last, min(hits[0].last + 6, len(tokens)))
            if tokens[n].folded in {"-", "–", "—", "--", "/", "(", ":"}
        ),
        0,
    )
    if not mark or any(tokens[n].folded in {".", "\n"} for n in range(mark)):
        return tuple(hits)
    if tokens[mark].folded in {"(", ":", "/"} and not _names_source(tokens, mark):
        return tuple(hits)
    return tuple(replace(hit, dateline=True) if hit.last <= mark else hit for hit in hits)


def _names_source(tokens: Sequence[Token], mark: int) -> bool:
    return any(token.folded in word_list("agencies") for token in tokens[mark + 1 : mark + 4])
