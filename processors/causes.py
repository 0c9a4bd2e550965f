"""What killed: the cause of a casualty, from the words around it (guidelines: air_strike, shelling, clash, bombing …)."""

from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from processors.folding import fold_word
from processors.marks import Marks
from processors.morphology import lexicon_rows
from processors.words import listed

_ACCIDENTS = listed(
    "سير مروري مروريه غرق غرقا غرقوا غرقت زلزال السيول سيول الفيضانات فيضانات صاعقه تدهور انقلاب_حافله الكوليرا كورونا"
)
_OTHERS = {
    "execution": listed("اعدام اعدم اعدمت اعدموا اعدمهم ذبحا شنقا الاعدام اعدامهم"),
    "gunfire": listed("رصاص بالرصاص الرصاص النار برصاص اغتيال اغتال اغتيل"),
}
_BY_TYPE = {"air_strike": "air_strike", "shelling": "shelling", "bombing": "bombing", "armed_clash": "clash"}


@lru_cache(maxsize=1)
def event_words() -> dict[tuple[str, ...], tuple[str, str]]:
    """Folded words of seeds/lexicon/events.tsv: phrase → (type, strength)."""
    table: dict[tuple[str, ...], tuple[str, str]] = {}
    for kind, strength, items in lexicon_rows("events.tsv"):
        for item in items.split(","):
            table.setdefault(tuple(fold_word(item).split("_")), (kind, strength))
    return table


def event_word(marks: Marks, at: int) -> tuple[str, str, int] | None:
    """(type, strength, token after it) of the event word that begins at a token; all are found once an article."""
    return event_words_of(marks).get(at)


def event_words_of(marks: Marks) -> dict[int, tuple[str, str, int]]:
    """Token → its event word, for all of an article; found once."""
    found = marks.cache.get("event_words")
    if found is None:
        found = marks.cache["event_words"] = dict(_find_event_words(marks))
    return cast("dict[int, tuple[str, str, int]]", found)


def _find_event_words(marks: Marks) -> Iterator[tuple[int, tuple[str, str, int]]]:
    for at, plain in enumerate(marks.plains):
        for phrase in _phrases(plain):
            end = at + len(phrase)
            if marks.folded[at + 1 : end] == phrase[1:]:
                yield at, (*event_words()[phrase], end)
                break


@lru_cache(maxsize=65536)
def _phrases(plain: str) -> tuple[tuple[str, ...], ...]:
    """The phrases that may begin with a word, longest first: as it stands, then without «ب»/«ل», with «ال» for «لل»."""
    readings = dict.fromkeys(
        (
            plain,
            plain[1:] if plain[:1] in "بل" and len(plain) > 4 else plain,
            "ال" + plain[2:] if plain.startswith("لل") else plain,
        )
    )
    return tuple(phrase for first in readings for phrase in _by_first().get(first, ()))


@lru_cache(maxsize=1)
def _by_first() -> dict[str, list[tuple[str, ...]]]:
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(event_words(), key=len, reverse=True):
        table.setdefault(phrase[0], []).append(phrase)
    return table


def cause_of(marks: Marks, first: int, last: int, number: int) -> str | None:
    """The cause of a count at tokens [first, last) in sentence `number`; None where it was an accident.

    The nearest word that tells a cause counts, behind the count before in front of it, then the sentence before.
    """
    sentence = marks.reading.sentences[number]
    for at in range(sentence.first, sentence.last):
        if marks.plain(at) in _ACCIDENTS and not any(
            marks.actor_at.get(k) for k in range(sentence.first, sentence.last)
        ):
            return None
    behind = _first(marks, range(last, sentence.last))
    before = _first(marks, range(first, sentence.first - 1, -1))
    if behind and (not before or behind[1] - last <= (first - before[1]) + 6):
        return behind[0]
    if before:
        return before[0]
    if number:
        previous = marks.reading.sentences[number - 1]
        found = _first(marks, range(previous.last - 1, previous.first - 1, -1))
        if found:
            return found[0]
    return "unknown"


def _first(marks: Marks, span: range) -> tuple[str, int] | None:
    for at in span:
        for cause, wanted in _OTHERS.items():
            if marks.plain(at) in wanted:
                return cause, at
        found = event_word(marks, at)
        if found and found[0] in _BY_TYPE:
            kind = _BY_TYPE[found[0]]
            if kind == "shelling" and _air_near(marks, at):
                kind = "air_strike"
            return kind, at
        if any(form.lemma.word == "قصف" for form in marks.forms[at]):
            return ("air_strike" if _air_near(marks, at) else "shelling"), at
    return None


def _air_near(marks: Marks, at: int) -> bool:
    """«قصف الطيران», «صواريخ الطائرات»: a word of planes right beside."""
    return any(
        (found := event_word(marks, k)) is not None and found[0] == "air_strike"
        for k in range(max(at - 3, 0), min(at + 5, len(marks.folded)))
    )
