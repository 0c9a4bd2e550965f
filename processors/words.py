"""Layer 4, words that are no predicates: classes of words and people as they are counted.

Data: seeds/lexicon/classes.tsv (class, items) and seeds/lexicon/people.tsv (kind, singular, plurals); seeds/lexicon/README.md
describes both. All items are kept folded.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from processors.folding import fold_word
from processors.morphology import SUFFIXES, form_table, lexicon_rows


@dataclass(frozen=True, slots=True)
class Person:
    """A noun for people.

    Attributes:
        kind: dead, wounded, civilian, child, woman, combatant, person.
        noun: the folded singular.
        number: 1 singular, 2 dual, 3 plural. A sound plural in «ين» reads as plural though it may be dual.
        definite: with the article or a pronoun suffix.
        conj, prep: proclitics.
    """

    kind: str
    noun: str
    number: int
    definite: bool = False
    conj: str = ""
    prep: str = ""


@lru_cache(maxsize=1)
def _classes() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for cls, items in lexicon_rows("classes.tsv"):
        table.setdefault(cls, set()).update(fold_word(item).replace("_", " ") for item in items.split(","))
    return {cls: frozenset(items) for cls, items in table.items()}


def words(cls: str) -> frozenset[str]:
    """The folded words of a class of classes.tsv."""
    return _classes()[cls]


def listed(text: str) -> frozenset[str]:
    """The words of a text, for short lists of function words that belong to a rule."""
    return frozenset(text.split())


def in_order(text: str) -> tuple[str, ...]:
    """The words of a text where their order counts (days of the week, tens)."""
    return tuple(text.split())


_PARTICLES = listed("في من عن ما لا لم لن ان قد لو كل مع هل هو هي حي تل سد ثم كي")
_OWN_LETTER = listed(
    "وقف وقوع وصول وصولا وصلت وصل وفاه وتيره واقع واقعه وارد فك فاق فوق فتره فرق فيما فيها فيه فور وسط وفق وفقا وهو وهي وذلك"
)
"""Words whose first letter is «و» or «ف» by itself, beside those of the lexicon."""


@lru_cache(maxsize=65536)
def without_and(folded: str) -> str:
    """The word without a proclitic «و» or «ف», where three letters or a particle remain; «فصائل», «وحدات», «وقع» keep theirs."""
    if folded[:1] not in "وف" or not folded:
        return folded
    if folded[1:] in _PARTICLES:
        return folded[1:]
    if len(folded) <= 3 or folded in _OWN_LETTER or folded in _lexical():
        return folded
    return folded[1:]


@lru_cache(maxsize=1)
def _lexical() -> frozenset[str]:
    """Words of the lexicon that begin with «و» or «ف»."""
    known = {item for items in _classes().values() for item in items} | set(_people()) | set(form_table())
    return frozenset(word for word in known if word[:1] in ("و", "ف"))


@lru_cache(maxsize=1)
def _people() -> dict[str, Person]:
    table: dict[str, Person] = {}
    for kind, singular, plurals in lexicon_rows("people.tsv"):
        noun = fold_word(singular)
        for word, number in _inflected(noun, plurals):
            table.setdefault(word, Person(kind, noun, number))
    return table


def _inflected(noun: str, plurals: str) -> Iterator[tuple[str, int]]:
    listed = [] if plurals == "-" else [fold_word(word) for word in plurals.split(",")]
    sound = "+" in listed
    for plural in listed:
        if plural != "+":
            yield plural, 3
            yield plural + "ا", 3
    yield noun, 1
    yield noun + "ا", 1
    if noun.endswith("ه"):
        stem = noun[:-1]
        yield from ((stem + "تان", 2), (stem + "تين", 2), (stem + "ت", 1))
    else:
        yield noun + "ان", 2
        yield noun + "ين", 3 if sound else 2
        yield from ((noun + "ه", 1), (noun + "تان", 2), (noun + "تين", 2))
    if sound:
        yield from ((noun + "ون", 3), (noun + "و", 3), (noun + "ي", 3), (noun + "ات", 3))


@lru_cache(maxsize=65536)
def person(folded: str) -> Person | None:
    """The people noun in a word, after proclitics and suffix are taken off."""
    found = _person(folded)
    if found is None and folded[:1] in "وف" and len(folded) > 3:
        found = _person(folded[1:])
        return replace(found, conj=folded[0]) if found else None
    return found


def _person(word: str) -> Person | None:
    table = _people()
    if word in table:
        return table[word]
    for article, prep in (("ال", ""), ("لل", "ل"), ("بال", "ب")):
        if word.startswith(article) and word[len(article) :] in table:
            return replace(table[word[len(article) :]], definite=True, prep=prep)
    if word[:1] in "بل" and word[1:] in table and len(word) > 4:
        return replace(table[word[1:]], prep=word[0])
    for suffix in SUFFIXES:
        stem = word[: -len(suffix)]
        if word.endswith(suffix) and len(stem) > 3 and stem[-1] in "يو" and stem[:-1] + "ء" in table:
            # «زملائه», «أبناؤها»: the hamza takes a carrier before a suffix.
            return replace(table[stem[:-1] + "ء"], definite=True)
        if word.endswith(suffix) and word[: -len(suffix)] in table and len(word) - len(suffix) > 2:
            return replace(table[word[: -len(suffix)]], definite=True)
    return None
