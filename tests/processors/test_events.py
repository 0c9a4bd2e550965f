"""Events, sentence by sentence: tests/cases/events.toml."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from processors.events import find_events

from .tagging import tag

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "events.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["case"])
def test_an_event_is_found_with_its_type_and_places(case: dict[str, Any]) -> None:
    found = find_events(tag(case["text"], case["places"]))
    assert {f"{event.type}:{event.place.name if event.place else ''}" for event in found} == set(case["events"]), case[
        "why"
    ]


@pytest.mark.parametrize("case", CASES["none"])
def test_what_is_not_told_as_news_is_no_event(case: dict[str, Any]) -> None:
    assert find_events(tag(case["text"], case["places"])) == (), case["why"]


@pytest.mark.parametrize("case", CASES["case"])
def test_events_carry_codes_and_evidence(case: dict[str, Any]) -> None:
    for event in find_events(tag(case["text"], case["places"])):
        assert event.acled
        assert "/" in event.plover
        assert case["text"][event.evidence.start : event.evidence.end] == event.evidence.text
