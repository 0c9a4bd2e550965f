"""What Faust's consumer does that can lose a record at a rebalance, and is kept from doing here.

Private names of Faust are replaced on one consumer object. faust-streaming is pinned, tests/spine/test_guard.py checks that
the names are there, and tests/faults/test_rebalance.py that nothing is lost.

1. It acknowledges records by itself that it leaves out at a rebalance, and then commits past those before them.
2. At a rebalance it goes back to the committed offset, but not on a partition where nothing was committed yet: what had
   been fetched of it meanwhile, and was thrown away, would never come again.
3. Where offsets are missing between two records it takes the missing ones for acknowledged. They are missing on a compacted
   topic, and where they are too old. Anywhere else they were thrown away at a rebalance.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from rasid.errors import RasidError


class PassedOver(RasidError):
    """Records stand on the broker and were not delivered: the worker must end and take them up where it had committed."""


def guard(consumer: Any, may_acknowledge: Callable[[], bool], compacted: Collection[str] = ()) -> None:
    """Mends a Faust consumer before it is started.

    Args:
        consumer: `app.consumer`.
        may_acknowledge: whether it is our own code that acknowledges now.
        compacted: full names of topics whose records may be missing.
    """
    acknowledge, seek, add_gap = consumer.ack, consumer.seek_to_committed, consumer._add_gap

    def ack(message: Any) -> bool:
        return may_acknowledge() and bool(acknowledge(message))

    async def seek_to_committed() -> Mapping[Any, int | None]:
        committed: Mapping[Any, int | None] = await seek()
        ours = consumer.assignment()
        fresh = [where for where, offset in committed.items() if not offset and where in ours]
        if fresh:
            await consumer.seek_wait(await consumer.earliest_offsets(*fresh))
        return committed

    async def gap(where: Any, first: int, last: int) -> None:
        """`first` is missing, `last` is the record that came instead."""
        if where.topic not in compacted and first < last:
            oldest = (await consumer.earliest_offsets(where))[where]
            if oldest < last:
                missing = f"{max(first, oldest)} to {last - 1}"
                raise PassedOver(
                    f"records {missing} of {where.topic}[{where.partition}] were passed over at a rebalance"
                )
        await add_gap(where, first, last)

    consumer.ack, consumer.seek_to_committed, consumer._add_gap = ack, seek_to_committed, gap
