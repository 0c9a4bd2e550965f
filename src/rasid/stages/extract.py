"""articles.checked → articles.enriched, claims: reads what the article says."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from processors.claims import claims_of
from processors.reader import Reader
from rasid.messages import CheckedArticle, EnrichedArticle
from rasid.outlets import FeedsFile, Outlet
from rasid.stages.base import Clock, Dead, Emit, Item, Out, Stateless, one_by_one, passed
from rasid.topics import CHECKED, CLAIMS, ENRICHED, Topic


@dataclass
class ExtractStage(Stateless):
    """Runs the reader over each article; copies too, since each document in the index carries what it says."""

    reader: Reader
    feeds: FeedsFile
    clock: Clock
    worker: str = ""

    name: ClassVar[str] = "extract"

    @property
    def inputs(self) -> Mapping[Topic, type]:
        """Articles with their verdict."""
        return {CHECKED: CheckedArticle}

    async def handle(self, topic: Topic, items: Sequence[Item], emit: Emit) -> list[Dead]:
        """A thread reads, so that heartbeats and other stages go on."""
        outs, dead = await asyncio.to_thread(one_by_one, items, self._extract)
        await emit(outs)
        return dead

    def _extract(self, item: Item) -> list[Out]:
        checked: CheckedArticle = item.message
        article = checked.article
        outlet = self.feeds.outlets.get(article.outlet) or Outlet(id=article.outlet, name=article.outlet)
        extraction = self.reader.read(article.text, article.title, article.published, outlet.country, outlet.favours)
        trail = (*checked.trail, passed(self.name, self.clock, self.worker))
        enriched = EnrichedArticle(article=article, verdict=checked.verdict, extraction=extraction, trail=trail)
        claims = claims_of(enriched, outlet.favours)
        return [
            Out(ENRICHED, article.article_id, enriched),
            *(Out(CLAIMS, claim.place.place_id, claim) for claim in claims),
        ]
