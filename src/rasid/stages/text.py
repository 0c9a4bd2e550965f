"""articles.raw → articles.text: main text, title, dates, language, sketch."""

import asyncio
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import msgspec

from ingest.text import to_text
from processors.dedupe.sketch import sketch
from rasid.messages import EnrichedArticle, RawArticle, TextArticle
from rasid.outlets import FeedsFile, Outlet
from rasid.stages.base import Clock, Dead, Emit, Item, Out, Stateless, one_by_one, passed
from rasid.topics import ENRICHED, RAW, TEXT, Topic


@dataclass
class TextStage(Stateless):
    """Reads the main text of raw articles.

    Attributes:
        feeds: outlets with their zones and feeds with their page rules; an unknown outlet counts as neutral, UTC.
    """

    feeds: FeedsFile
    clock: Clock
    worker: str = ""
    read: Callable[..., TextArticle] = to_text

    name: ClassVar[str] = "text"

    @property
    def inputs(self) -> Mapping[Topic, type]:
        """Raw articles."""
        return {RAW: RawArticle}

    async def handle(self, topic: Topic, items: Sequence[Item], emit: Emit) -> list[Dead]:
        """A thread does the work: reading a page may take a second, and the heartbeat must go on."""
        outs, dead = await asyncio.to_thread(one_by_one, items, self._text)
        await emit(outs)
        return dead

    def _text(self, item: Item) -> list[Out]:
        raw: RawArticle = item.message
        outlet = self.feeds.outlets.get(raw.outlet) or Outlet(id=raw.outlet, name=raw.outlet)
        article = self.read(raw, outlet, self._feeds_by_id.get(raw.feed_id))
        status = "rejected" if article.rejected else "ok"
        trail = (*raw.trail, passed(self.name, self.clock, self.worker, status, article.rejected))
        if article.rejected:
            article = msgspec.structs.replace(article, trail=trail)
            return [Out(ENRICHED, article.article_id, EnrichedArticle(article=article, trail=trail))]
        article = msgspec.structs.replace(article, sketch=sketch(article.text), trail=trail)
        return [Out(TEXT, article.article_id, article)]

    @functools.cached_property
    def _feeds_by_id(self) -> dict[str, object]:
        return {feed.id: feed for feed in self.feeds.feeds}
