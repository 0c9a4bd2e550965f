"""The poller's store and publisher against the real Kafka."""

import os
from collections.abc import Awaitable, Callable

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from ingest.publish import KafkaPublisher
from ingest.state import FeedState, KafkaStore, Seen
from rasid import topics
from rasid.kafka.rebuild import read_topic
from rasid.localstack import Servers
from rasid.messages import RawArticle, decode

Topics = Callable[..., Awaitable[str]]


def article(name: str, **changes: object) -> RawArticle:
    return RawArticle(article_id=name, version=1, feed_id="f", outlet="o", url="", **changes)  # type: ignore[arg-type]


async def read(servers: Servers, topic: str) -> list[RawArticle]:
    options = {"bootstrap_servers": servers.kafka}
    return [decode(record.value, RawArticle) async for record in read_topic(options, topic)]


async def test_states_come_back_newest_first_per_feed_and_bad_ones_are_left_out(
    servers: Servers, kafka_topics: Topics
) -> None:
    prefix = await kafka_topics(4)
    async with KafkaStore(servers.kafka, prefix) as store:
        assert await store.load() == {}
        for number in range(30):
            await store.save(FeedState(feed_id=f"feed-{number % 10}", failures=number))
        seen = {str(n): Seen(last=n, words="w", dates="d") for n in range(5000)}
        await store.save(FeedState(feed_id="large", seen=seen))
    producer = AIOKafkaProducer(bootstrap_servers=servers.kafka)
    await producer.start()
    await producer.send_and_wait(prefix + topics.FEEDS.name, b"no state", key=b"broken")
    await producer.send_and_wait(prefix + topics.FEEDS.name, None, key=b"feed-0")
    await producer.stop()
    async with KafkaStore(servers.kafka, prefix) as store:
        states = await store.load()
    assert {name: state.failures for name, state in states.items() if name != "large"} == {
        f"feed-{number % 10}": number for number in range(21, 30)
    }
    assert states["large"].seen == seen


async def test_articles_are_there_when_publish_returns(servers: Servers, kafka_topics: Topics) -> None:
    prefix = await kafka_topics(4)
    async with KafkaPublisher(servers.kafka, prefix) as publisher:
        await publisher.publish([article(f"a{number}", page=b"<p>x</p>" * 5000) for number in range(50)])
        found = await read(servers, prefix + topics.RAW.name)
    assert sorted(one.article_id for one in found) == sorted(f"a{number}" for number in range(50))


async def test_an_article_that_is_too_large_loses_its_page_and_the_others_nothing(
    servers: Servers, kafka_topics: Topics
) -> None:
    prefix = await kafka_topics(1)
    large = article("large", entry="متن".encode(), page=b"x" * 200_000, page_content_type="text/html")
    async with KafkaPublisher(servers.kafka, prefix, max_bytes=100_000) as publisher:
        await publisher.publish([article("before"), large, article("after")])
        await publisher.publish([article("later")])
    found = {one.article_id: one for one in await read(servers, prefix + topics.RAW.name)}
    assert set(found) == {"before", "large", "after", "later"}
    assert found["large"].page == b""
    assert found["large"].entry.decode() == "متن"
    assert "too large" in found["large"].trail[-1].reason


async def test_an_article_that_the_broker_refuses_loses_its_page_and_the_others_nothing(
    servers: Servers, topic_prefix: str
) -> None:
    topic = topic_prefix + topics.RAW.name
    admin = AIOKafkaAdminClient(bootstrap_servers=servers.kafka)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 1, 1, topic_configs={"max.message.bytes": "50000"})])
    try:
        async with KafkaPublisher(servers.kafka, topic_prefix) as publisher:
            large = article("large", page=os.urandom(200_000), page_content_type="text/html")
            await publisher.publish([article("before"), large, article("after")])
            await publisher.publish([article(f"later-{number}") for number in range(20)])
        found = await read(servers, topic)
    finally:
        await admin.delete_topics([topic])
        await admin.close()
    by_id = {one.article_id: one for one in found}
    assert len(by_id) == 23
    assert by_id["large"].page == b""
    assert "too large" in by_id["large"].trail[-1].reason
