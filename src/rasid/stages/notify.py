"""changes → notifications (its own memory), people: alert rules, channels, and a record before and after each sending."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from processors.rules import Rule, alerts_of
from rasid import metrics
from rasid.errors import Invalid, Retry
from rasid.messages import Alert, Change, Notification
from rasid.stages.base import Clock, Dead, Emit, Item, Out
from rasid.topics import CHANGES, NOTIFICATIONS, Topic
from sinks.notify.channels import Channel


@dataclass
class NotifyStage:
    """Sends each alert once on each channel; after a crash in mid-sending, once more rather than never.

    `outlets` has the names of outlets by id.
    """

    rules: tuple[Rule, ...]
    channels: Sequence[Channel]
    max_age_ms: int
    clock: Clock
    worker: str = ""
    outlets: Mapping[str, str] = field(default_factory=dict)
    _done: dict[int, set[tuple[str, str]]] = field(default_factory=dict)

    name: ClassVar[str] = "notify"

    @property
    def inputs(self) -> Mapping[Topic, type]:
        """Transitions of the ledger."""
        return {CHANGES: Change}

    @property
    def state(self) -> tuple[Topic, type] | None:
        """What was sent."""
        return NOTIFICATIONS, Notification

    async def handle(self, topic: Topic, items: Sequence[Item], emit: Emit) -> list[Dead]:
        """Alerts of the batch, oldest first."""
        for item in items:
            now = int(self.clock() * 1000)
            for alert in alerts_of(item.message, self.rules, self.max_age_ms, now, self.outlets):
                for channel in self.channels:
                    await self._send(alert, channel, item.partition, emit)
        return []

    async def _send(self, alert: Alert, channel: Channel, partition: int, emit: Emit) -> None:
        done = self._done.setdefault(partition, set())
        key = (alert.alert_id, channel.name)
        if key in done:
            return

        async def record(state: str, reason: str = "") -> None:
            at = int(self.clock() * 1000)
            note = Notification(alert=alert, channel=channel.name, state=state, at=at, reason=reason)
            await emit([Out(NOTIFICATIONS, alert.alert_id, note, partition)])
            metrics.ALERTS.labels(channel.name, state).inc()

        await record("sending")
        try:
            await asyncio.shield(channel.send(alert))
        except Invalid as error:
            await record("failed", str(error))
        except Retry:
            raise
        else:
            await record("sent")
        done.add(key)
        newest = max((claim.version for claim in alert.change.claims), default=0)
        if newest:
            metrics.ALERT_LATENCY.observe(max(0.0, self.clock() - newest / 1000))

    def restore(self, partition: int, messages: Iterable[Notification]) -> None:
        """An alert that was `sending` when the worker died is sent again."""
        self._done[partition] = {(n.alert.alert_id, n.channel) for n in messages if n.state != "sending"}

    def drop(self) -> None:
        """Forgets what was sent."""
        self._done.clear()
