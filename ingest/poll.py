"""One poll of one feed: fetch → parse → compare → fetch pages → publish → acknowledged → save the state.

The order is what loses nothing: where publishing fails, the state stays as it was, and the same entries are new again at
the next poll.
"""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from ingest import schedule
from ingest.assemble import FetchLike, page_of, raw_article
from ingest.compare import new_entries
from ingest.feed import Entry, parse_feed
from ingest.fetch import Fetched
from ingest.publish import Publisher
from ingest.state import FeedState, StateStore, remember
from ingest.status import bad_status
from rasid.errors import Fatal, Retry
from rasid.messages import RawArticle
from rasid.outlets import Feed
from rasid.settings import Settings

CHUNK = 8
"""Articles published at a time: what waits for the pages of a slow host stays small."""
PROBE_MS = 86_400_000
"""Once a day a feed is asked without validators, to catch a server whose 304 lies."""
FEED_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"


class Unpublished(Exception):
    """Kafka did not acknowledge articles or state: the feed did nothing wrong."""


@dataclass(frozen=True)
class Parts:
    """What a poll works with.

    Attributes:
        clock: seconds since 1970.
        chance: numbers in [0, 1) for jitter.
    """

    settings: Settings
    fetcher: FetchLike
    publisher: Publisher
    store: StateStore
    clock: Callable[[], float]
    chance: Callable[[], float]


class Poll:
    """One poll under way.

    Args:
        state: as it was saved last.
        now: ms.

    Attributes:
        saved: the state as it was saved last.
        new: articles published so far, updates included.
        known: entries that were known.
        result: `ok` or `unchanged`.
        notes: what was odd about a document that could be read.
    """

    def __init__(self, feed: Feed, state: FeedState, now: int, parts: Parts) -> None:
        self.feed = feed
        self.saved = state
        self.now = now
        self.new = 0
        self.known = 0
        self.result = "ok"
        self.notes: list[str] = []
        self._state = state
        self._parts = parts

    async def run(self) -> None:
        """Polls.

        Raises:
            Unpublished: Kafka did not acknowledge.
            Retry, Invalid: the feed failed; the message is the reason.
        """
        answer = await self._ask()
        unchanged = answer.status == 304
        if unchanged:
            self.result, self.known = "unchanged", 1
        else:
            await self._take_document(answer)
        state, default = self._state, self._parts.settings.poll_interval
        interval = schedule.after_success(state.interval, self.new, self.known, self.feed, default)
        await self.save(
            etag=answer.headers.get("etag", state.etag if unchanged else ""),
            last_modified=answer.headers.get("last-modified", state.last_modified if unchanged else ""),
            interval=interval,
            next_due=self.now + int(1000 * schedule.jittered(interval, self._parts.chance)),
            failures=0,
            last_error="",
            last_ok=self.now,
            parked=False,
        )

    async def save(self, **changes: object) -> None:
        """Saves the state with `changes`. Raises Unpublished."""
        self._state = msgspec.structs.replace(self._state, **changes)
        try:
            await self._parts.store.save(self._state)
        except Retry as error:
            raise Unpublished(str(error)) from error
        self.saved = self._state

    async def fail(self, **changes: object) -> None:
        """Saves the last saved state with `changes`: what a failed poll had found out is forgotten. Raises Unpublished."""
        self._state = self.saved
        await self.save(**changes)

    async def _ask(self) -> Fetched:
        """The feed's answer, 200 or 304. Raises FetchFailed or BadStatus."""
        state = self._state
        has_validators = bool(state.etag or state.last_modified)
        unconditional = state.hash_mode or not has_validators or self.now - state.last_full >= PROBE_MS
        address = _address(state, self.feed)
        answer = await self._parts.fetcher.fetch(
            address,
            etag="" if unconditional else state.etag,
            last_modified="" if unconditional else state.last_modified,
            max_bytes=self._parts.settings.feed_max_bytes,
            accept=FEED_ACCEPT,
        )
        if answer.status == 304 and not unconditional:
            return answer
        if answer.status != 200:
            raise bad_status(answer, self._parts.clock())
        moved = answer.permanent_redirect
        adopted = "" if address == self.feed.url and not moved else state.permanent_url
        self._state = msgspec.structs.replace(
            state,
            last_full=self.now if unconditional else state.last_full,
            moved_to=moved,
            permanent_url=moved if moved and moved == state.moved_to else adopted,
        )
        return answer

    async def _take_document(self, answer: Fetched) -> None:
        body_hash = hashlib.blake2b(answer.body, digest_size=16).hexdigest()
        if body_hash == self._state.body_hash:
            self.result, self.known = "unchanged", 1
            return
        # In a thread: a large document takes a second, in which other feeds are to be polled.
        kind = answer.headers.get("content-type", "")
        parsed = await asyncio.to_thread(parse_feed, answer.body, kind, answer.url)
        self.notes += [parsed.warning] if parsed.warning else []
        fresh, seen = new_entries(self._state.seen, parsed.entries, self.feed.id, self.now)
        self.known = len(seen) - len(fresh)
        if fresh and _lied(self._state, answer):
            self.notes.append("its ETag stayed the same though it had new entries: validators are no longer sent")
            self._state = msgspec.structs.replace(self._state, hash_mode=True)
        for start in range(0, len(fresh), CHUNK):
            chunk = fresh[start : start + CHUNK]
            await self._publish(await self._articles(chunk, parsed.language))
            self.new += len(chunk)
            if start + CHUNK < len(fresh):  # so that a restart in a long first poll goes on where it was
                await self.save(seen=remember(self._state, {key: seen[key] for key, _ in chunk}, self.now))
        seen = remember(self._state, seen, self.now)
        self._state = msgspec.structs.replace(self._state, seen=seen, body_hash=body_hash)

    async def _articles(self, fresh: list[tuple[str, Entry]], language: str) -> list[RawArticle]:
        fetcher, limit = self._parts.fetcher, self._parts.settings.page_max_bytes
        pages = await asyncio.gather(*(page_of(entry, self.feed, fetcher, limit) for _, entry in fresh))
        fetched = int(self._parts.clock() * 1000)
        return [
            raw_article(self.feed, key, entry, language, page, reason, fetched)
            for (key, entry), (page, reason) in zip(fresh, pages, strict=True)
        ]

    async def _publish(self, articles: list[RawArticle]) -> None:
        try:
            await self._parts.publisher.publish(articles)
        except Fatal:
            raise
        except Exception as error:
            # Whatever it was: not acknowledged, so the entries must come again.
            raise Unpublished(str(error) or repr(error)) from error


def _address(state: FeedState, feed: Feed) -> str:
    """Where to poll: the adopted address, but now and then the one of the feeds file while the adopted one fails."""
    return state.permanent_url if state.permanent_url and state.failures % 4 != 3 else feed.url


def _lied(state: FeedState, answer: Fetched) -> bool:
    """New entries under the ETag that we hold: a conditional request would have been answered with 304."""
    etag = answer.headers.get("etag", "")
    return bool(etag) and etag == state.etag and bool(state.body_hash) and not state.hash_mode
