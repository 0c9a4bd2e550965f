"""Reads a compacted topic from its first record to its end: a stage's memory after an assignment."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from rasid.errors import Retry


async def read_partition(options: Mapping[str, Any], topic: str, partition: int) -> AsyncIterator[ConsumerRecord]:
    """Yields every record of the partition as it stood at the call.

    Seeks to a number and checks that it read something: `seek_to_beginning` with the default reset policy
    silently read nothing.

    Args:
        options: of the connection, as rasid.broker.kafka_options gives them.

    Raises:
        Retry: Kafka is away, or records stand in the partition and none could be read.
    """
    async with _consumer(options, topic) as consumer:
        where = TopicPartition(topic, partition)
        consumer.assign([where])
        first = (await consumer.beginning_offsets([where]))[where]
        end = (await consumer.end_offsets([where]))[where]
        consumer.seek(where, first)
        position, silent = first, 0
        while position < end:
            batch = (await consumer.getmany(where, timeout_ms=1000)).get(where, [])
            for record in batch:
                if record.offset < end:
                    yield record
            position = await consumer.position(where)
            silent = 0 if batch else silent + 1
            if silent > 30:
                raise Retry(f"{topic}[{partition}] stopped at {position} of {end} while its state was read")


@asynccontextmanager
async def _consumer(options: Mapping[str, Any], topic: str) -> AsyncIterator[AIOKafkaConsumer]:
    """A started consumer without a group, closed at the end; Kafka's errors come as Retry."""
    consumer = AIOKafkaConsumer(
        **options, enable_auto_commit=False, auto_offset_reset="earliest", max_partition_fetch_bytes=16_000_000
    )
    try:
        await consumer.start()
        yield consumer
    except (KafkaError, OSError) as error:
        servers = options["bootstrap_servers"]
        raise Retry(f"{topic} could not be read, no Kafka answers at {servers} ({type(error).__name__})") from error
    finally:
        await consumer.stop()


async def read_topic(options: Mapping[str, Any], topic: str) -> AsyncIterator[ConsumerRecord]:
    """Every record of every partition of a topic, partition by partition. Raises Retry as `read_partition` does."""
    async with _consumer(options, topic) as consumer:
        partitions = sorted(consumer.partitions_for_topic(topic) or await _partitions(consumer, topic))
    for partition in partitions:
        async for record in read_partition(options, topic, partition):
            yield record


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    await consumer._client.force_metadata_update()
    consumer._client.add_topic(topic)
    await consumer._client.force_metadata_update()
    return set(consumer.partitions_for_topic(topic) or ())
