"""The Kafka broker from outside the stages: its connection settings, the topics as they must stand, and how far groups lag."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    KafkaConnectionError,
    KafkaError,
    NotCoordinatorError,
    for_code,
)

from rasid import topics as topic_table
from rasid.errors import Fatal
from rasid.settings import Settings
from rasid.topics import DAY_MS, Topic

REQUEST_MS = 15_000
METADATA_SECONDS = 30.0
"""How long a new topic may take until all its partitions have a leader."""
HOUR_MS = 3600 * 1000

ALREADY_EXISTS = 36
UNKNOWN_TOPIC = 3
INVALID_REPLICATION = 38


def kafka_options(settings: Settings) -> dict[str, Any]:
    """What every aiokafka client of this project is given; the place for TLS and SASL when they come."""
    return {"bootstrap_servers": settings.kafka, "client_id": "rasid"}


async def check(bootstrap: str) -> None:
    """Returns when a broker answers. Raises Fatal when none does."""
    async with _admin(bootstrap):
        return


async def ensure_topics(
    bootstrap: str, prefix: str = "", replication: int = 1, topics: Sequence[Topic] = topic_table.ALL
) -> None:
    """Makes the topics that are absent, and returns when all partitions of all of them can be used.

    Existing topics are not altered: whoever runs the broker may have changed how long they are kept.

    Args:
        bootstrap: `host:port,…`.
        prefix: stands before every name.
        replication: copies of each new partition.
        topics: as they must stand.

    Raises:
        Fatal: no broker answers, a topic has another partition count, or the broker refuses to make one.
    """
    wanted = {prefix + topic.name: topic for topic in topics}
    async with _admin(bootstrap) as admin:
        present = await _partitions(admin)
        _check_counts(bootstrap, wanted, present)
        absent = {name: topic for name, topic in wanted.items() if name not in present}
        if absent:
            await _create(admin, absent, replication)
        deadline = time.monotonic() + METADATA_SECONDS
        while not await _usable(admin, wanted):
            if time.monotonic() > deadline:
                raise Fatal(
                    f"after {METADATA_SECONDS:.0f} s some topics on {bootstrap} have no leader: look at the broker"
                )
            await asyncio.sleep(0.05)
        _check_counts(bootstrap, wanted, await _partitions(admin))  # another worker may have made them


async def delete_topics(bootstrap: str, prefix: str, topics: Sequence[Topic] = topic_table.ALL) -> None:
    """Deletes the topics of this prefix with all they hold; only names of the table, and absent ones are no error.

    Raises:
        Fatal: no broker answers or it refuses.
    """
    async with _admin(bootstrap) as admin:
        present = await _partitions(admin)
        names = [prefix + topic.name for topic in topics if prefix + topic.name in present]
        if not names:
            return
        response = await admin.delete_topics(names)
        for name, code in response.topic_error_codes:
            if code not in (0, UNKNOWN_TOPIC):
                raise Fatal(f"the broker {bootstrap} does not delete {name}: {for_code(code).__name__}")


async def end_offsets(bootstrap: str, topic: str) -> dict[int, int]:
    """The next offset of each partition of a topic (its full name); {} when there is no such topic.

    Raises:
        Fatal: no broker answers.
    """
    async with _admin(bootstrap) as admin:
        count = (await _partitions(admin)).get(topic, 0)
    return {number: end for number, (_, end) in (await _ranges(bootstrap, topic, count)).items()}


async def group_lag(bootstrap: str, group: str, topic: str) -> int:
    """Records of a topic that a group has not yet committed, over all partitions; all it holds, where it never committed.

    Args:
        bootstrap: `host:port,…`.
        group: full name of the group.
        topic: full name of the topic; one that is absent has no lag.

    Raises:
        Fatal: no broker answers.
    """
    async with _admin(bootstrap) as admin:
        count = (await _partitions(admin)).get(topic, 0)
        if not count:
            return 0
        partitions = [TopicPartition(topic, number) for number in range(count)]
        try:
            committed = await admin.list_consumer_group_offsets(group, partitions=partitions)
        except (CoordinatorNotAvailableError, CoordinatorLoadInProgressError, NotCoordinatorError):
            committed = {}  # nobody has committed on this broker yet, or it has just started: lag is never told too low
    lag = 0
    for number, (first, end) in (await _ranges(bootstrap, topic, count)).items():
        entry = committed.get(TopicPartition(topic, number))
        lag += end - min(end, max(first, entry.offset if entry else first))
    return lag


async def _ranges(bootstrap: str, topic: str, count: int) -> dict[int, tuple[int, int]]:
    """First offset still there and next offset of each of the `count` partitions."""
    if not count:
        return {}
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, request_timeout_ms=REQUEST_MS)
    partitions = [TopicPartition(topic, number) for number in range(count)]
    try:
        await consumer.start()
        begins = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
    except KafkaError as error:
        raise _absent(bootstrap, error) from error
    finally:
        await consumer.stop()
    return {where.partition: (begins[where], ends[where]) for where in partitions}


@asynccontextmanager
async def _admin(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=REQUEST_MS)
    try:
        await admin.start()
        yield admin
    except (KafkaError, OSError, TimeoutError) as error:
        raise _absent(bootstrap, error) from error
    finally:
        await admin.close()


def _absent(bootstrap: str, error: BaseException) -> Fatal:
    why = "" if isinstance(error, KafkaConnectionError) else f" ({str(error) or type(error).__name__})"
    return Fatal(f"no Kafka answers at {bootstrap}{why}: start it, or unset RASID_KAFKA to use a local one")


async def _partitions(admin: AIOKafkaAdminClient) -> dict[str, int]:
    """Partition count of every topic. All are asked for: to ask for an absent one could create it."""
    return {
        topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics() if not topic["error_code"]
    }


async def _usable(admin: AIOKafkaAdminClient, wanted: dict[str, Topic]) -> bool:
    """Whether every wanted topic is known with a leader for each partition."""
    led = {
        topic["topic"]: len(topic["partitions"])
        for topic in await admin.describe_topics()
        if not topic["error_code"]
        and all(not part["error_code"] and part["leader"] >= 0 for part in topic["partitions"])
    }
    return all(led.get(name, 0) >= 1 for name in wanted)


def _check_counts(bootstrap: str, wanted: dict[str, Topic], present: dict[str, int]) -> None:
    for name, topic in wanted.items():
        count = present.get(name, topic.partitions)
        if count == topic.partitions:
            continue
        command = f"kafka-topics.sh --bootstrap-server {bootstrap}"
        if count < topic.partitions:
            how = (
                f"with all workers stopped and their lag at 0, "
                f"run: {command} --alter --topic {name} --partitions {topic.partitions}"
            )
        else:
            how = (
                f"partitions cannot be taken away: with all workers stopped and their lag at 0, "
                f"run: {command} --delete --topic {name}; it is made anew at the next start"
            )
        raise Fatal(f"topic {name} has {count} partitions and must have {topic.partitions}; {how}")


async def _create(admin: AIOKafkaAdminClient, absent: dict[str, Topic], replication: int) -> None:
    new = [
        NewTopic(name, topic.partitions, replication, topic_configs=_config(topic)) for name, topic in absent.items()
    ]
    response = await admin.create_topics(new, timeout_ms=REQUEST_MS)
    for name, code, *rest in response.topic_errors:
        if code in (0, ALREADY_EXISTS):
            continue
        if code == INVALID_REPLICATION:
            raise Fatal(
                f"the broker cannot keep {replication} copies of {name}: set RASID_REPLICATION to its broker count"
            )
        why = rest[0] if rest and rest[0] else for_code(code).__name__
        raise Fatal(
            f"the broker does not make topic {name}: {why}; make it by hand as docs/reference/topics.md describes it"
        )


def _config(topic: Topic) -> dict[str, str]:
    """Topic settings: only closed segments are removed or compacted, so segments are short against the retention."""
    config = {
        "retention.ms": str(topic.kept_ms),
        "max.message.bytes": str(topic.max_bytes),
        # Time of arrival at the broker: a record about old news must not be old on arrival and go at once.
        "message.timestamp.type": "LogAppendTime",
    }
    if topic.compacted:
        return config | {
            "cleanup.policy": "compact,delete",
            "segment.ms": str(HOUR_MS),
            "segment.bytes": str(64 * 1024 * 1024),
            "min.cleanable.dirty.ratio": "0.1",
            "max.compaction.lag.ms": str(6 * HOUR_MS),
        }
    return config | {"cleanup.policy": "delete", "segment.ms": str(min(DAY_MS, topic.kept_ms // 4))}
