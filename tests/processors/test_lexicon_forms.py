"""The data behind predicates and word classes: format, doubles, and that the forms made from it are read back."""

from collections import Counter

import pytest

from processors.causes import event_words
from processors.morphology import IMPERFECT, NOUN, PERFECT, analyse, lexicon_rows
from processors.words import person, words

CLASSES = {
    "capture", "recapture", "expel", "flee", "withdraw", "leave", "handover", "lose", "fall", "submit", "settle", "enter", "advance",
    "surround", "clash", "repel", "fail", "attempt", "plan", "demand", "deny", "possible", "continue", "strengthen", "success", "done",
    "result", "say", "become", "still", "was", "strike", "launch", "explode", "kill", "execute", "wound", "cause", "abduct", "protest",
}  # fmt: skip
TYPES = {"armed_clash", "air_strike", "shelling", "bombing", "killing", "abduction", "siege", "truce", "protest"}


def test_predicates_have_eight_columns_and_a_known_class() -> None:
    for row in lexicon_rows("predicates.tsv"):
        assert len(row) == 8, row
        assert row[0] in CLASSES, row
        assert row[3] == "-" or row[1] != "-", f"a passive without its active: {row}"


def test_no_lemma_stands_twice_in_one_class() -> None:
    lemmas = Counter((row[0], row[1], row[4]) for row in lexicon_rows("predicates.tsv"))
    assert [lemma for lemma, count in lemmas.items() if count > 1] == []


def test_event_words_have_a_type_and_no_double() -> None:
    seen: Counter[str] = Counter()
    for kind, strength, items in lexicon_rows("events.tsv"):
        assert kind in TYPES
        assert strength in ("act", "means")
        seen.update(items.split(","))
    assert [item for item, count in seen.items() if count > 1] == []
    assert event_words()


def test_word_classes_hold_no_empty_item() -> None:
    for name, items in lexicon_rows("classes.tsv"):
        assert all(item.strip() == item and item for item in items.split(",")), name
        assert words(name)


@pytest.mark.parametrize(
    ("word", "lemma", "pos"),
    [
        ("سيطروا", "سيطر", PERFECT), ("وبسطت", "بسط", PERFECT), ("استولت", "استولي", PERFECT), ("يستولون", "استولي", IMPERFECT),
        ("لاستعادتها", "استعاد", NOUN), ("استيلايه", "استولي", NOUN), ("للسيطره", "سيطر", NOUN), ("ستسيطر", "سيطر", IMPERFECT),
        ("انسحبوا", "انسحب", PERFECT), ("تصدت", "تصدي", PERFECT), ("نفت", "نفي", PERFECT), ("دعت", "دعا", PERFECT),
    ],
)  # fmt: skip
def test_an_inflected_form_is_led_back_to_its_lemma(word: str, lemma: str, pos: str) -> None:
    assert any(form.lemma.word == lemma and form.pos == pos for form in analyse(word))


@pytest.mark.parametrize("word", ["كتاب", "مدرسه", "والبيت", "صحيح", ""])
def test_other_words_are_no_predicates(word: str) -> None:
    assert analyse(word) == ()


@pytest.mark.parametrize(
    ("word", "noun", "number"),
    [
        ("جنديان", "جندي", 2),
        ("مدنيين", "مدني", 3),
        ("والقتلي", "قتيل", 3),
        ("زملايه", "زميل", 3),
        ("طفله", "طفل", 1),
        ("اخرين", "اخر", 3),
    ],
)
def test_people_are_known_with_their_number(word: str, noun: str, number: int) -> None:
    who = person(word)
    assert who is not None
    assert (who.noun, who.number) == (noun, number)
