"""The poller of a run, with its events counted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ingest.fetch import Fetcher
from ingest.poller import Poller, PollEvent
from ingest.publish import Publisher
from ingest.state import StateStore
from rasid.children import Teller
from rasid.outlets import FeedsFile
from rasid.up.run import Run


@asynccontextmanager
async def make_poller(run: Run, feeds: FeedsFile, publisher: Publisher, store: StateStore) -> AsyncIterator[Poller]:
    """A poller over the feeds of the run; its fetcher is closed at the end."""

    tell = Teller(run.display.say)

    def on_event(event: PollEvent) -> None:
        bad = event.result not in {"ok", "unchanged"}
        run.tally.polls["failed" if bad else "ok"] += 1
        if event.result == "unpublished":  # no fault of the feed, and the same for all of them
            tell(f"Kafka takes no articles, they are polled again: {event.reason}", "unpublished")
        elif bad:
            run.display.say(f"rasid: feed {event.feed_id}: {event.reason}")

    async with Fetcher.of(run.settings) as fetcher:
        yield Poller(feeds, run.settings, fetcher, publisher, store, on_event=on_event)
