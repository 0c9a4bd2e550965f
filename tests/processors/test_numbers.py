"""Numbers: tests/cases/numbers.toml, and what holds for every number."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.numbers import find_numbers
from processors.sentences import read_text

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "numbers.toml").read_text(encoding="utf-8"))["case"]


def _bound(value: int | None) -> str:
    return "-" if value is None else str(value)


@pytest.mark.parametrize("case", CASES)
def test_a_number_is_read_with_its_bounds_kind_and_noun(case: dict[str, Any]) -> None:
    reading = read_text(case["text"])
    bare = [hit for hit in find_numbers(reading) if not (hit.what in ("age", "time") and hit.low is None)]
    found = [
        "|".join((_modified(case["text"][hit.start : hit.end]), _bound(hit.low), _bound(hit.high), hit.what, hit.noun))
        for hit in bare
    ]
    assert found == case["found"], case["why"]


def _modified(phrase: str) -> str:
    return phrase.strip("()")


@given(st.integers(min_value=1, max_value=999_999))
def test_digits_of_all_three_scripts_say_the_same(value: int) -> None:
    western = str(value)
    for zero in ("٠", "۰"):
        other = "".join(chr(ord(zero) + int(digit)) for digit in western)
        hits = [find_numbers(read_text(f"قتل {digits} شخصا.")) for digits in (western, other)]
        assert [(hit.low, hit.high, hit.what) for hit in hits[0]] == [(hit.low, hit.high, hit.what) for hit in hits[1]]


@given(st.text(alphabet="ثلاثةوعشرونمئةألف 0123456789،.أكثرمنعلىالأقل", max_size=80))
def test_hits_lie_in_the_text_in_order_and_apart(text: str) -> None:
    reading = read_text(text)
    last = 0
    for hit in find_numbers(reading):
        assert last <= hit.start < hit.end <= len(text)
        assert hit.low is None or hit.high is None or hit.low <= hit.high or hit.what in ("date", "unit")
        last = hit.end
