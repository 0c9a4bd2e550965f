"""What is remembered of each feed, and where: in memory or in the compacted topic `feeds.state`."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from rasid import topics
from rasid.errors import Fatal, Retry
from rasid.messages import decode, encode
from rasid.messages.codec import Message

SEEN_MAX = 5000
"""Articles remembered per feed: more than the largest document holds."""
SEEN_DAYS = 30


class Seen(msgspec.Struct, frozen=True, omit_defaults=True, array_like=True):
    """An article of the feed as it was last published."""

    last: int
    """ms: when it last stood in the document. A static feed refreshes it, so its entries never come back as new."""
    words: str
    """Fingerprint of title, summary and content."""
    dates: str
    """Fingerprint of the dates of publication and change."""


class FeedState(Message, frozen=True, kw_only=True, omit_defaults=True):
    """All that a poller must know of a feed after a restart. Key: `feed_id`."""

    feed_id: str
    etag: str = ""
    """As the server sent it, byte for byte."""
    last_modified: str = ""
    body_hash: str = ""
    seen: dict[str, Seen] = msgspec.field(default_factory=dict)
    """By article id."""
    next_due: int = 0
    """ms: when it is to be polled next; a restart keeps it."""
    interval: float = 0.0
    """Seconds, as adapted; 0 before the first poll."""
    failures: int = 0
    """Polls in a row that failed."""
    last_error: str = ""
    last_ok: int = 0
    """ms of the last poll that gave a document or a 304."""
    last_full: int = 0
    """ms of the last document that was asked for without validators."""
    hash_mode: bool = False
    """Its validators lied: they are no longer sent, the body's hash decides."""
    moved_to: str = ""
    """Where permanent redirects led at the last poll."""
    permanent_url: str = ""
    """Address adopted after two such polls; polled instead of the one in the feeds file."""
    parked: bool = False
    """The server said 410 Gone."""


def remember(state: FeedState, entries: dict[str, Seen], now: int) -> dict[str, Seen]:
    """The seen articles with `entries` put in; bounded by age and number, the longest unseen leave first."""
    seen = {**state.seen, **entries}
    oldest = now - SEEN_DAYS * 86_400_000
    if len(seen) > SEEN_MAX or any(one.last < oldest for one in seen.values()):
        newest = sorted(seen.items(), key=lambda item: item[1].last, reverse=True)[:SEEN_MAX]
        seen = {key: one for key, one in newest if one.last >= oldest or key in entries}
    return seen


class StateStore(Protocol):
    """Where feed states are kept."""

    async def load(self) -> dict[str, FeedState]:
        """All states by feed id, the newest of each. Raises Retry when the store is away."""

    async def save(self, state: FeedState) -> None:
        """Returns when the state is safe. Raises Retry when it could not be saved."""


class MemoryStore:
    """States in memory: for tests and for `--in-process`."""

    def __init__(self, states: Iterable[FeedState] = ()) -> None:
        self.states = {state.feed_id: state for state in states}

    async def load(self) -> dict[str, FeedState]:
        """A copy of the states."""
        return dict(self.states)

    async def save(self, state: FeedState) -> None:
        """Keeps the state."""
        self.states[state.feed_id] = state


class KafkaStore:
    """States in `feeds.state`. Use as `async with KafkaStore(bootstrap, prefix) as store`.

    Args:
        bootstrap: `host:port,…`.
        prefix: RASID_TOPIC_PREFIX.
        on_bad: told of records that cannot be read: (key, reason). Such a feed starts anew.
    """

    def __init__(
        self, bootstrap: str, prefix: str = "", on_bad: Callable[[str, str], None] | None = None, timeout: float = 60.0
    ) -> None:
        self._bootstrap = bootstrap
        self._topic = prefix + topics.FEEDS.name
        self._on_bad = on_bad or (lambda _key, _reason: None)
        self._timeout = timeout
        self._producer: AIOKafkaProducer | None = None

    async def __aenter__(self) -> "KafkaStore":
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._drop_producer()

    async def load(self) -> dict[str, FeedState]:
        """Reads the topic from its beginning to its end.

        Raises:
            Retry: Kafka is away or did not give all records in time.
            Fatal: the topic is missing.
        """
        consumer = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, enable_auto_commit=False, group_id=None)
        try:
            async with asyncio.timeout(self._timeout):
                await consumer.start()
                return await self._read(consumer)
        except (KafkaError, TimeoutError) as error:
            raise Retry(f"the feed states could not be read from {self._topic}: {error!r}") from error
        finally:
            await consumer.stop()

    async def _read(self, consumer: AIOKafkaConsumer) -> dict[str, FeedState]:
        numbers = consumer.partitions_for_topic(self._topic) or await self._numbers(consumer)
        partitions = [TopicPartition(self._topic, number) for number in sorted(numbers)]
        consumer.assign(partitions)
        first = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
        for partition in partitions:
            # A number, not seek_to_beginning: with offset resets that silently read nothing (docs/ingest.md).
            consumer.seek(partition, first[partition])
        states: dict[str, FeedState] = {}
        waiting = {one for one in partitions if ends[one] > first[one]}
        read = 0
        while waiting:
            for records in (await consumer.getmany(timeout_ms=500, max_records=5000)).values():
                for record in records:
                    read += 1
                    self._take(states, record.key, record.value)
            waiting = {one for one in waiting if await consumer.position(one) < ends[one]}
        if not read and any(ends[one] > first[one] for one in partitions):
            raise Retry(f"{self._topic} has records, but none was read")
        return states

    async def _numbers(self, consumer: AIOKafkaConsumer) -> set[int]:
        await consumer.topics()  # asks the broker for the metadata of all topics
        numbers = consumer.partitions_for_topic(self._topic)
        if not numbers:
            raise Fatal(f"the topic {self._topic} is missing; `rasid up` and `rasid poll` create it")
        return set(numbers)

    def _take(self, states: dict[str, FeedState], key: bytes | None, value: bytes | None) -> None:
        name = (key or b"").decode("utf-8", "replace")
        if value is None:
            states.pop(name, None)
            return
        try:
            state = decode(value, FeedState)
        except Exception as error:  # Invalid, or a struct that changed: the feed starts anew, visibly
            self._on_bad(name, str(error))
            return
        states[state.feed_id] = state

    async def save(self, state: FeedState) -> None:
        """Writes the state and waits for the acknowledgement of all replicas.

        Raises:
            Retry: Kafka did not acknowledge.
        """
        try:
            producer = await self._connected()
            await producer.send_and_wait(self._topic, encode(state), key=state.feed_id.encode())
        except (KafkaError, OSError) as error:
            await self._drop_producer()
            raise Retry(f"the state of feed {state.feed_id} was not acknowledged by Kafka: {error!r}") from error

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap,
                acks="all",
                enable_idempotence=True,
                max_request_size=topics.FEEDS.max_bytes,
            )
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        await stop_quietly(producer)


async def stop_quietly(producer: AIOKafkaProducer | None, seconds: float = 5.0) -> None:
    """Stops a producer; waits for what it still holds no longer than `seconds`."""
    if producer is None:
        return
    try:
        async with asyncio.timeout(seconds):
            await producer.stop()
    except (KafkaError, TimeoutError, OSError):
        pass
