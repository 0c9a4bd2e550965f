"""Raw articles to Kafka: acknowledged by all replicas before the poller goes on."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

import msgspec
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from ingest.state import stop_quietly
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

    The producer is idempotent and is made anew after any failure: aiokafka's goes on with broken sequence numbers
    after a batch that the broker refused.

    Args:
        bootstrap: `host:port,…`.
        prefix: RASID_TOPIC_PREFIX.
        max_bytes: largest record.
        request_timeout: seconds until an unacknowledged record counts as failed.
    """

    def __init__(
        self, bootstrap: str, prefix: str = "", max_bytes: int = topics.RAW.max_bytes, request_timeout: float = 40.0
    ) -> None:
        self._bootstrap = bootstrap
        self._topic = prefix + topics.RAW.name
        self._max_bytes = max_bytes
        self._timeout = request_timeout
        self._producer: AIOKafkaProducer | None = None

    async def __aenter__(self) -> "KafkaPublisher":
        return self

    async def __aexit__(self, *_error: object) -> None:
        producer, self._producer = self._producer, None
        await stop_quietly(producer)

    async def publish(self, articles: Sequence[RawArticle]) -> None:
        """Sends all and waits for every acknowledgement. A record too large goes without its page, with the reason.

        Raises:
            Retry: Kafka is away, or did not acknowledge one of them.
            Invalid: an article is too large even without its page.
        """
        failed = await self._send(articles)
        large = [one for one, error in failed if isinstance(error, MessageSizeTooLargeError)]
        if large:
            failed = [(one, error) for one, error in failed if one not in large]
            failed += await self._send([without_page(one) for one in large])
        for article, error in failed:
            if isinstance(error, MessageSizeTooLargeError):
                raise Invalid(f"article {article.article_id} is too large for {self._topic} even without its page")
            raise Retry(f"{len(failed)} of {len(articles)} articles were not acknowledged by Kafka: {error!r}")

    async def _send(self, articles: Sequence[RawArticle]) -> list[tuple[RawArticle, Exception]]:
        """Sends and awaits every future; gives what failed."""
        failed: list[tuple[RawArticle, Exception]] = []
        waiting: list[tuple[RawArticle, asyncio.Future[object]]] = []
        try:
            producer = await self._connected()
        except (KafkaError, OSError) as error:
            return [(article, error) for article in articles]
        for article in articles:
            try:
                # Two awaits: one for the place in the batch, one for the acknowledgement.
                future = await producer.send(self._topic, encode(article), key=article.article_id.encode())
                waiting.append((article, future))
            except (KafkaError, OSError) as error:
                failed.append((article, error))
        results = await asyncio.gather(*(future for _, future in waiting), return_exceptions=True)
        for (article, _), result in zip(waiting, results, strict=True):
            if isinstance(result, Exception):
                failed.append((article, result))
        if failed:
            self._producer = None
            await stop_quietly(producer)
        return failed

    async def _connected(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap,
                acks="all",
                enable_idempotence=True,
                compression_type=topics.RAW.compression or None,
                max_request_size=self._max_bytes,
                request_timeout_ms=int(self._timeout * 1000),
            )
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer


def without_page(article: RawArticle) -> RawArticle:
    """The article without its page; its trail and `page_content_type` say so."""
    note = f"page of {len(article.page):,} bytes left out: the record was too large for Kafka"
    last = article.trail[-1].at if article.trail else article.version
    return msgspec.structs.replace(
        article,
        page=b"",
        page_content_type=f"{article.page_content_type}; {note}".lstrip("; "),
        trail=(*article.trail, Passage(stage="poll", status="ok", at=last, reason=note)),
    )
