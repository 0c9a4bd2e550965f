"""Sees that every record of a partition comes, one after the other: an oversight of the consumer must not lose or hold up one.

At a rebalance Faust can throw away what it had fetched and go on behind it. Then the worker ends and takes up its partitions
where it had committed: nothing is lost by that.
"""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from rasid.errors import RasidError

STALL_SECONDS = 60.0
"""Records stand there, none is worked on, and none comes for so long: the consumer has lost its place."""


class PassedOver(RasidError):
    """Records stand on the broker and are not delivered: the worker must end and take them up where it had committed."""


@dataclass
class Succession:
    """The place of one stage on each of its partitions.

    Attributes:
        consumer: of Faust: `assignment`, `_committed_offset`, `earliest_offsets`, `highwater` are used.
        compacted: full names of topics whose records may be missing.
        clock: seconds.
    """

    consumer: Any
    compacted: Collection[str] = ()
    clock: Callable[[], float] = time.monotonic
    _next: dict[Any, int] = field(default_factory=dict)
    _behind_since: float | None = None

    def restart(self) -> None:
        """Partitions were revoked: the next record of each is the one that is committed."""
        self._next.clear()
        self._behind_since = None

    async def check(self, events: Sequence[Any]) -> None:
        """Takes note of the records of a batch.

        Raises:
            PassedOver: records before one of them did not come.
        """
        self._behind_since = None
        for event in events:
            where, offset = event.message.tp, event.message.offset
            wanted = await self._wanted(where)
            if offset > wanted and where.topic not in self.compacted:
                wanted = max(wanted, await self._oldest(where))  # older ones have expired
                if offset > wanted:
                    place = f"{where.topic}[{where.partition}]"
                    raise PassedOver(f"records {wanted} to {offset - 1} of {place} were passed over at a rebalance")
            self._next[where] = max(wanted, offset + 1)

    async def check_stall(self) -> None:
        """To be called every few seconds while no batch is under way.

        Raises:
            PassedOver: records have been there for STALL_SECONDS and do not come.
        """
        behind = [where for where in self.consumer.assignment() if await self._is_behind(where)]
        if not behind:
            self._behind_since = None
        elif self._behind_since is None:
            self._behind_since = self.clock()
        elif self.clock() - self._behind_since > STALL_SECONDS:
            where = behind[0]
            raise PassedOver(f"{where.topic}[{where.partition}] has records that do not come for {STALL_SECONDS:.0f} s")

    async def _is_behind(self, where: Any) -> bool:
        end = self.consumer.highwater(where)
        wanted = await self._wanted(where)
        return bool(end) and wanted < end and await self._oldest(where) < end

    async def _wanted(self, where: Any) -> int:
        """The offset that comes next."""
        if where in self._next:
            return self._next[where]
        committed: int | None = self.consumer._committed_offset.get(where)
        return committed or await self._oldest(where)

    async def _oldest(self, where: Any) -> int:
        found: int = (await self.consumer.earliest_offsets(where))[where]
        return found
