"""The word lists that come with the project are sound, and the linter sees what is not."""

from collections.abc import Iterator

import pytest

from processors import lexicon_lint
from processors.lexicon import common_words, heads, read_table


def test_the_word_lists_are_sound() -> None:
    assert lexicon_lint.complaints() == []


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("actors.tsv", {"role": "boss"}, "unknown role"),
        ("actors.tsv", {"side": "ISIS", "name": "قسَد"}, "folds to the same"),
        ("heads.tsv", {"trust": "perhaps"}, "needs keep"),
        ("common_words.tsv", {"word": "مدينة"}, "is not folded"),
    ],
)
def test_a_wrong_row_is_told(monkeypatch: pytest.MonkeyPatch, name: str, change: dict[str, str], expected: str) -> None:
    def with_wrong_row(table: str) -> Iterator[dict[str, str]]:
        rows = list(read_table(table))
        yield from rows
        if table == name:
            yield {**next(row for row in rows if row.get("country") != "YE"), "country": "SY", **change}

    monkeypatch.setattr(lexicon_lint, "read_table", with_wrong_row)
    assert any(expected in sentence for sentence in lexicon_lint.complaints())


def test_heads_know_their_number_and_singular() -> None:
    forms = {
        form: (heads()[form].lemma, heads()[form].number)
        for form in ("قريتي", "بلدات", "احياء", "حي", "مطاري", "معسكرين")
    }
    assert forms == {
        "قريتي": ("قريه", 2),
        "بلدات": ("بلده", 3),
        "احياء": ("حي", 3),
        "حي": ("حي", 1),
        "مطاري": ("مطار", 2),
        "معسكرين": ("معسكر", 2),
    }


def test_towns_that_are_ordinary_words_are_marked() -> None:
    assert common_words()["الباب"] == "both"
    assert common_words()["القصير"] == "both"
    assert "حلب" not in common_words()
