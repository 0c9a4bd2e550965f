"""What Faust's consumer does that can lose a record at a rebalance, and is kept from doing here.

Private names of Faust are replaced on one consumer object. faust-streaming is pinned, tests/spine/test_guard.py checks that
the names are there, and tests/faults/test_rebalance.py that nothing is lost.

1. It acknowledges records by itself that it leaves out at a rebalance, and then commits past those before them.
2. At a rebalance it goes back to the committed offset, but not on a partition where nothing was committed yet: what had
   been fetched of it meanwhile, and was thrown away, would never come again.
"""

from collections.abc import Callable, Mapping
from typing import Any


def guard(consumer: Any, may_acknowledge: Callable[[], bool]) -> None:
    """Mends a Faust consumer before it is started.

    Args:
        consumer: `app.consumer`.
        may_acknowledge: whether it is our own code that acknowledges now.
    """
    acknowledge, seek = consumer.ack, consumer.seek_to_committed

    def ack(message: Any) -> bool:
        return may_acknowledge() and bool(acknowledge(message))

    async def seek_to_committed() -> Mapping[Any, int | None]:
        committed: Mapping[Any, int | None] = await seek()
        ours = consumer.assignment()
        fresh = [where for where, offset in committed.items() if not offset and where in ours]
        if fresh:
            await consumer.seek_wait(await consumer.earliest_offsets(*fresh))
        return committed

    consumer.ack, consumer.seek_to_committed = ack, seek_to_committed
