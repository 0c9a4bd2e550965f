"""articles.enriched, changes, places.state, notifications → Elasticsearch; articles.indexed: what became of each article."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rasid.messages import Change, EnrichedArticle, Notification, PlaceState
from rasid.stages.base import Clock, Dead, Emit, Item, Stateless
from rasid.stages.outcome import outcome
from rasid.topics import CHANGES, ENRICHED, NOTIFICATIONS, PLACES, Topic
from sinks.elastic import documents
from sinks.elastic.bulk import Action, BulkSink


@dataclass
class IndexStage(Stateless):
    """Writes what the other stages found; it alone knows Elasticsearch, so that its outages stall nobody else.

    Attributes:
        prepare: puts the index templates in their place, before the first write: an index that came to be without them
            would have guessed mappings. Raises Retry while Elasticsearch is away.
    """

    sink: BulkSink
    prefix: str
    prepare: Callable[[], Awaitable[None]]
    clock: Clock
    worker: str = ""
    _prepared: bool = False

    name: ClassVar[str] = "index"

    @property
    def inputs(self) -> Mapping[Topic, type]:
        """All that is searched."""
        return {ENRICHED: EnrichedArticle, CHANGES: Change, PLACES: PlaceState, NOTIFICATIONS: Notification}

    async def handle(self, topic: Topic, items: Sequence[Item], emit: Emit) -> list[Dead]:
        """One bulk request a batch; an item that the index refuses is dead, and its article's outcome says so."""
        if not self._prepared:
            await self.prepare()
            self._prepared = True
        rows = [(item, action) for item in items for action in self._actions(item.message)]
        results = await self.sink.write([action for _, action in rows])
        refused: dict[int, str] = {}
        for (item, _), result in zip(rows, results, strict=True):
            if result.invalid:
                refused.setdefault(item.index, result.reason)
        if topic == ENRICHED:
            await emit([outcome(item.message, self.clock, self.worker, refused.get(item.index, "")) for item in items])
        return [Dead(item, refused[item.index]) for item in items if item.index in refused]

    def _actions(self, message: object) -> list[Action]:
        match message:
            case EnrichedArticle():
                return [documents.article_doc(self.prefix, message), *documents.stage_docs(self.prefix, message)]
            case Change():
                return [documents.change_doc(self.prefix, message)]
            case PlaceState():
                return [documents.place_doc(self.prefix, message)]
            case Notification():
                return [documents.alert_doc(self.prefix, message)]
        return []
