"""What is remembered of each feed, and where: in memory or in the compacted topic `feeds.state`."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, Self

import msgspec
import structlog
from aiokafka.errors import KafkaError

from ingest.producer import PATIENCE, SafeProducer
from rasid import topics
from rasid.errors import Invalid, Retry
from rasid.kafka.rebuild import read_topic
from rasid.messages import decode, encode
from rasid.messages.codec import Message

log = structlog.get_logger("rasid.poller")

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
    url: str = ""
    """Address in the feeds file to which the rest belongs."""
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
        seen = {key: one for key, one in newest if one.last >= oldest}
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
        options: of the connection, in place of `bootstrap`.
        patience: seconds until an unacknowledged state counts as not saved.
    """

    def __init__(
        self, bootstrap: str, prefix: str = "", options: Mapping[str, Any] | None = None, patience: float = PATIENCE
    ) -> None:
        self._patience = patience
        self._options = dict(options or {"bootstrap_servers": bootstrap})
        self._topic = prefix + topics.FEEDS.name
        self._producer = SafeProducer(self._options, max_request_size=topics.FEEDS.max_bytes)

    @classmethod
    def of(cls, options: Mapping[str, Any], prefix: str = "") -> Self:
        """A store over a connection as rasid.broker.kafka_options gives it."""
        return cls(str(options["bootstrap_servers"]), prefix, options)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._producer.drop()

    async def load(self) -> dict[str, FeedState]:
        """Reads the topic from its beginning to its end; a state that cannot be read is logged, and its feed starts anew.

        Raises:
            Retry: Kafka is away, or records stand there and could not be read.
        """
        states: dict[str, FeedState] = {}
        try:
            async for record in read_topic(self._options, self._topic):
                _take(states, record.key or b"", record.value)
        except (KafkaError, OSError) as error:
            raise Retry(f"the feed states could not be read from {self._topic}: {error!r}") from error
        return states

    async def save(self, state: FeedState) -> None:
        """Writes the state and waits for the acknowledgement of all replicas.

        Raises:
            Retry: Kafka did not acknowledge.
        """
        try:
            async with asyncio.timeout(self._patience):
                producer = await self._producer.connected()
                await producer.send_and_wait(self._topic, encode(state), key=state.feed_id.encode())
        except (KafkaError, OSError) as error:  # TimeoutError is an OSError
            await self._producer.drop()
            raise Retry(f"the state of feed {state.feed_id} was not acknowledged by Kafka: {error!r}") from error


def _take(states: dict[str, FeedState], key: bytes, value: bytes | None) -> None:
    name = key.decode("utf-8", "replace")
    if value is None:
        states.pop(name, None)
        return
    try:
        states[name] = decode(value, FeedState)
    except Invalid as error:
        log.warning("feed state cannot be read; the feed starts anew", feed=name, reason=str(error))
