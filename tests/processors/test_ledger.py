"""The ledger: scenarios of tests/cases/ledger.toml, and what holds for any claims in any order."""

import inspect
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processors import ledger, ledger_episodes, ledger_rules
from processors.ledger import apply
from rasid.messages import Change, Claim, PlaceState
from tests.processors.ledger_cases import CASES, DAY_0, DAY_MS, OUTLETS, PLACE, claims_in


def run(claims: list[Claim]) -> tuple[PlaceState, list[Change]]:
    """The state after all claims, and all changes in order."""
    state: PlaceState | None = None
    told: list[Change] = []
    for claim in claims:
        state, changes = apply(state, claim)
        told += changes
    assert state is not None
    return state, told


def summary(state: PlaceState) -> tuple[Any, ...]:
    return state.holder, state.standing, state.since, frozenset(claim.claim_id for claim in state.claims)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_scenario_gives_its_changes_and_its_state(case: dict[str, Any]) -> None:
    state, told = run(claims_in(case))
    assert [f"{change.holder or '-'} {change.standing}" for change in told] == case["changes"], case["why"]
    day = str((state.since - DAY_0) // DAY_MS) if state.since else "-"
    assert f"{state.holder or '-'} {state.standing} {day}" == case["state"], case["why"]
    if "before" in case:
        assert told[-1].previous_holder == case["before"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_scenario_ends_alike_backwards(case: dict[str, Any]) -> None:
    claims = claims_in(case)
    assert summary(run(claims)[0]) == summary(run(claims[::-1])[0])


def test_there_are_forty_scenarios_and_each_rule_has_one() -> None:
    shown = {name for case in CASES for name in case["rule"]}
    rules = {
        name
        for name, rule in inspect.getmembers(ledger_rules, inspect.isfunction)
        if not name.startswith("_") and rule.__module__ == ledger_rules.__name__ and name != "cluster_of"
    }
    rules |= {
        "denial_speaks_against",
        "taken_after_denial",
        "retaken_unseen",
        "loss_fits",
        "slow_story",
        "contests",
        "joint_taking",
    }
    known = {*vars(ledger), *vars(ledger_episodes), *vars(ledger_rules), "Episode.standing"}
    assert len(CASES) >= 40
    assert rules <= shown <= known
    assert len({case["name"] for case in CASES}) == len(CASES)


SIDES = ["SY-GOV", "RU", "SY-OPP", "ISIS"]


@st.composite
def claim_sets(draw: st.DrawFn) -> list[Claim]:
    """Up to 14 claims on one place within ten days, of all stances, relations and outlets; ids differ."""
    claims = []
    for number in range(draw(st.integers(1, 14))):
        published = DAY_0 + draw(st.integers(0, 9)) * DAY_MS + draw(st.integers(0, 23)) * 3_600_000
        article = f"a{draw(st.integers(0, 9))}"
        happened = min(published, DAY_0 + draw(st.integers(0, 9)) * DAY_MS)
        outlet = draw(st.sampled_from(list(OUTLETS)))
        claims.append(
            Claim(
                claim_id=f"c{number}",
                place=PLACE,
                stance=draw(st.sampled_from(["assert", "assert", "assert", "assert", "deny", "withdraw"])),
                to=draw(st.sampled_from([*SIDES, None])),
                from_=draw(st.sampled_from([*SIDES, None])),
                manner=draw(st.sampled_from(["captured", "recaptured", "withdrew", "lost", "handed_over"])),
                status=draw(st.sampled_from(["reported", "reported", "claimed", "disputed"])),
                when=draw(st.sampled_from(["recent", "recent", "recent", "background"])),
                happened=happened,
                published=published,
                article_id=article,
                version=draw(st.integers(1, 2)),
                outlet=outlet,
                favours=tuple(OUTLETS[outlet]),
                source=draw(st.sampled_from(["", "", "المرصد", "مصدر محلي"])),
                source_side=draw(st.sampled_from([None, None, *SIDES])),
                cluster=f"a{int(article[1:]) % 5}",
                relation=draw(st.sampled_from(["new", "new", "copy", "update", "revision", "correction", "contains"])),
                of=draw(st.sampled_from(["", "a0", "a1"])),
                ordinal=draw(st.integers(0, 1)),
            )
        )
    return claims


@given(claim_sets(), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_any_order_of_arrival_ends_in_the_same_state(claims: list[Claim], random: Any) -> None:
    shuffled = list(claims)
    random.shuffle(shuffled)
    assert summary(run(claims)[0]) == summary(run(shuffled)[0])


@given(claim_sets(), st.data())
@settings(max_examples=150, deadline=None)
def test_a_redelivered_claim_gives_its_own_changes_again_and_leaves_the_state(claims: list[Claim], data: Any) -> None:
    state: PlaceState | None = None
    caused: dict[str, tuple[Change, ...]] = {}
    for claim in claims:
        state, caused[claim.claim_id] = apply(state, claim)
    assert state is not None
    again = data.draw(st.sampled_from(claims))
    assert apply(state, again) == (state, caused[again.claim_id])


@given(claim_sets(), st.data())
@settings(max_examples=150, deadline=None)
def test_copies_never_change_anything(claims: list[Claim], data: Any) -> None:
    originals = [one for one in claims if one.stance == "assert" and one.relation == "new" and one.when == "recent"]
    state, _ = run(claims)
    for number, one in enumerate(originals):
        copy = msgspec.structs.replace(
            one,
            claim_id=f"copy{number}",
            article_id=f"copy{number}",
            outlet=data.draw(st.sampled_from(["naql", "safha"])),  # papers that say nothing of their own
            favours=data.draw(st.sampled_from([(), ("SY-GOV",), ("SY-OPP",)])),
            relation="copy",
            of=one.article_id,
            published=one.published + data.draw(st.integers(0, 3 * DAY_MS)),
        )
        copied, told = apply(state, copy)
        assert told == ()
        assert (copied.holder, copied.standing, copied.since) == (state.holder, state.standing, state.since)
        state = copied


@given(claim_sets())
@settings(max_examples=150, deadline=None)
def test_what_was_told_last_is_what_holds_or_was_surer(claims: list[Claim]) -> None:
    state, _ = run(claims)
    told = state.last_change
    if told is not None and state.standing and told.holder == state.holder and told.standing != state.standing:
        lowered = ledger.RANK.get(state.standing, 9) < ledger.RANK.get(told.standing, 0)
        assert lowered or state.standing in {"corrected", "reversed"}


@given(claim_sets())
@settings(max_examples=150, deadline=None)
def test_background_and_denials_alone_tell_nothing(claims: list[Claim]) -> None:
    quiet = [claim for claim in claims if claim.when == "background" or claim.stance != "assert"]
    told = run(quiet)[1] if quiet else []
    assert told == []


def long_war(length: int) -> list[Claim]:
    """A claim every six hours; the place changes hands every tenth."""
    claims = []
    for number in range(length):
        side = ("SY-GOV", "SY-OPP", "ISIS")[number // 10 % 3]
        published = DAY_0 + number * DAY_MS // 4
        claims.append(
            Claim(
                claim_id=f"c{number}",
                place=PLACE,
                to=side,
                manner="captured",
                happened=published - published % DAY_MS,
                published=published,
                article_id=f"a{number}",
                version=1,
                outlet=("wakala", "nabd", "marsad")[number % 3],
                cluster=f"a{number}",
            )
        )
    return claims


def test_a_long_war_keeps_a_bounded_state() -> None:
    state, told = run(long_war(600))
    assert len(state.claims) <= ledger.MAX_CLAIMS + 24
    assert len(state.recent) == ledger.MAX_CHANGES
    assert len(told) >= 60
    assert min(claim.published for claim in state.claims) >= state.updated - ledger.WINDOW_MS - 10 * DAY_MS


def test_a_holder_is_known_after_its_claims_have_left_the_window() -> None:
    old, new = (
        claims_in({"claims": [{"by": "wakala", "at": "0 10:00", "to": "ISIS"}]})[0],
        claims_in({"claims": [{"by": "nabd", "at": "90 10:00", "to": "SY-GOV", "id": "b1"}]})[0],
    )
    _, told = run([old, msgspec.structs.replace(new, claim_id="later")])
    assert [(change.holder, change.previous_holder) for change in told] == [("ISIS", None), ("SY-GOV", "ISIS")]


def test_a_claim_older_than_the_window_changes_nothing() -> None:
    case = {
        "claims": [
            {"by": "wakala", "at": "90 10:00", "to": "ISIS"},
            {"by": "nabd", "at": "0 10:00", "to": "ISIS"},
        ]
    }
    state, told = run(claims_in(case))
    assert len(told) == 1
    assert [claim.claim_id for claim in state.claims] == ["c1"]


def test_a_change_carries_its_evidence_and_counts_copies_apart() -> None:
    case = {
        "claims": [
            {"by": "wakala", "at": "0 10:00", "to": "ISIS"},
            {"by": "jarida", "at": "0 11:00", "to": "ISIS", "cluster": "a1", "relation": "copy", "of": "a1"},
            {"by": "marsad", "at": "0 11:30", "to": "ISIS", "cluster": "a1", "relation": "copy", "of": "a1"},
            {"by": "nabd", "at": "0 12:00", "to": "ISIS"},
        ]
    }
    _, told = run(claims_in(case))
    assert [claim.claim_id for claim in told[-1].claims] == ["c1", "c4"]
    assert (told[-1].independent_sources, told[-1].copies) == (2, 2)
    assert told[-1].rule == "two_independent_sources"
    assert told[-1].follow_up


def test_the_same_claims_give_the_same_change_ids() -> None:
    claims = long_war(60)
    assert [change.change_id for change in run(claims)[1]] == [change.change_id for change in run(claims)[1]]
    assert len({change.change_id for change in run(claims)[1]}) == len(run(claims)[1])


def test_the_docs_have_a_heading_for_each_rule() -> None:
    page = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")
    shown = {name for case in CASES for name in case["rule"] if "." not in name and not name.startswith("_")}
    headings = {line.removeprefix("### ") for line in page.splitlines() if line.startswith("### ")}
    assert shown - {"fold"} <= headings
