"""What became of an article: its outcome where it has one, else how far it came on the topics, and its dead letters."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from aiokafka import ConsumerRecord

from ingest.identity import article_id as id_of_url
from ingest.identity import canonical_url
from rasid import broker
from rasid.errors import Invalid, Retry
from rasid.kafka.rebuild import read_topic
from rasid.messages import CheckedArticle, EnrichedArticle, Outcome, Passage, RawArticle, TextArticle, decode
from rasid.settings import Settings
from rasid.topics import CHECKED, DEAD, ENRICHED, INDEXED, RAW, TEXT
from sinks.dead_letters import read_dead_letter

READ_SECONDS = 60.0
WAY: tuple[tuple[str, type], ...] = (
    (INDEXED.name, Outcome),
    (ENRICHED.name, EnrichedArticle),
    (CHECKED.name, CheckedArticle),
    (TEXT.name, TextArticle),
    (RAW.name, RawArticle),
)
"""Topics from the end of the way to its start, with what they hold."""


async def trace(settings: Settings, article: str) -> dict[str, Any]:
    """Looks an article up.

    Args:
        settings: `kafka` and `elasticsearch`, of which one may be empty; the topics answer while Elasticsearch is away.
        article: article id, or URL.

    Returns:
        `article_id`, `title`, `url`, `steps` (stage, status, when, worker, reason) and `end`, a sentence.

    Raises:
        Retry: the servers are away.
    """
    article_id = id_of_url(canonical_url(article), "", "") if "://" in article else article
    found: dict[str, Any] = {"article_id": article_id, "title": "", "url": "", "steps": [], "end": "unknown"}
    try:
        if settings.elasticsearch and await _indexed(settings, found):
            return found
    except Retry:
        if not settings.kafka:
            raise
    if settings.kafka:
        await _on_topics(settings, found)
    return found


async def _indexed(settings: Settings, found: dict[str, Any]) -> bool:
    from sinks.elastic.client import make_client
    from sinks.elastic.search import lookup

    client = make_client(settings.elasticsearch, settings.elasticsearch_api_key, settings.elasticsearch_ca)
    try:
        document = await lookup(client, settings.index_prefix, found["article_id"])
    finally:
        await client.close()
    if document is None:
        return False
    found |= {"title": document.title, "url": document.url}
    found["steps"] = [_step(passage) for passage in document.trail]
    found["end"] = " ".join(filter(None, [document.status, document.reason, document.relation]))
    return True


async def _on_topics(settings: Settings, found: dict[str, Any]) -> None:
    key = found["article_id"].encode()
    options = broker.kafka_options(settings)
    for name, kind in WAY:
        record = await _newest(options, settings.topic_prefix + name, key)
        if record is None:
            continue
        try:
            message: Any = decode(record.value, kind)
        except Invalid as error:
            found["steps"].append(
                {"stage": name, "status": "unreadable", "when": "", "worker": "", "reason": str(error)}
            )
            continue
        inner = getattr(message, "article", message)
        found |= {"title": getattr(inner, "title", ""), "url": inner.url}
        found["steps"] = [_step(passage) for passage in message.trail]
        found["end"] = _end(message, name)
        break
    letter = await _newest(options, settings.topic_prefix + DEAD.name, key)
    if letter is not None:
        dead = read_dead_letter(letter)
        found["steps"].append(
            {"stage": dead.stage, "status": "dead", "when": _when(dead.at), "worker": "", "reason": dead.reason}
        )
        found["end"] = f"waiting in the dead letters: {dead.reason}"


def _end(message: Any, topic: str) -> str:
    if isinstance(message, Outcome):
        return " ".join(filter(None, [message.status, message.reason, message.verdict]))
    return f"waiting: its newest record stands on {topic}"


async def _newest(options: dict[str, Any], topic: str, key: bytes) -> ConsumerRecord | None:
    newest: ConsumerRecord | None = None
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for record in read_topic(options, topic):
                if record.key == key and (newest is None or record.timestamp >= newest.timestamp):
                    newest = record
    except TimeoutError as error:
        raise Retry(f"{topic} could not be read within {READ_SECONDS:.0f} s: try again") from error
    return newest


def _step(passage: Passage) -> dict[str, str]:
    return {
        "stage": passage.stage,
        "status": passage.status,
        "when": _when(passage.at),
        "worker": passage.worker,
        "reason": passage.reason,
    }


def _when(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] if at_ms else ""
