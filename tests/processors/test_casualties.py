"""Casualties, sentence by sentence: tests/cases/casualties.toml."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from processors.casualties import find_casualties
from rasid.messages import Casualty

from .tagging import tag

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "casualties.toml").read_text(encoding="utf-8"))


def _row(entry: Casualty) -> str:
    figures = (entry.killed_min, entry.killed_max, entry.injured_min, entry.injured_max, entry.children, entry.women)
    return ",".join(["-" if value is None else str(value) for value in figures] + [entry.victims, entry.cause])


@pytest.mark.parametrize("case", CASES["case"])
def test_a_toll_is_read_with_its_figures_victims_and_cause(case: dict[str, Any]) -> None:
    assert [_row(entry) for entry in find_casualties(tag(case["text"], case["places"]))] == case["entries"], case["why"]


@pytest.mark.parametrize("case", CASES["none"])
def test_what_is_no_toll_gives_no_figures(case: dict[str, Any]) -> None:
    found = find_casualties(tag(case["text"], case["places"]))
    assert [entry for entry in found if entry.killed_min is not None or entry.injured_min is not None] == [], case[
        "why"
    ]


@pytest.mark.parametrize("case", CASES["case"])
def test_evidence_and_phrase_are_pieces_of_the_text(case: dict[str, Any]) -> None:
    for entry in find_casualties(tag(case["text"], case["places"])):
        assert case["text"][entry.evidence.start : entry.evidence.end] == entry.evidence.text
        assert entry.phrase in case["text"]


def test_a_toll_told_twice_is_one_entry() -> None:
    text = "قتل 12 شخصا في قصف على بلدة مارع. وذكر المرصد أن 12 شخصا قتلوا في القصف على البلدة."
    assert len(find_casualties(tag(text, ["مارع"]))) == 1


def test_a_headline_that_tells_less_gives_way_to_the_whole() -> None:
    text = "مقتل 18 شخصا في حلب\nقتل 18 شخصا وأصيب 40 في سقوط صاروخ على مدينة حلب."
    found = find_casualties(tag(text, ["حلب"]))
    assert [(entry.killed_min, entry.injured_min) for entry in found] == [(18, 40)]


def test_the_place_of_a_toll_is_the_inner_one() -> None:
    found = find_casualties(tag("قتل سبعة أشخاص في غارة على بلدة سرمين في ريف إدلب.", ["سرمين", "إدلب"]))
    assert found[0].place is not None
    assert found[0].place.name == "سرمين"
