"""Arabic and its neighbours."""

import tomllib
from pathlib import Path

import pytest

from ingest.language import language_of

CASES = tomllib.loads((Path(__file__).parents[1] / "cases/languages.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_languages_are_told_apart(case: dict[str, str]) -> None:
    assert language_of(case["text"]) == case["is"]
