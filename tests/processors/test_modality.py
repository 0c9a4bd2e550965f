"""Modality: tests/cases/modality.toml."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from processors.folding import fold_word
from processors.marks import choose, mark
from processors.modality import judge

from .tagging import tag

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "modality.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES)
def test_the_governor_decides_what_is_asserted(case: dict[str, Any]) -> None:
    marks = mark(tag(case["text"], []))
    at = marks.folded.index(fold_word(case["word"]))
    form = choose(marks, at)
    assert form is not None
    assert judge(marks, at, form).veto == case["veto"], case["why"]
