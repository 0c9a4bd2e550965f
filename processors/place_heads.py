"""Names that head nouns introduce: «قريتي دلحة وحرجلة», «ريف حلب الشمالي», «طريق بغداد كركوك», «القصر الجمهوري»."""

from dataclasses import replace
from functools import lru_cache

from processors.gazetteer import name_key
from processors.lexicon import Head, common_words, word_list
from processors.place_names import (
    Name,
    can_be_name,
    head_at,
    known_name,
    names_head,
    quoted_name,
    split_proclitics,
    unknown_name,
)
from processors.place_walk import Walk, add_hit, before_name, never_alone, without_joint
from processors.sentences import looks_like_verb

_OPENERS = frozenset({":", "(", '"', "«", "“", "كل", "هي"})
_QUOTES = frozenset({'"', "«", "“"})
_LIST_MARKS = frozenset({"،", ",", "و", '"', "»", "«", "”", "“", "-"})
_LIST_ENDS = frozenset({"،", ",", ".", "و", "\n", ")", '"', "»"})
_MAX_LIST = 20
_MAX_HEADS = 3
"""Head nouns in a row («مركز مديرية مدينة …»); more are no text."""
_MEMBER = Head("", 3, "area", False, "known")


def read_head(walk: Walk, at: int, head: Head, proclitic: str, _form: str, depth: int = 0) -> int:
    """Reads the names that a head noun introduces; returns the next token, 0 where none follows."""
    if head.lemma == "ريف":
        return _read_countryside(walk, at, head, proclitic)
    if head.lemma == "طريق" and before_name(walk, at) == "عن":
        return at + 1
    inner = head_at(walk.tokens, at + 1)
    if inner and not inner[1] and depth < _MAX_HEADS and not _fits_next(walk, at + 1):
        end = read_head(walk, at + 1, *inner, depth + 1)
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
        add_hit(walk, name, head=head, head_first=at, head_proclitic=proclitic if name is names[0] else "", whole=whole)
    return _after_epithet(walk, names[-1].last) if not head.keep else names[-1].last


def _opens(walk: Walk, at: int, head: Head) -> bool:
    """What may stand between a head noun and its name: a quotation mark; before a list also «:» or «كل من»."""
    folded = walk.tokens[at].folded
    if head.number == 1:
        return folded in _QUOTES
    return folded in _OPENERS or (folded == "من" and walk.tokens[at - 1].folded == "كل")


def _head_follows(walk: Walk, at: int) -> bool:
    """The second of two has a head noun of its own («قريتي عرب بوران ومزارع الشويحة»)."""
    found = head_at(walk.tokens, at)
    return bool(found and found[1].startswith("و"))


def _after_epithet(walk: Walk, at: int) -> int:
    """Passes over «الجوية», «الحدودي» after the name of a base or crossing."""
    return at + 1 if at < len(walk.tokens) and walk.tokens[at].folded in word_list("base_epithets") else at


def _fits_next(walk: Walk, at: int) -> bool:
    """A name of several words begins at the token, head noun and all («مركز مدينة الصدر»)."""
    known = known_name(walk.tokens, at, walk.gazetteer, proclitics=False)
    return bool(known and known.last - known.first > 1)


def _name_after(walk: Walk, at: int, head: Head, joint: str = "") -> Name | None:
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


def _road(walk: Walk, name: Name) -> Name:
    """«طريق بغداد كركوك», «مفرق المخا - البرح»: a road is named by both its ends."""
    at = name.last
    if at < len(walk.tokens) and walk.tokens[at].folded in {"-", "–"}:
        at += 1
    other = known_name(walk.tokens, at, walk.gazetteer, proclitics=False) if at < len(walk.tokens) else None
    if other and other.exact and walk.tokens[at].is_word and common_words().get(other.form) is None:
        return replace(name, last=other.last)
    return name


def _fits(walk: Walk, name: Name, head: Head) -> bool:
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
    if never_alone(name):
        return False
    kind = common_words().get(name.form)
    return (name.exact or kind is None) if kind != "common" else name.exact and can_be_name(name.form, head)


def _read_list(walk: Walk, at: int, head: Head) -> list[Name]:
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
        institution = name is not None and head.lemma == "مبني" and name.form in word_list("institutions")
        if not name or not (institution or _listed(walk, name, start > names[-1].last)):
            break
        names.append(name)
    return names


def _listed(walk: Walk, name: Name, paused: bool) -> bool:
    """A member of a list: no head noun, and known, joined by «و», or between two commas."""
    if names_head(name.form):
        return False
    if name.known:
        return name.proclitic.startswith("و") or common_words().get(name.form) is None
    single = name.last - name.first == 1
    if single and (common_words().get(walk.tokens[name.first].folded) or common_words().get(name.form) == "common"):
        return False
    after = walk.tokens[name.last].folded if name.last < len(walk.tokens) else "."
    joined = name.proclitic.startswith("و") or not paused
    return joined or after in _LIST_ENDS or after.startswith("و") or after in word_list("near")


