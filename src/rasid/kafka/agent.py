"""A stage as Faust agents: batches in, work, confirmed produce, dead letters, acknowledgement, in this order."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import faust
import structlog
from aiokafka.errors import KafkaError
from mode import CrashingSupervisor

from rasid import metrics
from rasid.errors import Invalid, Retry
from rasid.inprocess import wait_unless
from rasid.kafka.guard import guard
from rasid.kafka.rebuild import read_partition
from rasid.kafka.succession import PassedOver, Succession
from rasid.messages import decode, encode
from rasid.settings import Settings
from rasid.stages import Dead, Item, Out, Stage
from rasid.topics import DEAD, Topic
from sinks.dead_letters import DeadShare, dead_letter

log = structlog.get_logger("rasid.stage")
WATCH_SECONDS = 5.0
RETRY_SECONDS = (0.2, 10.0)
"""First and longest pause between attempts of a batch whose sink or broker is away."""


@dataclass
class Agent:
    """Runs one stage on a Faust app.

    Attributes:
        options: connection of plain aiokafka consumers, for the rebuild of the stage's memory.
        stop: set when the worker is to leave.
        tell: takes a sentence about a trouble and its kind, for the person at the screen.
    """

    app: faust.App
    stage: Stage
    settings: Settings
    options: Mapping[str, Any]
    stop: asyncio.Event
    tell: Callable[[str, str], None] = lambda _sentence, _kind: None
    _topics: dict[str, Any] = field(default_factory=dict)
    _restored: set[int] = field(default_factory=set)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _acking: bool = False
    _busy: int = 0
    _over: int = -1
    """Generation of the consumer group whose partitions were revoked."""

    def attach(self) -> None:
        """Registers one agent per input topic."""
        self._share = DeadShare(limit=self.settings.dead_share)
        self.app.on_partitions_revoked.connect(self._revoked, weak=False)
        for topic in self.stage.inputs:
            self.app.agent(
                self._faust_topic(topic.name),
                name=f"{self.stage.name}.{topic.name}",
                concurrency=1,
                supervisor_strategy=CrashingSupervisor,
            )(self._body(topic))

    def _faust_topic(self, name: str) -> Any:
        if name not in self._topics:
            self._topics[name] = self.app.topic(
                self.settings.topic_prefix + name,
                key_type=bytes,
                value_type=bytes,
                key_serializer="raw",
                value_serializer="raw",
            )
        return self._topics[name]

    def _body(self, topic: Topic) -> Any:
        async def body(stream: Any) -> AsyncIterator[None]:
            batches = stream.noack().noack_take(self.settings.stage_batch, within=self.settings.stage_wait)
            async for events in batches:
                self._busy += 1
                await self._acknowledge(await self._batch(topic, events))
                self._busy -= 1
            if False:  # pragma: no cover - makes this an asynchronous generator, as Faust wants its agents
                yield

        return body

    def guard(self) -> None:
        """Mends what Faust's consumer does wrong at a rebalance; to be called when the app is finalized."""
        compacted = {self.settings.topic_prefix + topic.name for topic in self.stage.inputs if topic.compacted}
        self._succession = Succession(self.app.consumer, compacted)
        guard(self.app.consumer, lambda: self._acking)

    async def watch(self) -> None:
        """Ends the app when records are there and do not come though no batch is under way; until it is cancelled."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if self._busy or self.app.rebalancing:
                continue
            try:
                await self._succession.check_stall()
            except PassedOver as error:
                await self.app.crash(error)
                return
            except (KafkaError, OSError) as error:  # Kafka is away, or a rebalance has just begun
                log.info("no look at the stall", stage=self.stage.name, reason=repr(error))

    async def _acknowledge(self, events: Sequence[Any]) -> None:
        """Acknowledges and commits at once: what is not committed at a rebalance is worked on again by all later stages."""
        self._acking = True
        try:
            for event in events:
                event.ack()
        finally:
            self._acking = False
        await self.app.consumer.commit()

    async def _revoked(self, _app: faust.App, revoked: Any, **_: Any) -> None:
        """The memory belongs to the partitions: whoever gets them next rebuilds it. A batch under way ends before."""
        async with self._lock:
            self._over = self.app.consumer_generation_id
            self._succession.restart()
            self.stage.drop()
            self._restored.clear()

    def _current(self, events: Sequence[Any]) -> list[Any]:
        """The events whose partition is still ours. Others wait in the stream's buffer over a rebalance: to work on them
        would be to write to the state of a partition that has another owner by now. Kafka gives them again.
        """
        generation = self.app.consumer_generation_id
        return [e for e in events if e.message.generation_id == generation and generation != self._over]

    async def _batch(self, topic: Topic, events: Sequence[Any]) -> Sequence[Any]:
        """One batch to its end; Retry is answered by trying again in place until the worker stops.

        Returns:
            The events that may be acknowledged.
        """
        started = time.monotonic()
        pause = RETRY_SECONDS[0]
        while True:
            try:
                async with self._lock:
                    events = self._current(events)
                    await self._succession.check(events)
                    items, dead = self._decode(topic, events)
                    await self._restore({item.partition for item in items})
                    dead_now = await self.stage.handle(topic, items, self._emit)
                break
            except Retry as error:
                metrics.SINK_RETRIES.labels(self.stage.name).inc()
                log.warning("trying again", stage=self.stage.name, reason=str(error), pause=pause)
                self.tell(f"stage {self.stage.name} tries again: {error}", "")
                await wait_unless(self.stop, max(pause, error.after or 0.0))
                pause = min(2 * pause, RETRY_SECONDS[1])
        await self._bury(topic, events, [*dead, *dead_now])
        metrics.STAGE_SECONDS.labels(self.stage.name).observe(time.monotonic() - started)
        metrics.STAGE_RECORDS.labels(self.stage.name, "ok").inc(len(items) - len(dead_now))
        return events

    def _decode(self, topic: Topic, events: Sequence[Any]) -> tuple[list[Item], list[Dead]]:
        kind = self.stage.inputs[topic]
        items: list[Item] = []
        dead: list[Dead] = []
        for index, event in enumerate(events):
            partition = event.message.partition
            try:
                items.append(Item(decode(event.message.value, kind), partition, index))
            except Invalid as error:
                dead.append(Dead(Item(None, partition, index), str(error)))
        return items, dead

    async def _restore(self, partitions: set[int]) -> None:
        """Rebuilds the memory of partitions that this worker was given, before their first record is worked on."""
        if self.stage.state is None:
            return
        topic, kind = self.stage.state
        for partition in partitions - self._restored:
            name = self.settings.topic_prefix + topic.name
            newest: dict[bytes | None, Any] = {}
            async for record in read_partition(self.options, name, partition):
                try:
                    message: Any = decode(record.value, kind)
                except Invalid as error:
                    log.error("unreadable state record left out", topic=name, offset=record.offset, reason=str(error))
                    continue
                # Its place in the order is that of its newest record; one that was written again keeps its place.
                if newest.get(record.key) != message:
                    newest.pop(record.key, None)
                    newest[record.key] = message
            self.stage.restore(partition, newest.values())
            self._restored.add(partition)
            log.info("memory rebuilt", stage=self.stage.name, partition=partition, records=len(newest))

    async def _emit(self, outs: Sequence[Out]) -> None:
        """Two awaits: the first hands over, the second is the broker's word. One alone lost whole batches."""
        sent = [
            await self._faust_topic(out.topic.name).send(
                key=out.key.encode(), value=encode(out.message), partition=out.partition
            )
            for out in outs
        ]
        await asyncio.gather(*sent)

    async def _bury(self, topic: Topic, events: Sequence[Any], dead: Sequence[Dead]) -> None:
        sent = []
        for one in dead:
            message = events[one.item.index].message
            key, value, headers = dead_letter(
                message.key,
                message.value,
                topic=topic.name,
                partition=message.partition,
                offset=message.offset,
                stage=self.stage.name,
                reason=one.reason,
                version=getattr(one.item.message, "version", 0),
                at=int(time.time() * 1000),
            )
            log.error("dead letter", stage=self.stage.name, topic=topic.name, offset=message.offset, reason=one.reason)
            self.tell(f"dead letter from stage {self.stage.name}: {one.reason}", f"dead {self.stage.name}")
            metrics.DEAD_LETTERS.labels(self.stage.name).inc()
            sent.append(await self._faust_topic(DEAD.name).send(key=key, value=value, headers=headers))
        await asyncio.gather(*sent)
        self._share.add(len(events) - len(dead), len(dead))
