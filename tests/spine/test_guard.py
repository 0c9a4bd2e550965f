"""Faust's consumer acknowledges and commits only what was worked on."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pytest
from faust.transport.consumer import Consumer

from rasid.kafka.guard import PassedOver, guard


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
        self.gaps: list[tuple[Where, int, int]] = []
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

    async def _add_gap(self, where: Where, first: int, last: int) -> None:
        self.gaps.append((where, first, last))


def _guarded(consumer: FakeConsumer, may_acknowledge: bool = True) -> FakeConsumer:
    guard(consumer, lambda: may_acknowledge, {PLACES.topic})
    return consumer


def test_what_the_guard_replaces_is_there_in_this_faust() -> None:
    assert {"ack", "seek_to_committed", "_add_gap", "earliest_offsets", "seek_wait"} <= set(dir(Consumer)) | {
        name for sub in Consumer.__subclasses__() for name in dir(sub)
    }


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


async def test_records_that_were_passed_over_end_the_worker() -> None:
    consumer = _guarded(FakeConsumer({}))
    with pytest.raises(PassedOver, match=r"records 5 to 8 of articles.raw\[0\]"):
        await consumer._add_gap(A, 5, 9)
    assert consumer.gaps == []


async def test_expired_and_compacted_records_are_no_loss() -> None:
    consumer = _guarded(FakeConsumer({}))
    consumer.oldest[A] = 9
    await consumer._add_gap(A, 5, 9)
    await consumer._add_gap(PLACES, 5, 9)
    assert consumer.gaps == [(A, 5, 9), (PLACES, 5, 9)]