def _read_countryside(walk: Walk, at: int, head: Head, proclitic: str) -> int:
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
    add_hit(walk, replace(name, last=last), head=head, head_first=at, head_proclitic=proclitic, whole=True)
    return last


@lru_cache(maxsize=1 << 17)
def institution_starts(folded: str) -> tuple[tuple[str, str], ...]:
    """The readings of a word with which institutions begin."""
    names = word_list("institution_heads") | {"مبني", "مقر", "قياده"}
    return tuple(reading for reading in split_proclitics(folded) if reading[1] in names)


def read_institution(walk: Walk, at: int) -> int:
    """«القصر الجمهوري», «المشفى الوطني», «مبنى المحافظة»: a building that its town has one of; 0 where there is none."""
    tokens = walk.tokens
    if at + 1 >= len(tokens):
        return 0
    for proclitic, form in institution_starts(tokens[at].folded):
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
        add_hit(walk, name)
        return last
    return 0


def read_further_member(walk: Walk, at: int) -> int:
    """An unknown name that the «و» on it joins to a list of two places or more («في القصير وقارة والجراجير»); 0 where it is none."""
    if len(walk.hits) < 2 or walk.hits[-1].last != at or walk.hits[-1].in_name:
        return 0
    last = walk.hits[-1]
    listed = last.group > 0 and walk.hits[-2].group == last.group
    if not (listed or (last.proclitic.startswith("و") and walk.hits[-2].last == last.head_first)):
        return 0
    name = unknown_name(walk.tokens, at, _MEMBER, "و")
    if name is None or looks_like_verb(name.form):
        return 0
    add_hit(walk, name)
    return name.last


@lru_cache(maxsize=1 << 16)
def is_direction(folded: str) -> bool:
    """A word of direction or nearness, «و» or not."""
    return without_joint(folded) in word_list("directions_to")


def read_after_direction(walk: Walk, at: int) -> int:
    """An unknown name right after a word of direction or nearness («شرق المشرعي», «في محيط الزعيترة»); 0 where it is none."""
    token = walk.tokens[at]
    if len(token.folded) < 4 or common_words().get(token.folded):
        return 0
    name = unknown_name(walk.tokens, at, _MEMBER)
    if name is None or looks_like_verb(name.form) or name.form in word_list("given_names") | word_list("titles"):
        return 0
    walk.group += 1
    add_hit(walk, name)
    return name.last


def read_before_container(walk: Walk, at: int) -> int:
    """An unknown name between «من», «على» and the countryside or province it lies in («طردوا من بالة في ريف حلب»); 0 where it is none.

    Only one word, without article: «على حواجز في ريف حلب» has an ordinary word there.
    """
    tokens = walk.tokens
    token = tokens[at]
    if len(token.folded) < 4 or at + 2 >= len(tokens):
        return 0
    if token.folded.startswith("ال") or common_words().get(token.folded) or names_head(token.folded):
        return 0
    inside = at + 2 if tokens[at + 1].folded == "في" else at + 1
    container = head_at(tokens, inside)
    if not container or container[0].lemma not in _CONTAINERS or (inside == at + 1 and container[1] != "ب"):
        return 0
    name = unknown_name(tokens, at, _MEMBER)
    plain = name is None or name.last != at + 1 or looks_like_verb(name.form) or name.form.endswith(_PLURAL_OR_OWNED)
    if name is None or plain or name.form in word_list("given_names") | word_list("titles"):
        return 0
    walk.group += 1
    add_hit(walk, name)
    return name.last


def read_again(walk: Walk, at: int) -> int:
    """A name that the article has named as a place before, now bare behind «على» or «من»; 0 where it is none."""
    token = walk.tokens[at]
    if len(token.folded) < 4 or not any(hit.last == hit.first + 1 and not hit.in_name for hit in walk.hits):
        return 0
    for hit in walk.hits:
        if (
            hit.last != hit.first + 1
            or hit.in_name
            or walk.tokens[hit.first].folded.removeprefix(hit.proclitic) != token.folded
        ):
            continue
        add_hit(walk, Name(at, at + 1, "", token.folded, name_key(token.folded), False))
        return at + 1
    return 0


_PLURAL_OR_OWNED = ("ين", "ون", "ات", "اته", "ها", "هم", "نا")
_CONTAINERS = frozenset({"ريف", "محافظه", "مديريه", "ناحيه", "قضاء"})
