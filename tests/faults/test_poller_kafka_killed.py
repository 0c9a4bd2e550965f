"""Kafka is killed while a poller works and started again: every entry of every feed arrives, and no feed is blamed."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from ingest.fetch import Fetcher
from ingest.poller import Poller, PollEvent
from ingest.publish import KafkaPublisher
from ingest.state import KafkaStore
from rasid import broker, topics
from rasid.kafka.rebuild import read_topic
from rasid.localstack import LocalStack
from rasid.messages import RawArticle, decode
from rasid.outlets import FeedsFile
from rasid.settings import Settings
from tests.ingest.conftest import Site, feeds, site

__all__ = ["feeds", "site"]

BEFORE, AFTER = 20, 40


def rss(count: int) -> bytes:
    items = "".join(
        f"<item><title>خبر رقم {number}</title><guid isPermaLink='false'>g{number}</guid><description>نص</description></item>"
        for number in range(count)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>السهل</title>{items}</channel></rss>'.encode()


async def test_a_poller_outlives_the_death_of_kafka(
    own_stack: Callable[..., LocalStack], site: Site, feeds: FeedsFile
) -> None:
    stack = await asyncio.to_thread(own_stack, elasticsearch=False)
    assert stack.servers is not None
    kafka = stack.servers.kafka
    await broker.ensure_topics(kafka, "")
    one = FeedsFile(feeds.outlets, (replace(feeds.feeds[0], interval=0.2, full_text=True),))
    site.pages["/rss"] = rss(BEFORE)
    events: list[PollEvent] = []
    happened = asyncio.Event()
    stop = asyncio.Event()

    def on_event(event: PollEvent) -> None:
        events.append(event)
        happened.set()

    async def until(what: Callable[[PollEvent], bool]) -> None:
        async with asyncio.timeout(120):
            while not any(what(event) for event in events):
                happened.clear()
                await happened.wait()

    async with (
        Fetcher(allow_private=[site.host]) as fetcher,
        KafkaPublisher(kafka, patience=3) as publisher,
        KafkaStore(kafka, patience=3) as store,
    ):
        poller = Poller(one, Settings(_env_file=None), fetcher, publisher, store, on_event=on_event)
        running = asyncio.create_task(poller.run(stop))
        await until(lambda event: event.new == BEFORE)
        await asyncio.to_thread(stack.kill_kafka)
        site.pages["/rss"] = rss(AFTER)
        await until(lambda event: event.result == "unpublished")
        await asyncio.to_thread(stack.start_kafka)
        await until(lambda event: event.new > 0 and event.result == "ok" and event is not events[0])
        stop.set()
        await running
        state = (await store.load())["sahl-rss"]
    options = {"bootstrap_servers": kafka}
    found = [decode(one.value, RawArticle) async for one in read_topic(options, topics.RAW.name)]
    assert {article.entry_id for article in found} == {f"g{number}" for number in range(AFTER)}
    assert len(state.seen) == AFTER
    assert not [event for event in events if event.result == "failed"]
