"""rasid.broker against the real Kafka."""

from dataclasses import replace

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from rasid import broker, topics
from rasid.errors import Fatal
from rasid.localstack.process import free_ports


async def counts(bootstrap, prefix):
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        described = await admin.describe_topics()
    finally:
        await admin.close()
    return {
        entry["topic"].removeprefix(prefix): len(entry["partitions"])
        for entry in described
        if entry["topic"].startswith(prefix)
    }


async def config_of(bootstrap, name):
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        (response,) = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])
    finally:
        await admin.close()
    return {entry[0]: entry[1] for entry in response.resources[0][4]}


async def send(bootstrap, topic, partition, values):
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        for value in values:
            await producer.send_and_wait(topic, value, partition=partition)
    finally:
        await producer.stop()


async def test_absent_topics_are_made_with_the_partition_counts_of_the_table(servers, kafka_topics, topic_prefix):
    await kafka_topics()
    assert await counts(servers.kafka, topic_prefix) == {topic.name: topic.partitions for topic in topics.ALL}


async def test_a_second_call_changes_nothing(servers, kafka_topics, topic_prefix):
    await kafka_topics()
    await send(servers.kafka, topic_prefix + "claims", 3, [b"x"])
    await kafka_topics()
    assert (await broker.end_offsets(servers.kafka, topic_prefix + "claims"))[3] == 1


async def test_topics_keep_records_as_long_and_as_large_as_the_table_says(servers, kafka_topics, topic_prefix):
    await kafka_topics(1)
    raw = await config_of(servers.kafka, topic_prefix + topics.RAW.name)
    assert raw["retention.ms"] == str(topics.RAW.kept_ms)
    assert raw["max.message.bytes"] == str(topics.RAW.max_bytes)
    assert raw["cleanup.policy"] == "delete"
    state = await config_of(servers.kafka, topic_prefix + topics.PLACES.name)
    assert set(state["cleanup.policy"].split(",")) == {"compact", "delete"}
    assert int(state["segment.ms"]) <= 3600 * 1000


async def test_a_record_about_old_news_is_not_removed_as_old(servers, kafka_topics, topic_prefix):
    await kafka_topics(1)
    producer = AIOKafkaProducer(bootstrap_servers=servers.kafka)
    await producer.start()
    try:
        sent = await producer.send_and_wait(topic_prefix + "changes", b"x", timestamp_ms=1)
    finally:
        await producer.stop()
    assert sent.timestamp > 1_600_000_000_000


@pytest.mark.parametrize(
    ("count", "command"),
    [
        (1, "--alter --topic {name} --partitions 8"),
        (9, "--delete --topic {name}"),
    ],
)
async def test_a_wrong_partition_count_is_fatal_with_the_command_that_mends_it(
    servers, kafka_topics, topic_prefix, count, command
):
    await kafka_topics()
    other = replace(topics.RAW, name="other", partitions=count)
    await broker.ensure_topics(servers.kafka, topic_prefix, topics=[other])
    wanted = replace(other, partitions=8)
    with pytest.raises(Fatal, match=f"has {count} partitions and must have 8") as caught:
        await broker.ensure_topics(servers.kafka, topic_prefix, topics=[wanted])
    assert command.format(name=topic_prefix + "other") in str(caught.value)
    assert servers.kafka in str(caught.value)
    await broker.delete_topics(servers.kafka, topic_prefix, [other])


async def test_more_copies_than_brokers_is_fatal_and_names_the_setting(servers, topic_prefix):
    with pytest.raises(Fatal, match="RASID_REPLICATION"):
        await broker.ensure_topics(servers.kafka, topic_prefix, replication=3)


async def test_an_absent_broker_is_fatal_and_says_what_to_do():
    (port,) = free_ports(1)
    with pytest.raises(Fatal, match=f"no Kafka answers at 127.0.0.1:{port}.*RASID_KAFKA"):
        await broker.ensure_topics(f"127.0.0.1:{port}")
    with pytest.raises(Fatal, match="no Kafka answers"):
        await broker.group_lag(f"127.0.0.1:{port}", "g", "t")


async def test_deleting_leaves_topics_of_other_prefixes_alone(servers, kafka_topics, topic_prefix):
    await kafka_topics(1)
    neighbour = topic_prefix + "neighbour."
    await broker.ensure_topics(servers.kafka, neighbour, topics=[topics.DEAD])
    await broker.delete_topics(servers.kafka, topic_prefix)
    assert await counts(servers.kafka, topic_prefix) == {"neighbour.dlq": 1}
    await broker.delete_topics(servers.kafka, neighbour)


async def test_the_lag_of_a_group_is_what_it_has_not_committed(servers, kafka_topics, topic_prefix):
    await kafka_topics(2)
    topic, group = topic_prefix + "claims", topic_prefix + "group"
    await send(servers.kafka, topic, 0, [b"a", b"b", b"c"])
    await send(servers.kafka, topic, 1, [b"d"])
    assert await broker.group_lag(servers.kafka, group, topic) == 4
    consumer = AIOKafkaConsumer(bootstrap_servers=servers.kafka, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign([TopicPartition(topic, 0), TopicPartition(topic, 1)])
        await consumer.commit({TopicPartition(topic, 0): 2})
    finally:
        await consumer.stop()
    assert await broker.group_lag(servers.kafka, group, topic) == 2
    assert await broker.group_lag(servers.kafka, group, topic_prefix + "absent") == 0
    assert await broker.end_offsets(servers.kafka, topic) == {0: 3, 1: 1}
