"""Due times and intervals."""

import random
import statistics

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.schedule import LONGEST, SHORTEST, Schedule, after_failure, after_success, jittered
from rasid.outlets import Feed

FEED = Feed(id="f", outlet="o", url="https://sahl.example/rss")
FAST = Feed(id="f", outlet="o", url="https://sahl.example/rss", interval=1.0)


def test_feeds_come_out_in_the_order_of_their_due_times() -> None:
    schedule = Schedule()
    for name, due in (("c", 30), ("a", 10), ("b", 20)):
        schedule.add(name, due)
    assert schedule.next_due() == 10
    assert schedule.pop_due(20) == ["a", "b"]
    assert schedule.pop_due(20) == []
    assert (schedule.next_due(), len(schedule)) == (30, 1)


def test_a_feed_that_is_added_again_is_moved() -> None:
    schedule = Schedule()
    schedule.add("a", 10)
    schedule.add("a", 50)
    assert schedule.pop_due(40) == []
    schedule.add("a", 20)
    assert schedule.pop_due(100) == ["a"]
    assert schedule.next_due() is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 100)), max_size=40), st.integers(0, 100))
def test_every_feed_comes_out_once_at_its_last_due_time(moves: list[tuple[str, int]], now: int) -> None:
    schedule = Schedule()
    for name, due in moves:
        schedule.add(name, due)
    last = dict(moves)
    assert sorted(schedule.pop_due(now)) == sorted(name for name, due in last.items() if due <= now)
    assert sorted(schedule.pop_due(10**9)) == sorted(name for name, due in last.items() if due > now)


def test_the_interval_adapts_both_ways_and_keeps_its_bounds() -> None:
    interval = after_success(0, 30, 0, FEED, 600)
    assert interval == 600
    assert after_success(600, 0, 1, FEED, 600) > 600
    assert after_success(600, 25, 5, FEED, 600) < after_success(600, 3, 27, FEED, 600) < 600
    slow = fast = 600.0
    for _ in range(100):
        slow, fast = after_success(slow, 0, 1, FEED, 600), after_success(fast, 9, 1, FEED, 600)
    assert (slow, fast) == (LONGEST, SHORTEST)


def test_a_busy_feed_is_read_soon_with_few_requests_lag() -> None:
    """15 items an hour at random, 20 days of virtual time: the median lag stays under 5 minutes with 12 requests an hour."""
    chance = random.Random(11)
    now, interval, polls = 0.0, 0.0, 0
    item = chance.expovariate(15 / 3600)
    lags = []
    while now < 20 * 86_400:
        new = 0
        while item <= now:
            lags.append(now - item)
            item += chance.expovariate(15 / 3600)
            new += 1
        interval = after_success(interval, new, 30 - new, FEED, 600)
        now += jittered(interval, chance.random)
        polls += 1
    assert statistics.median(lags) < 300
    assert polls / (now / 3600) <= 12


def test_an_override_is_kept_whatever_comes() -> None:
    assert {after_success(last, new, 1, FAST, 600) for last in (0, 1, 600) for new in (0, 50)} == {1.0}


def test_failures_are_tried_again_later_and_later_but_always() -> None:
    waits = [after_failure(count, 600, FEED) for count in range(1, 40)]
    assert waits[0] == 60
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST
    assert after_failure(10**6, 600, FEED) == LONGEST
    assert after_failure(1, 1, FAST) == 1.0


@pytest.mark.parametrize(("asked", "wait"), [(None, 60), (5.0, 60), (14_400.0, 14_400), (10**7, LONGEST)])
def test_the_server_s_wish_is_a_lower_bound(asked: float | None, wait: float) -> None:
    assert after_failure(1, 600, FEED, asked) == wait


def test_jitter_never_shortens() -> None:
    chance = random.Random(7).random
    waits = [jittered(100, chance) for _ in range(200)]
    assert all(100 <= wait <= 110 for wait in waits)
    assert len(set(waits)) > 100
