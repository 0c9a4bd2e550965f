"""Raw articles to Kafka: acknowledged by all replicas before the poller goes on."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, Self

import msgspec
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from ingest.producer import PATIENCE, SafeProducer
from rasid import topics
from rasid.errors import Invalid, Retry
from rasid.messages import Passage, RawArticle, encode


class Publisher(Protocol):
    """Where raw articles go."""

    async def publish(self, articles: Sequence[RawArticle]) -> None:
        """Returns when every article is safe. Raises Retry when not all are; publishing again does no harm."""


class MemoryPublisher:
    """Articles in a list: for tests and `--in-process`."""

    def __init__(self) -> None:
        self.articles: list[RawArticle] = []

    async def publish(self, articles: Sequence[RawArticle]) -> None:
        """Appends them."""
        self.articles.extend(articles)


class KafkaPublisher:
    """Articles to `articles.raw`, key = article id. Use as `async with KafkaPublisher(bootstrap, prefix) as publisher`.

    Args:
        bootstrap: `host:port,…`.
        prefix: RASID_TOPIC_PREFIX.
        options: of the connection, in place of `bootstrap`.
        max_bytes: largest record.
        patience: seconds until a record without acknowledgement counts as failed.
    """

    def __init__(
        self,
        bootstrap: str,
        prefix: str = "",
        options: Mapping[str, Any] | None = None,
        max_bytes: int = topics.RAW.max_bytes,
        patience: float = PATIENCE,
    ) -> None:
        self._topic = prefix + topics.RAW.name
        self._producer = SafeProducer(
            options or {"bootstrap_servers": bootstrap},
            compression_type=topics.RAW.compression or None,
            max_request_size=max_bytes,
        )
        self._patience = patience

    @classmethod
    def of(cls, options: Mapping[str, Any], prefix: str = "") -> Self:
        """A publisher over a connection as rasid.broker.kafka_options gives it."""
        return cls(str(options["bootstrap_servers"]), prefix, options)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._producer.drop()

    async def publish(self, articles: Sequence[RawArticle]) -> None:
        """Sends all and waits for every acknowledgement. A record too large goes without its page, with the reason.

        Raises:
            Retry: Kafka is away, or did not acknowledge one of them.
            Invalid: an article is too large even without page and entry.
        """
        waiting = list(articles)
        while waiting:
            failed = await self._send(waiting)
            large = {article.article_id for article, error in failed if isinstance(error, MessageSizeTooLargeError)}
            if failed and not large:
                raise Retry(
                    f"{len(failed)} of {len(articles)} articles were not acknowledged by Kafka: {failed[0][1]!r}"
                )
            # What failed beside a record that the broker refused failed for its sequence number: it goes once more.
            waiting = [smaller(article) if article.article_id in large else article for article, _ in failed]

    async def _send(self, articles: Sequence[RawArticle]) -> list[tuple[RawArticle, BaseException]]:
        """Sends and awaits every future; gives what failed."""
        try:
            async with asyncio.timeout(self._patience):
                failed = await self._send_all(await self._producer.connected(), articles)
        except TimeoutError as error:
            await self._producer.drop()
            raise Retry(
                f"{len(articles)} articles were not acknowledged by Kafka within {self._patience:g} seconds"
            ) from error
        if failed:
            await self._producer.drop()
        return failed

    async def _send_all(
        self, producer: AIOKafkaProducer, articles: Sequence[RawArticle]
    ) -> list[tuple[RawArticle, BaseException]]:
        failed: list[tuple[RawArticle, BaseException]] = []
        waiting: list[tuple[RawArticle, asyncio.Future[Any]]] = []
        for article in articles:
            try:
                # Two awaits: this one for a place in a batch, the gather below for the acknowledgement.
                future = await producer.send(self._topic, encode(article), key=article.article_id.encode())
                waiting.append((article, future))
            except (KafkaError, OSError) as error:
                failed.append((article, error))
        results = await asyncio.gather(*(future for _, future in waiting), return_exceptions=True)
        for (article, _), result in zip(waiting, results, strict=True):
            if isinstance(result, BaseException):
                failed.append((article, result))
        return failed


def smaller(article: RawArticle) -> RawArticle:
    """The article without its page, or without its entry where the page is gone already; its trail says so.

    Raises:
        Invalid: neither is left.
    """
    what, size = ("page", len(article.page)) if article.page else ("entry", len(article.entry))
    if not size:
        raise Invalid(f"article {article.article_id} is too large for Kafka even without page and entry")
    note = f"{what} of {size:,} bytes left out: the record was too large for Kafka"
    at = article.trail[-1].at if article.trail else article.version
    trail = (*article.trail, Passage(stage="poll", status="ok", at=at, reason=note))
    changes: dict[str, Any] = {"page": b"", "page_content_type": ""} if article.page else {"entry": b""}
    return msgspec.structs.replace(article, trail=trail, **changes)
