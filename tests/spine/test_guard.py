"""Faust's consumer acknowledges and commits only what was worked on."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pytest
from faust.transport.consumer import Consumer, ThreadDelegateConsumer

from rasid.kafka.guard import guard
from rasid.kafka.succession import STALL_SECONDS, PassedOver, Succession


@dataclass(frozen=True)
class Where:
    topic: str
    partition: int


A, B = Where("articles.raw", 0), Where("articles.raw", 1)
PLACES = Where("places.state", 0)


class FakeConsumer:
    """The parts of Faust's consumer that the guard touches."""

    def __init__(self, committed: dict[Where, int | None]) -> None:
        self.committed = committed
        self.oldest: dict[Where, int] = defaultdict(int)
        self.positions: dict[Where, int] = {}
        self.acked: list[Any] = []
        self._committed_offset: dict[Where, int | None] = committed
        self.ends: dict[Where, int] = {}
        self.owned = {A, B, PLACES}

    def assignment(self) -> set[Where]:
        return self.owned

    def ack(self, message: Any) -> bool:
        self.acked.append(message)
        return True

    async def seek_to_committed(self) -> dict[Where, int | None]:
        self.positions |= {where: offset for where, offset in self.committed.items() if offset}
        return self.committed

    async def earliest_offsets(self, *wheres: Where) -> dict[Where, int]:
        return {where: self.oldest[where] for where in wheres}

    async def seek_wait(self, positions: dict[Where, int]) -> None:
        self.positions |= positions

    def highwater(self, where: Where) -> int | None:
        return self.ends.get(where)


def _guarded(consumer: FakeConsumer, may_acknowledge: bool = True) -> FakeConsumer:
    guard(consumer, lambda: may_acknowledge)
    return consumer


def test_what_the_guard_replaces_is_there_in_this_faust() -> None:
    names = set(dir(ThreadDelegateConsumer))
    assert {"ack", "seek_to_committed", "earliest_offsets", "seek_wait", "highwater", "assignment"} <= names
    assert "_committed_offset" in Consumer.__annotations__


@pytest.mark.parametrize("ours", [True, False])
def test_only_our_own_code_acknowledges(ours: bool) -> None:
    consumer = _guarded(FakeConsumer({}), may_acknowledge=ours)
    assert consumer.ack("message") is ours
    assert consumer.acked == (["message"] if ours else [])


async def test_partitions_without_a_commit_begin_anew_after_a_rebalance() -> None:
    consumer = _guarded(FakeConsumer({A: 7, B: None, PLACES: 0}))
    consumer.oldest[B] = 3
    await consumer.seek_to_committed()
    assert consumer.positions == {A: 7, B: 3, PLACES: 0}


async def test_a_partition_that_was_lost_meanwhile_is_left_alone() -> None:
    consumer = _guarded(FakeConsumer({B: None}))
    consumer.owned = {A}
    await consumer.seek_to_committed()
    assert consumer.positions == {}


@dataclass(frozen=True)
class Message:
    tp: Where
    offset: int


@dataclass(frozen=True)
class Event:
    message: Message


def _events(where: Where, *offsets: int) -> list[Event]:
    return [Event(Message(where, offset)) for offset in offsets]


@pytest.fixture
def now() -> list[float]:
    """The time, to be set by the test."""
    return [0.0]


async def test_records_that_come_one_after_the_other_are_right() -> None:
    order = Succession(FakeConsumer({A: 5, B: None}))
    await order.check(_events(A, 5, 6))
    await order.check(_events(B, 0))
    await order.check(_events(A, 5, 6, 7))  # again, after a Retry
    await order.check(_events(A, 8))


@pytest.mark.parametrize(
    ("committed", "offsets", "missing"), [(5, (6,), "5 to 5"), (5, (5, 9), "6 to 8"), (None, (3,), "0 to 2")]
)
async def test_records_that_were_passed_over_end_the_worker(
    committed: int | None, offsets: tuple[int, ...], missing: str
) -> None:
    order = Succession(FakeConsumer({A: committed}))
    with pytest.raises(PassedOver, match=rf"records {missing} of articles.raw\[0\]"):
        await order.check(_events(A, *offsets))


async def test_after_a_revocation_the_committed_record_comes_next() -> None:
    consumer = FakeConsumer({A: 5})
    order = Succession(consumer)
    await order.check(_events(A, 5, 6, 7))
    order.restart()
    consumer.committed[A] = 7
    with pytest.raises(PassedOver):
        await order.check(_events(A, 8))


async def test_expired_and_compacted_records_are_no_loss() -> None:
    consumer = FakeConsumer({A: 5, PLACES: 5})
    consumer.oldest[A] = 9
    order = Succession(consumer, {PLACES.topic})
    await order.check(_events(A, 9))
    await order.check(_events(PLACES, 9))


async def test_records_that_do_not_come_end_the_worker_after_a_minute(now: list[float]) -> None:
    consumer = FakeConsumer({A: 5})
    order = Succession(consumer, clock=lambda: now[0])
    await order.check_stall()
    consumer.ends[A] = 6
    await order.check_stall()
    now[0] = STALL_SECONDS
    await order.check_stall()
    now[0] = STALL_SECONDS + 1
    with pytest.raises(PassedOver, match="do not come"):
        await order.check_stall()


async def test_a_stage_that_has_read_all_does_not_stall(now: list[float]) -> None:
    consumer = FakeConsumer({A: 5, B: None})
    consumer.ends = {A: 6, B: 4}
    consumer.oldest[B] = 4  # all of them have expired
    order = Succession(consumer, clock=lambda: now[0])
    await order.check_stall()
    now[0] = STALL_SECONDS - 1
    await order.check(_events(A, 5))
    for now[0] in (STALL_SECONDS, 3 * STALL_SECONDS):
        await order.check_stall()
