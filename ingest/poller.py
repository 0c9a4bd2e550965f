"""The poller: asks each feed in its time, publishes what is new, and only then remembers it.

The order is what loses nothing: fetch → parse → compare with what was seen → fetch pages → publish → acknowledged →
save the state. Where publishing fails, the state stays as it was and the same entries are new again at the next poll.
"""

import asyncio
import hashlib
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
import structlog

from ingest import schedule
from ingest.assemble import FetchLike, page_of, raw_article
from ingest.compare import new_entries
from ingest.feed import Entry, parse_feed
from ingest.fetch import Fetched
from ingest.publish import Publisher
from ingest.state import FeedState, StateStore, remember
from ingest.status import BadStatus, bad_status
from rasid import metrics
from rasid.errors import Fatal, RasidError, Retry
from rasid.messages import RawArticle
from rasid.outlets import Feed, FeedsFile
from rasid.settings import Settings

CHUNK = 8
"""Articles published at a time: what waits for the pages of a slow host stays small."""
FIRST_POLLS = 20
"""Feeds without a state are begun at about so many a second."""
PROBE_MS = 86_400_000
"""Once a day a feed is asked without validators, to catch a server whose 304 lies."""
PUBLISH_RETRY = 5.0
"""Seconds until a feed is polled again whose articles could not be published; doubles up to PUBLISH_RETRY_MAX."""
PUBLISH_RETRY_MAX = 60.0
STOP_SECONDS = 10.0
FEED_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"

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


