"""Watches outcomes, notifications and dead letters of a run, for the live display and the balance."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from rasid.accounting import Tally
from rasid.errors import Invalid
from rasid.messages import Notification, Outcome, decode
from rasid.topics import DEAD, INDEXED, NOTIFICATIONS
from sinks.dead_letters import read_dead_letter

log = structlog.get_logger("rasid.observer")


class Observer:
    """A plain consumer without a group, from the end of the topics as they stood at the start."""

    def __init__(
        self,
        options: Mapping[str, Any],
        prefix: str,
        tally: Tally,
        on_alert: Callable[[Notification], None] = lambda _note: None,
        on_outcome: Callable[[Outcome], None] = lambda _outcome: None,
    ) -> None:
        self._options = options
        self._prefix = prefix
        self._tally = tally
        self._on_alert = on_alert
        self._on_outcome = on_outcome
        self._dead: set[tuple[str, int, int]] = set()
        self.changed = asyncio.Event()
        """Set whenever a record came."""

    async def start(self) -> None:
        """Notes the ends of the topics: what comes later belongs to this run."""
        self._consumer = AIOKafkaConsumer(**self._options, enable_auto_commit=False, auto_offset_reset="earliest")
        await self._consumer.start()
        names = [self._prefix + topic.name for topic in (INDEXED, NOTIFICATIONS, DEAD)]
        await self._consumer._client.set_topics(names)
        parts = [TopicPartition(name, p) for name in names for p in self._consumer.partitions_for_topic(name) or ()]
        self._consumer.assign(parts)
        for part, end in (await self._consumer.end_offsets(parts)).items():
            self._consumer.seek(part, end)

    async def run(self) -> None:
        """Counts until it is cancelled."""
        try:
            while True:
                for part, records in (await self._consumer.getmany(timeout_ms=200)).items():
                    for record in records:
                        self._count(part.topic.removeprefix(self._prefix), record)
                    self.changed.set()
        finally:
            await self._consumer.stop()

    def _count(self, topic: str, record: ConsumerRecord) -> None:
        """A record that nobody can read (of another program, of a newer version) is left out: it must not end the run."""
        try:
            if topic == INDEXED.name:
                outcome = decode(record.value, Outcome)
                self._tally.ended(outcome)
                self._on_outcome(outcome)
            elif topic == NOTIFICATIONS.name:
                note = decode(record.value, Notification)
                self._tally.notified(note)
                self._on_alert(note)
            else:
                letter = read_dead_letter(record)  # a worker that is killed in between buries a record twice
                self._dead.add((letter.topic, letter.partition, letter.offset))
                self._tally.dead = len(self._dead)
        except Invalid as error:
            log.warning("unreadable record left out", topic=topic, offset=record.offset, reason=str(error))
