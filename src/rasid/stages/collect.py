"""The end of the way without Elasticsearch: hands what would be indexed to a function (in-process runs, replays)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rasid.messages import Change, EnrichedArticle, Notification
from rasid.stages.base import Clock, Dead, Emit, Item, Stateless
from rasid.stages.outcome import outcome
from rasid.topics import CHANGES, ENRICHED, NOTIFICATIONS, Topic

Keep = Callable[[EnrichedArticle | Change | Notification], None]


@dataclass
class CollectStage(Stateless):
    """Takes the place of the index stage."""

    keep: Keep
    clock: Clock
    worker: str = ""

    name: ClassVar[str] = "index"

    @property
    def inputs(self) -> Mapping[Topic, type]:
        """All that would be indexed."""
        return {ENRICHED: EnrichedArticle, CHANGES: Change, NOTIFICATIONS: Notification}

    async def handle(self, topic: Topic, items: Sequence[Item], emit: Emit) -> list[Dead]:
        """Keeps each message and emits the outcomes of articles."""
        for item in items:
            self.keep(item.message)
        if topic == ENRICHED:
            await emit([outcome(item.message, self.clock, self.worker) for item in items])
        return []
