"""A replay through Kafka: topics under a prefix of its own with one partition each, so that there is one order."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from ingest.publish import KafkaPublisher
from rasid import broker
from rasid.accounting import Tally
from rasid.errors import Fatal
from rasid.kafka.observer import Observer
from rasid.kafka.rebuild import read_topic
from rasid.localstack import LocalStack
from rasid.messages import Change, EnrichedArticle, Notification, decode
from rasid.replay.output import Results
from rasid.replay.source import Source
from rasid.settings import Settings
from rasid.topics import CHANGES, CLAIMS, ENRICHED, NOTIFICATIONS, PLACES, planned
from rasid.up.servers import WORKERS, check_named, start_worker

CHUNK = 500
"""Articles handed to the producer at a time."""
IDLE_SECONDS = 60.0
"""A run in which nothing has moved for so long is given up."""
DRAINS = (("ledger", CLAIMS), ("notify", CHANGES), ("index", CHANGES), ("index", PLACES), ("index", NOTIFICATIONS))
"""Groups and topics that must be read to the end before the results are complete, in the order of the way."""


async def replay_on_servers(
    settings: Settings,
    source: Source,
    results: Results,
    tally: Tally,
    say: Callable[[str], None],
    advance: Callable[[int], None],
) -> None:
    """Starts what is missing, runs every article through Kafka into Elasticsearch, and reads back what came out.

    Raises:
        Fatal: a server that is named does not answer, a worker crashes again and again, or nothing moves any more.
        Retry: the Elasticsearch that is named does not answer.
    """
    await check_named(settings)
    stack = LocalStack(
        settings,
        name="replay",
        kafka=not settings.kafka,
        elasticsearch=not settings.elasticsearch,
        say=lambda line: say(f"rasid: {line}"),
    )
    try:
        servers = await asyncio.to_thread(stack.start)
        settings = settings.model_copy(
            update={
                "kafka": settings.kafka or servers.kafka,
                "elasticsearch": settings.elasticsearch or servers.elasticsearch,
                "topic_prefix": f"{settings.topic_prefix}replay-{time.time_ns() // 1_000_000}.",
                "partitions": 1,
            }
        )
        await broker.ensure_topics(settings.kafka, settings.topic_prefix, settings.replication, planned(1))
        try:
            await _replay(settings, source, tally, say, advance)
            await _read_back(settings, results)
        finally:
            await broker.delete_topics(settings.kafka, settings.topic_prefix)
    finally:
        await asyncio.to_thread(stack.stop)


async def _replay(
    settings: Settings, source: Source, tally: Tally, say: Callable[[str], None], advance: Callable[[int], None]
) -> None:
    options = broker.kafka_options(settings)
    observer = Observer(options, settings.topic_prefix, tally)
    await observer.start()
    workers = [start_worker(settings, stages, say, prefix="replay-") for stages in WORKERS]
    tasks = [asyncio.create_task(observer.run()), *(asyncio.create_task(worker.run()) for worker in workers)]
    try:
        main = asyncio.create_task(_feed_and_wait(settings, options, source, tally, advance))
        await asyncio.wait({main, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task.done():
                main.cancel()
                await task
        await main
    finally:
        await asyncio.gather(*(worker.stop() for worker in workers))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _feed_and_wait(
    settings: Settings, options: dict[str, Any], source: Source, tally: Tally, advance: Callable[[int], None]
) -> None:
    tally.started = time.time()  # rates and the time to the first alert leave the start of the servers out
    async with KafkaPublisher.of(options, settings.topic_prefix) as publisher:
        for start in range(0, len(source.articles), CHUNK):
            chunk = source.articles[start : start + CHUNK]
            await publisher.publish(chunk)
            tally.published(raw.article_id for raw in chunk)
            advance(len(tally.outcomes))
    await _until(partial(_progress, tally, advance), "articles")
    for stage, topic in DRAINS:
        group = f"{settings.topic_prefix}rasid-{stage}"
        name = settings.topic_prefix + topic.name
        await _until(partial(broker.group_lag, settings.kafka, group, name), f"records of {name}")


async def _progress(tally: Tally, advance: Callable[[int], None]) -> int:
    advance(len(tally.outcomes))
    return tally.waiting - tally.dead


async def _until(left: Callable[[], Awaitable[int]], what: str) -> None:
    """Waits until nothing is left; a run in which nothing moves any more is given up."""
    last, moved = -1, time.monotonic()
    while (now := await left()) > 0:
        if now != last:
            last, moved = now, time.monotonic()
        if time.monotonic() - moved > IDLE_SECONDS:
            raise Fatal(f"{now} {what} wait and nothing has moved for {IDLE_SECONDS:.0f} s; see the worker logs")
        await asyncio.sleep(0.1)


async def _read_back(settings: Settings, results: Results) -> None:
    options = broker.kafka_options(settings)
    kinds: Sequence[tuple[str, type]] = (
        (ENRICHED.name, EnrichedArticle),
        (CHANGES.name, Change),
        (NOTIFICATIONS.name, Notification),
    )
    for name, kind in kinds:
        async for record in read_topic(options, settings.topic_prefix + name):
            results.keep(decode(record.value, kind))