@dataclass
class _Poll:
    """One poll under way: the state that will be saved, and what it found."""

    feed: Feed
    state: FeedState
    now: int
    new: int = 0
    known: int = 0
    result: str = "ok"
    notes: list[str] = field(default_factory=list)


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
        self._settings = settings
        self._fetcher = fetcher
        self._publisher = publisher
        self._store = store
        self._clock = clock
        self._sleep = sleep
        self._on_event = on_event or (lambda _event: None)
        self._chance = chance
        self._states: dict[str, FeedState] = {}
        self._unpublished: dict[str, int] = {}
        self._schedule = schedule.Schedule()

    async def load(self) -> None:
        """Reads the states and puts every feed into the schedule; a feed keeps its due time over a restart.

        Raises:
            Retry: the store is away.
        """
        self._states = {key: state for key, state in (await self._store.load()).items() if key in self.feeds}
        now = self._now()
        spread = len(self.feeds) / FIRST_POLLS
        for feed in self.feeds.values():
            state = self._states.get(feed.id)
            due = state.next_due if state else now + int(1000 * self._chance() * min(spread, self._interval(feed)))
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

    async def poll_once(self, feed: Feed) -> PollEvent:
        """Polls one feed and puts it back into the schedule; only Fatal errors leave it."""
        now = self._now()
        poll = _Poll(feed, self._state_of(feed), now)
        try:
            await self._poll(poll)
            event = PollEvent(feed.id, poll.result, poll.new, "; ".join(poll.notes), now)
            self._unpublished.pop(feed.id, None)
        except _Unpublished as error:
            event = self._later(feed, PollEvent(feed.id, "unpublished", poll.new, str(error), now))
        except Fatal:
            raise
        except Exception as error:
            if not isinstance(error, RasidError):  # a document of the wild that breaks a parser must not end the poller
                log.exception("poll failed", feed=feed.id)
            event = await self._failed(poll, error)
        if event.new:
            metrics.ARTICLES_POLLED.labels(feed.outlet).inc(event.new)
        self._on_event(event)
        return event

    async def _poll(self, poll: _Poll) -> None:
        answer = await self._ask(poll)
        if answer.status == 304:
            poll.result = "unchanged"
            poll.known = 1
        else:
            await self._take_document(poll, answer)
        state = poll.state
        interval = schedule.after_success(state.interval, poll.new, poll.known, poll.feed, self._settings.poll_interval)
        await self._save(
            poll,
            etag=answer.headers.get("etag", state.etag if answer.status == 304 else ""),
            last_modified=answer.headers.get("last-modified", state.last_modified if answer.status == 304 else ""),
            interval=interval,
            next_due=poll.now + int(1000 * schedule.jittered(interval, self._chance)),
            failures=0,
            last_error="",
            last_ok=poll.now,
            parked=False,
        )
        self._schedule.add(poll.feed.id, poll.state.next_due)

    async def _ask(self, poll: _Poll) -> Fetched:
        """The feed's answer, 200 or 304. Raises FetchFailed or BadStatus."""
        state = poll.state
        unconditional = state.hash_mode or poll.now - state.last_full >= PROBE_MS
        address = _address(state, poll.feed)
        answer = await self._fetcher.fetch(
            address,
            etag="" if unconditional else state.etag,
            last_modified="" if unconditional else state.last_modified,
            max_bytes=self._settings.feed_max_bytes,
            accept=FEED_ACCEPT,
        )
        if answer.status == 304 and not unconditional:
            return answer
        if answer.status != 200:
            raise bad_status(answer, self._clock())
        moved = answer.permanent_redirect
        adopted = "" if address == poll.feed.url and not moved else state.permanent_url
        poll.state = msgspec.structs.replace(
            state,
            last_full=poll.now if unconditional else state.last_full,
            moved_to=moved,
            permanent_url=moved if moved and moved == state.moved_to else adopted,
        )
        return answer

    async def _take_document(self, poll: _Poll, answer: Fetched) -> None:
        body_hash = hashlib.blake2b(answer.body, digest_size=16).hexdigest()
        if body_hash == poll.state.body_hash:
            poll.result, poll.known = "unchanged", 1
            return
        parsed = await asyncio.to_thread(
            parse_feed, answer.body, answer.headers.get("content-type", ""), answer.url
        )  # a large document takes a second, in which others are to be polled
        poll.notes += [parsed.warning] if parsed.warning else []
        fresh, seen = new_entries(poll.state.seen, parsed.entries, poll.feed.id, poll.now)
        poll.known = len(seen) - len(fresh)
        if fresh and _lied(poll, answer):
            poll.notes.append("its ETag stayed the same though it had new entries: validators are no longer sent")
            poll.state = msgspec.structs.replace(poll.state, hash_mode=True)
        for start in range(0, len(fresh), CHUNK):
            chunk = fresh[start : start + CHUNK]
            articles = await self._articles(poll, parsed.language, chunk)
            await self._publish(articles)
            poll.new += len(articles)
            if start + CHUNK < len(fresh):  # so that a restart in a long first poll goes on where it was
                done = {key: seen[key] for key, _ in chunk}
                await self._save(poll, seen=remember(poll.state, done, poll.now))
        poll.state = msgspec.structs.replace(poll.state, seen=remember(poll.state, seen, poll.now), body_hash=body_hash)

    async def _articles(self, poll: _Poll, language: str, fresh: list[tuple[str, Entry]]) -> list[RawArticle]:
        limit = self._settings.page_max_bytes
        pages = await asyncio.gather(*(page_of(entry, poll.feed, self._fetcher, limit) for _, entry in fresh))
        fetched = self._now()
        return [
            raw_article(poll.feed, key, entry, language, page, reason, fetched)
            for (key, entry), (page, reason) in zip(fresh, pages, strict=True)
        ]

    async def _publish(self, articles: list[RawArticle]) -> None:
        try:
            await self._publisher.publish(articles)
        except Fatal:
            raise
        except Exception as error:
            # Whatever it was: not acknowledged. The feed did nothing wrong, and its entries must come again.
            raise _Unpublished(str(error) or repr(error)) from error

    async def _save(self, poll: _Poll, **changes: object) -> None:
        """Saves the state; only then is it the poller's own."""
        poll.state = msgspec.structs.replace(poll.state, **changes)
        try:
            await self._store.save(poll.state)
        except Retry as error:
            raise _Unpublished(str(error)) from error
        self._states[poll.feed.id] = poll.state

    async def _failed(self, poll: _Poll, error: Exception) -> PollEvent:
        """The feed's own failure: remembered with its reason, tried again later and later, but always again."""
        last = self._state_of(poll.feed)
        failures = last.failures + 1
        gone = isinstance(error, BadStatus) and error.gone
        wait = schedule.after_failure(failures, last.interval, poll.feed, getattr(error, "after", None))
        wait = max(wait, schedule.PARKED) if gone else wait
        reason = str(error) if isinstance(error, RasidError) else f"{type(error).__name__}: {error}"
        due = poll.now + int(1000 * schedule.jittered(wait, self._chance))
        failed = _Poll(poll.feed, last, poll.now)
        event = PollEvent(poll.feed.id, "parked" if gone else "failed", poll.new, reason, poll.now)
        try:
            await self._save(failed, failures=failures, last_error=reason, next_due=due, parked=gone)
        except _Unpublished as away:
            return self._later(poll.feed, replace(event, reason=f"{reason}; {away}"))
        self._schedule.add(poll.feed.id, due)
        return event

    def _later(self, feed: Feed, event: PollEvent) -> PollEvent:
        """Kafka is away: the feed did nothing wrong and is polled again soon."""
        count = self._unpublished[feed.id] = self._unpublished.get(feed.id, 0) + 1
        wait = min(PUBLISH_RETRY * 2.0 ** min(count - 1, 10), PUBLISH_RETRY_MAX)
        self._schedule.add(feed.id, self._now() + int(1000 * wait))
        return event

    def _state_of(self, feed: Feed) -> FeedState:
        """The feed's state; what belonged to another address than the one now in the feeds file is dropped."""
        state = self._states.get(feed.id) or FeedState(feed_id=feed.id, url=feed.url)
        if state.url == feed.url:
            return state
        return FeedState(feed_id=feed.id, url=feed.url, seen=state.seen, interval=state.interval, last_ok=state.last_ok)

    def _interval(self, feed: Feed) -> float:
        return feed.interval or self._settings.poll_interval

    def _now(self) -> int:
        return int(self._clock() * 1000)


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


class _Unpublished(Exception):
    """Kafka did not acknowledge articles or state."""


def _address(state: FeedState, feed: Feed) -> str:
    """Where to poll: the adopted address, but now and then the one of the feeds file while the adopted one fails."""
    return state.permanent_url if state.permanent_url and state.failures % 4 != 3 else feed.url


def _lied(poll: _Poll, answer: Fetched) -> bool:
    """New entries under the validators that we hold: a conditional request would have been answered with 304."""
    state = poll.state
    if state.hash_mode or not state.body_hash:
        return False
    etag = answer.headers.get("etag", "")
    return bool(etag) and etag == state.etag
