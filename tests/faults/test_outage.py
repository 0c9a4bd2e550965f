"""Kafka and Elasticsearch are killed in mid-stream and come back: every article has its outcome, alerts do not wait."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from ingest.files import raw_of_row
from ingest.publish import KafkaPublisher
from rasid import broker
from rasid.errors import Retry
from rasid.localstack import LocalStack
from rasid.messages import Notification, RawArticle
from rasid.settings import Settings, load_settings
from rasid.topics import NOTIFICATIONS, planned
from rasid.up.servers import WORKERS, start_worker
from sinks.elastic.client import make_client
from tests.faults.support import ended_articles, messages, until
from tests.texts import rows

COUNT = 400
CHUNK = 10


async def test_killed_servers_lose_nothing(own_stack: Callable[..., LocalStack], tmp_path: Path) -> None:
    stack = own_stack()
    settings = load_settings(
        kafka=stack.servers.kafka,
        elasticsearch=stack.servers.elasticsearch,
        cache=tmp_path,
        data=tmp_path,
        partitions=2,
        alert_max_age_hours=1e9,
        alerts_file=str(tmp_path / "alerts.jsonl"),
        feeds="",
    )
    await broker.ensure_topics(settings.kafka, topics=planned(settings.partitions))
    articles = [raw_of_row(row) for row in rows(COUNT)]
    told: list[str] = []
    workers = [start_worker(settings, stages, told.append) for stages in WORKERS]
    running = [asyncio.create_task(worker.run()) for worker in workers]
    try:
        for worker in workers:
            await asyncio.wait_for(worker.ready.wait(), 60)
        await _with_kafka_killed(stack, settings, articles[: COUNT // 2])
        await _with_elasticsearch_killed(stack, settings, articles[COUNT // 2 :])
        await _all_ended(settings, articles)
        assert not [task for task in running if task.done()], told
    finally:
        await asyncio.gather(*(worker.stop() for worker in workers))
        await asyncio.gather(*running, return_exceptions=True)
    client = make_client(settings.elasticsearch)
    try:
        await client.indices.refresh(index="rasid-articles*")
        assert (await client.count(index="rasid-articles*"))["count"] == COUNT
    finally:
        await client.close()
    assert any("Elasticsearch does not answer" in line for line in told), told
    assert any("Elasticsearch takes writes again" in line for line in told), told


async def _publish(settings: Settings, articles: list[RawArticle], on_chunk: Callable[[int], None]) -> None:
    """As the poller does: what was not acknowledged is published again."""
    async with KafkaPublisher.of(broker.kafka_options(settings)) as publisher:
        for first in range(0, len(articles), CHUNK):
            while True:
                try:
                    await publisher.publish(articles[first : first + CHUNK])
                    break
                except Retry:
                    await asyncio.sleep(0.2)
            on_chunk(first)


async def _with_kafka_killed(stack: LocalStack, settings: Settings, articles: list[RawArticle]) -> None:
    """Kafka dies when a quarter is published, and comes back after some seconds."""
    quarter, under_way = asyncio.Event(), len(articles) // 4

    def on_chunk(first: int) -> None:
        if first >= under_way:
            quarter.set()

    publishing = asyncio.create_task(_publish(settings, articles, on_chunk))
    await asyncio.wait_for(quarter.wait(), 60)
    await asyncio.to_thread(stack.kill_kafka)
    await asyncio.sleep(3)  # the outage itself
    assert not publishing.done(), "it is killed in mid-stream"
    await asyncio.to_thread(stack.start_kafka)
    await publishing
    await _all_ended(settings, articles)


async def _with_elasticsearch_killed(stack: LocalStack, settings: Settings, articles: list[RawArticle]) -> None:
    """While Elasticsearch is away alerts go on; then the documents follow."""
    before = await _alerts(settings)
    ended = len(await ended_articles(settings.kafka, ""))
    await asyncio.to_thread(stack.kill_elasticsearch)
    await _publish(settings, articles, lambda _first: None)

    async def more_alerts() -> bool:
        return len(await _alerts(settings)) > len(before)

    await until(more_alerts, "alerts go out without Elasticsearch")
    assert len(await ended_articles(settings.kafka, "")) == ended, "nothing counts as indexed that is not"
    await asyncio.to_thread(stack.start_elasticsearch)


async def _alerts(settings: Settings) -> set[str]:
    notes = await messages(settings.kafka, "", NOTIFICATIONS, Notification)
    return {note.alert.alert_id for note in notes if note.state == "sent"}


async def _all_ended(settings: Settings, articles: list[RawArticle]) -> None:
    wanted = {one.article_id for one in articles}

    async def ended() -> bool:
        return wanted <= set(await ended_articles(settings.kafka, ""))

    await until(ended, "every article has its outcome", 120)
