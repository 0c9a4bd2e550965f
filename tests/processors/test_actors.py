"""Actors: names, sides, roles (tests/cases/actors.toml)."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors.actors import find_actors
from processors.sentences import read_text

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "actors.toml").read_text(encoding="utf-8"))["case"]
WORDS = [
    "قوات",
    "وقوات",
    "سوريا",
    "الديمقراطية",
    "الجيش",
    "للجيش",
    "الحر",
    "داعش",
    "حزب",
    "الله",
    "،",
    ".",
    "\n",
    "#",
    "1",
]


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_finds_the_actors_of_the_sentence(case: dict[str, Any]) -> None:
    day = datetime.fromisoformat(case.get("published", "2017-03-01")).replace(tzinfo=UTC)
    hits = find_actors(read_text(case["text"], published=int(day.timestamp() * 1000)))
    assert [[hit.text, hit.side or "-", hit.role] for hit in hits] == case["found"]


@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join))
@settings(max_examples=100, deadline=None)
def test_hits_are_pieces_of_the_text_that_do_not_overlap(text: str) -> None:
    last = 0
    for hit in find_actors(read_text(text)):
        assert hit.text == text[hit.start : hit.end]
        assert last <= hit.start < hit.end
        last = hit.end
