"""articles.text → articles.sketches (its own memory), articles.checked: the one owner that decides what is a copy."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from processors.dedupe.deduper import Deduper
from rasid import metrics
from rasid.messages import CheckedArticle, SketchRecord, TextArticle
from rasid.stages.base import Clock, Dead, Emit, Item, Out, one_by_one, passed
from rasid.topics import CHECKED, SKETCHES, TEXT, Topic


@dataclass
class DedupeStage:
    """Holds one Deduper per partition (the topic has one partition, so one)."""

    make: Callable[[], Deduper]
    clock: Clock
    worker: str = ""
    _dedupers: dict[int, Deduper] = field(default_factory=dict)

    name: ClassVar[str] = "dedupe"

    @property
    def inputs(self) -> Mapping[Topic, type]:
        """Clean articles."""
        return {TEXT: TextArticle}

    @property
    def state(self) -> tuple[Topic, type] | None:
        """Its decisions."""
        return SKETCHES, SketchRecord

    async def handle(self, topic: Topic, items: Sequence[Item], emit: Emit) -> list[Dead]:
        """Every decision is kept before anybody hears of it: after a crash it is the same."""
        records: list[Out] = []

        def decide(item: Item) -> list[Out]:
            article: TextArticle = item.message
            record = self._deduper(item.partition).check(article)
            metrics.VERDICTS.labels(record.verdict.kind).inc()
            records.append(Out(SKETCHES, record.article_id, record, item.partition))
            trail = (*article.trail, passed(self.name, self.clock, self.worker, reason=record.verdict.kind))
            return [
                Out(CHECKED, article.article_id, CheckedArticle(article=article, verdict=record.verdict, trail=trail))
            ]

        outs, dead = one_by_one(items, decide)
        await emit(records)
        await emit(outs)
        return dead

    def _deduper(self, partition: int) -> Deduper:
        if partition not in self._dedupers:
            self._dedupers[partition] = self.make()
        return self._dedupers[partition]

    def restore(self, partition: int, messages: Iterable[SketchRecord]) -> None:
        """Builds the index anew from the decisions."""
        self._dedupers[partition] = self.make()
        self._dedupers[partition].restore(messages)

    def drop(self) -> None:
        """Forgets the indices."""
        self._dedupers.clear()
