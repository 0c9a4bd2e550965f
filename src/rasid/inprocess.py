"""The whole way in one process, without a broker: the same stages, records handed over in memory, in order."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence

import structlog

from rasid.errors import Retry
from rasid.messages import RawArticle
from rasid.stages import Dead, Item, Out, Stage
from rasid.topics import RAW

log = structlog.get_logger("rasid.inprocess")
RETRY_SECONDS = (0.2, 30.0)
"""First and longest pause between attempts of a record whose sink is away."""


class InProcess:
    """Runs stages over records in the order in which they came, as one partition of Kafka would.

    Args:
        stages: of rasid.stages.build; each gets the records of its input topics.
        watch: sees every record that a stage emits (and the raw articles), for counting.
        bury: takes what no stage could work on.
        tell: takes a sentence about a trouble.
        stop: once it is set nothing is tried again.
    """

    def __init__(
        self,
        stages: Sequence[Stage],
        watch: Callable[[Out], None] | None = None,
        bury: Callable[[Dead], None] | None = None,
        tell: Callable[[str], None] = lambda _sentence: None,
        stop: asyncio.Event | None = None,
    ) -> None:
        self._readers: dict[str, list[Stage]] = {}
        for stage in stages:
            for topic in stage.inputs:
                self._readers.setdefault(topic.name, []).append(stage)
        self._watch = watch or (lambda _out: None)
        self._bury = bury or (lambda _dead: None)
        self._tell = tell
        self._stop = stop or asyncio.Event()
        self._queue: deque[Out] = deque()
        self._turn = asyncio.Lock()

    async def publish(self, articles: Sequence[RawArticle]) -> None:
        """Takes raw articles the whole way; returns when every one has its outcome (rasid.ingest Publisher)."""
        await self._emit([Out(RAW, article.article_id, article) for article in articles])
        await self.drain()

    async def _emit(self, outs: Sequence[Out]) -> None:
        for out in outs:
            self._watch(out)
            self._queue.append(out)

    async def drain(self) -> None:
        """Works until nothing is left."""
        async with self._turn:
            while self._queue:
                out = self._queue.popleft()
                for stage in self._readers.get(out.topic.name, ()):
                    for dead in await self._handle(stage, out):
                        log.error("dead letter", stage=stage.name, topic=out.topic.name, reason=dead.reason)
                        self._bury(dead)
                await asyncio.sleep(0)

    async def _handle(self, stage: Stage, out: Out) -> list[Dead]:
        pause = RETRY_SECONDS[0]
        while True:
            try:
                return await stage.handle(out.topic, [Item(out.message, out.partition or 0, 0)], self._emit)
            except Retry as error:
                log.warning("trying again", stage=stage.name, reason=str(error), pause=pause)
                self._tell(f"stage {stage.name} tries again: {error}")
                await wait_unless(self._stop, max(pause, error.after or 0.0))
                pause = min(2 * pause, RETRY_SECONDS[1])


async def wait_unless(stop: asyncio.Event, seconds: float) -> None:
    """Pauses between two attempts; when the stop comes, the work is given up unacknowledged (as a cancelled task)."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
    raise asyncio.CancelledError
