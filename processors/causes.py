"""What killed: the cause of a casualty, from the words around it (guidelines: air_strike, shelling, clash, bombing …)."""

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
    found = marks.cache.get("event_words")
    if found is None:
        found = {k: word for k in range(len(marks.folded)) if (word := _event_word(marks, k)) is not None}
        marks.cache["event_words"] = found
    return cast("dict[int, tuple[str, str, int]]", found).get(at)


def _event_word(marks: Marks, at: int) -> tuple[str, str, int] | None:
    table = event_words()
    word = marks.plain(at)
    for first in dict.fromkeys(
        (
            word,
            word[1:] if word[:1] in "بل" and len(word) > 4 else word,
            "ال" + word[2:] if word.startswith("لل") else word,
        )
    ):
        for size in (3, 2, 1):
            phrase = (first, *(marks.word(at + k) for k in range(1, size)))
            if phrase in table:
                kind, strength = table[phrase]
                return kind, strength, at + size
    return None


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
