"""The poller: polls each feed in its time, for ever. What one poll does stands in poll.py."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import structlog

from ingest import schedule
from ingest.assemble import FetchLike
from ingest.poll import Parts, Poll, Unpublished
from ingest.publish import Publisher
from ingest.state import FeedState, StateStore
from ingest.status import BadStatus
from rasid import metrics
from rasid.errors import Fatal, RasidError, Retry
from rasid.outlets import Feed, FeedsFile
from rasid.settings import Settings

FIRST_POLLS = 20
"""Feeds without a state are begun at about so many a second."""
PUBLISH_RETRY = 5.0
"""Seconds until a feed is polled again whose articles could not be published; doubles up to PUBLISH_RETRY_MAX."""
PUBLISH_RETRY_MAX = 60.0
STOP_SECONDS = 10.0
"""What polls under way have to end in."""

log = structlog.get_logger("rasid.poller")


@dataclass(frozen=True)
class PollEvent:
    """One poll of one feed.

    Attributes:
        result: `ok` (a document), `unchanged` (304, or the same body), `failed` (the feed), `parked` (410), `unpublished`
            (Kafka: the articles will come again).
        new: articles that were published, updates included.
        reason: why it failed, or what was odd about a document that could be read.
        at: ms.
    """

    feed_id: str
    result: str
    new: int = 0
    reason: str = ""
    at: int = 0


class Poller:
    """Polls the feeds of a file for ever, or each once.

    Args:
        feeds_file: outlets and feeds; disabled feeds are left out.
        settings: poll_interval, feed_max_bytes, page_max_bytes.
        clock: seconds since 1970.
        sleep: waits in `run`.
        on_event: told of every poll.
        chance: numbers in [0, 1) for jitter.
    """

    def __init__(
        self,
        feeds_file: FeedsFile,
        settings: Settings,
        fetcher: FetchLike,
        publisher: Publisher,
        store: StateStore,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        on_event: Callable[[PollEvent], None] | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.feeds = {feed.id: feed for feed in feeds_file.feeds if feed.enabled}
        self._parts = Parts(settings, fetcher, publisher, store, clock, chance)
        self._sleep = sleep
        self._on_event = on_event or (lambda _event: None)
        self._states: dict[str, FeedState] = {}
        self._unpublished: dict[str, int] = {}
        self._schedule = schedule.Schedule()

    async def load(self) -> None:
        """Reads the states and puts every feed into the schedule; a feed keeps its due time over a restart.

        Raises:
            Retry: the store is away.
        """
        self._states = {key: state for key, state in (await self._parts.store.load()).items() if key in self.feeds}
        now = self._now()
        spread = len(self.feeds) / FIRST_POLLS
        for feed in self.feeds.values():
            state = self._states.get(feed.id)
            interval = feed.interval or self._parts.settings.poll_interval
            due = state.next_due if state else now + int(1000 * self._parts.chance() * min(spread, interval))
            if state and feed.interval > 0 and not state.failures:
                due = min(due, now + int(feed.interval * 1000))  # the override was set after the state was saved
            self._schedule.add(feed.id, due)

    async def run(self, stop: asyncio.Event) -> None:
        """Polls until `stop` is set; polls under way then have ten seconds to end.

        Raises:
            Fatal: what no retry can mend.
        """
        await self._load_patiently(stop)
        wake = asyncio.Event()
        running: set[asyncio.Task[PollEvent]] = set()
        fatal: list[BaseException] = []

        def ended(task: asyncio.Task[PollEvent]) -> None:
            running.discard(task)
            if not task.cancelled() and (error := task.exception()) is not None:
                fatal.append(error)
            wake.set()

        watcher = asyncio.create_task(_wake_at_stop(stop, wake))
        try:
            while not stop.is_set() and not fatal:
                wake.clear()
                for feed_id in self._schedule.pop_due(self._now()):
                    task = asyncio.create_task(self.poll_once(self.feeds[feed_id]))
                    running.add(task)
                    task.add_done_callback(ended)
                await self._until_due(wake)
        finally:
            watcher.cancel()
            await _finish(set(running))
        if fatal:
            raise fatal[0]

    async def poll_once(self, feed: Feed) -> PollEvent:
        """Polls one feed and puts it back into the schedule; only Fatal errors leave it."""
        now = self._now()
        poll = Poll(feed, self._state_of(feed), now, self._parts)
        try:
            await poll.run()
            event = PollEvent(feed.id, poll.result, poll.new, "; ".join(poll.notes), now)
            self._unpublished.pop(feed.id, None)
            self._schedule.add(feed.id, poll.saved.next_due)
        except Unpublished as error:
            event = self._again_soon(PollEvent(feed.id, "unpublished", poll.new, str(error), now))
        except Fatal:
            raise
        except Exception as error:
            if not isinstance(error, RasidError):  # a document of the wild that breaks a parser must not end the poller
                log.exception("poll failed", feed=feed.id)
            event = await self._failed(poll, error)
        self._states[feed.id] = poll.saved
        if event.new:
            metrics.ARTICLES_POLLED.labels(feed.outlet).inc(event.new)
        metrics.FEED_POLLS.labels(event.result).inc()
        self._on_event(event)
        return event

    async def _failed(self, poll: Poll, error: Exception) -> PollEvent:
        """The feed's own failure: remembered with its reason, tried again later and later, but always again."""
        last = poll.saved
        failures = last.failures + 1
        gone = isinstance(error, BadStatus) and error.gone
        wait = schedule.after_failure(failures, last.interval, poll.feed, getattr(error, "after", None))
        wait = max(wait, schedule.PARKED) if gone else wait
        reason = str(error) if isinstance(error, RasidError) else f"{type(error).__name__}: {error}"
        due = poll.now + int(1000 * schedule.jittered(wait, self._parts.chance))
        event = PollEvent(poll.feed.id, "parked" if gone else "failed", poll.new, reason, poll.now)
        try:
            await poll.fail(failures=failures, last_error=reason, next_due=due, parked=gone)
        except Unpublished as away:
            return self._again_soon(replace(event, reason=f"{reason}; {away}"))
        self._schedule.add(poll.feed.id, due)
        return event

    def _again_soon(self, event: PollEvent) -> PollEvent:
        """Kafka is away: the feed is polled again within a minute."""
        count = self._unpublished[event.feed_id] = self._unpublished.get(event.feed_id, 0) + 1
        wait = min(PUBLISH_RETRY * 2.0 ** min(count - 1, 10), PUBLISH_RETRY_MAX)
        self._schedule.add(event.feed_id, self._now() + int(1000 * wait))
        return event

    def _state_of(self, feed: Feed) -> FeedState:
        """The feed's state; what belonged to another address than the one now in the feeds file is dropped."""
        state = self._states.get(feed.id) or FeedState(feed_id=feed.id, url=feed.url)
        if state.url == feed.url:
            return state
        return FeedState(feed_id=feed.id, url=feed.url, seen=state.seen, interval=state.interval, last_ok=state.last_ok)

    async def _load_patiently(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.load()
                return
            except Retry as error:
                log.warning("feed states cannot be read yet", reason=str(error))
                await self._sleep(error.after or PUBLISH_RETRY)

    async def _until_due(self, wake: asyncio.Event) -> None:
        """Waits until a feed is due, or a poll ended (it may be due sooner), or all is to stop."""
        due = self._schedule.next_due()
        waiting: list[asyncio.Future[Any]] = [asyncio.ensure_future(wake.wait())]
        if due is not None:
            waiting.append(asyncio.ensure_future(self._sleep(max(0.0, (due - self._now()) / 1000))))
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()

    def _now(self) -> int:
        return int(self._parts.clock() * 1000)


async def _wake_at_stop(stop: asyncio.Event, wake: asyncio.Event) -> None:
    await stop.wait()
    wake.set()


async def _finish(running: set[asyncio.Task[PollEvent]]) -> None:
    """Lets polls under way end; what a cancelled one had not published comes again, since its state is not saved."""
    if running:
        _, late = await asyncio.wait(running, timeout=STOP_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
