"""Folding: one form for many spellings, with the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.folding import bare, fold, fold_word, folded_words


@pytest.mark.parametrize(
    ("spellings", "folded"),
    [
        (["إدلب", "ادلب", "أدلب", "إِدْلِب", "إدلـــب"], "ادلب"),
        (["حماة", "حماه"], "حماه"),
        (["منى", "منی", "مني"], "مني"),
        (["کرکوک", "كركوك"], "كركوك"),
        (["ﻋﺪﻥ", "عدن", "\u200fعدن"], "عدن"),
        (["ﻻ", "لا", "لأ"], "لا"),
        (["٢٠١٥", "۲۰۱۵", "2015"], "2015"),
        (["سؤال", "سوال"], "سوال"),
        (["NATO", "nato"], "nato"),
    ],
)
def test_spellings_of_one_word_fold_together(spellings: list[str], folded: str) -> None:
    assert {fold_word(spelling) for spelling in spellings} == {folded}


def test_the_bare_hamza_stays() -> None:
    assert fold_word("ماء") != fold_word("ما")


@given(st.text(max_size=60))
def test_offsets_lead_back(text: str) -> None:
    folded = fold(text)
    assert folded.text == fold_word(text)
    assert len(folded.offsets) == len(folded.text) + 1
    assert list(folded.offsets) == sorted(folded.offsets)
    for start in range(len(folded.text)):
        begin, end = folded.original(start, start + 1)
        assert folded.text[start] in fold_word(text[begin : max(end, begin + 1)])


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_word(fold_word(text)) == fold_word(text)


def test_the_article_and_what_is_written_on_it_come_off() -> None:
    assert [bare(word) for word in ("المدينه", "والمدينه", "بالمدينه", "للمدينه", "باب", "وادي")] == [
        *["مدينه"] * 4,
        "باب",
        "وادي",
    ]


def test_word_lists_are_folded() -> None:
    assert folded_words("أحياء قرية") == {"احياء", "قريه"}
