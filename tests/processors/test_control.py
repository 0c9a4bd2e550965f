"""Changes of control, sentence by sentence: tests/cases/control.toml."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from processors.control import explain, find_control, find_correction

from .tagging import tag

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "control.toml").read_text(encoding="utf-8"))
CORRECTIONS = tomllib.loads((Path(__file__).parents[1] / "cases" / "corrections.toml").read_text(encoding="utf-8"))[
    "case"
]


def _recent(case: dict[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    changes, _ = find_control(tag(case["text"], case["places"]))
    return {change.place.name: (change.to, change.from_) for change in changes if change.when == "recent"}


@pytest.mark.parametrize("case", CASES["change"])
def test_a_change_is_found_with_its_sides(case: dict[str, Any]) -> None:
    found = _recent(case)
    wanted = [entry.split(":") for entry in case["changes"]]
    assert set(found) == {entry[0] for entry in wanted}, case["why"]
    for name, to, *from_ in wanted:
        if not to.endswith("?"):
            assert found[name][0] == (None if to == "-" else to), case["why"]
        if from_:
            assert found[name][1] == from_[0], case["why"]


@pytest.mark.parametrize("case", CASES["none"])
def test_what_only_looks_like_a_change_is_none(case: dict[str, Any]) -> None:
    assert _recent(case) == {}, case["veto"]


@pytest.mark.parametrize("case", [c for c in CASES["none"] if c["veto"] not in ("-", "background")])
def test_a_look_alike_is_listed_with_its_reason(case: dict[str, Any]) -> None:
    _, others = find_control(tag(case["text"], case["places"]))
    listed = {row.place.name: row.why for row in others}
    if listed:  # not to list it is a miss, a wrong reason is an error
        assert case["veto"] in listed.values()


@pytest.mark.parametrize("case", CASES["denial"])
def test_a_denial_names_who_holds_the_place_and_who_says_so(case: dict[str, Any]) -> None:
    changes, others = find_control(tag(case["text"], case["places"]))
    place, side, source_side = case["denial"].split(":")
    found = [
        (row.side or "", row.source_side or "") for row in others if row.why == "denied" and row.place.name == place
    ]
    assert found == [(side, source_side)], case["why"]
    assert not changes


@pytest.mark.parametrize("case", CASES["state"])
def test_a_state_that_nobody_disputes_is_no_denial(case: dict[str, Any]) -> None:
    _, others = find_control(tag(case["text"], case["places"]))
    assert "denied" not in {row.why for row in others}, case["why"]


@pytest.mark.parametrize("case", CASES["status"])
def test_a_change_has_the_standing_of_its_source(case: dict[str, Any]) -> None:
    changes, _ = find_control(tag(case["text"], case["places"]))
    assert [change.status for change in changes] == [case["status"]], case["why"]


@pytest.mark.parametrize("case", [*CASES["change"], *CASES["none"]])
def test_evidence_is_a_piece_of_the_text(case: dict[str, Any]) -> None:
    changes, others = find_control(tag(case["text"], case["places"]))
    for row in (*changes, *others):
        assert case["text"][row.evidence.start : row.evidence.end] == row.evidence.text
        assert 0 < len(row.evidence.text) <= 200


@pytest.mark.parametrize("case", CORRECTIONS)
def test_an_article_that_takes_back_a_report_says_so(case: dict[str, Any]) -> None:
    assert find_correction(tag(case["text"], [], title=case.get("title", ""))) == case["correction"], case["why"]


def test_explain_names_the_governor_that_takes_the_assertion_away() -> None:
    rows = explain(tag("فشلت قوات النظام في السيطرة على بلدة كفرزيتا.", ["كفرزيتا"]))
    assert rows[0]["veto"] == "repelled"
    assert rows[0]["governor"] == "فشلت"
