"""Documents → outcomes. A write ends when each document has one; until then it is tried again, for ever if need be.

The client's own helpers do not fit: with `raise_on_error` they give up at the first refused item, without it they
re-send only what was answered 429, and a lost connection ends them (elasticsearch-py issue 864).

    item 2xx                                     written
    item 409                                     stale: the index holds the same or a newer version; a success
    item 400 and other 4xx                       invalid: the document is at fault; the caller buries it
    item 429, 5xx, blocks, missing shards        tried again
    request 413                                  halved; a single document that is too large is invalid
    request 400                                  halved until the document at fault is alone
    request 401, 403 without a block             Fatal: the credentials are at fault, not the documents
    no answer, 429, 5xx, an answer of a stranger tried again
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError, AsyncElasticsearch

from rasid import metrics
from rasid.errors import Retry
from sinks.elastic.answers import Outcome, Row, Trouble, request_refused, sentence_of, settle
from sinks.elastic.client import cause, explain
from sinks.elastic.documents import Action
from sinks.elastic.moved import Stray, strays

__all__ = ["Action", "BulkSink", "Outcome"]

log = structlog.get_logger("rasid.elastic")
T = TypeVar("T")

MAX_BYTES = 5_000_000
"""Body of one request: larger ones gain nothing and cost the server memory."""
MAX_COUNT = 500
ID_BYTES = 512
"""Longest id; one that is longer would make the server refuse the whole request."""
GRACE = 0.5
"""Seconds that a request under way may still take after the stop."""
SAY_EVERY = 10.0
"""Seconds between two log lines about the same trouble."""


@dataclass
class BulkSink:
    """Writes documents with their outcomes; safe to cancel and to call again with the same documents.

    Attributes:
        stop: when set, a write that is not done raises Retry within a second.
        first_pause, longest_pause: seconds between attempts: doubled each time, with up to half of it by chance.
        random: gives 0 to 1.
        tell: takes a sentence about a trouble, for the person at the screen.
    """

    client: AsyncElasticsearch
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    prefix: str = ""
    max_bytes: int = MAX_BYTES
    max_count: int = MAX_COUNT
    first_pause: float = 0.2
    longest_pause: float = 15.0
    clock: Callable[[], float] = time.monotonic
    random: Callable[[], float] = random.random
    tell: Callable[[str], None] = lambda _sentence: None
    _said: dict[str, float] = field(default_factory=dict, repr=False)

    async def write(self, actions: Sequence[Action]) -> list[Outcome]:
        """Writes all documents.

        Returns:
            One outcome for each action, in their order.

        Raises:
            Retry: the stop was asked for before all had an outcome; nothing may be acknowledged.
            Fatal: the server refuses the credentials.
        """
        rows = [_row(action) for action in actions]
        _keep_newest(rows)
        for number, batch in enumerate(self._batches([row for row in rows if row.outcome is None])):
            if number and self.stop.is_set():
                raise Retry("stopped before all documents were sent to Elasticsearch")
            await self._write_batch(batch)
        await self._bring_together([row.action for row in rows if row.outcome and not row.outcome.invalid])
        outcomes = [row.outcome for row in rows if row.outcome is not None]
        for outcome in outcomes:
            metrics.INDEXED.labels(outcome.state).inc()
        return outcomes

    def _batches(self, rows: Sequence[Row]) -> Iterator[list[Row]]:
        batch: list[Row] = []
        size = 0
        for row in rows:
            if batch and (size + len(row.body) > self.max_bytes or len(batch) >= self.max_count):
                yield batch
                batch, size = [], 0
            batch.append(row)
            size += len(row.body)
        if batch:
            yield batch

    async def _write_batch(self, batch: list[Row]) -> None:
        """Until each row has an outcome; rows that are to be halved are put back as two batches."""
        waiting = [batch]
        attempt = 0
        since: float | None = None
        while waiting:
            rows = waiting[0]
            trouble = await self._send(rows)
            rows[:] = [row for row in rows if row.outcome is None]
            if not rows:
                waiting.pop(0)
                attempt = 0
            elif trouble and trouble.halve:
                middle = len(rows) // 2
                waiting[:1] = [rows[:middle], rows[middle:]]
            elif trouble:
                since = self.clock() if since is None else since
                await self._pause(attempt, trouble)
                attempt += 1
        if since is not None:
            seconds = round(self.clock() - since, 1)
            log.info("Elasticsearch takes writes again", after_seconds=seconds)
            self.tell(f"Elasticsearch takes writes again after {seconds} s")

    async def _bring_together(self, actions: Sequence[Action]) -> None:
        """Deletes older versions that stand in the index of another month."""
        attempt = 0
        while True:
            try:
                found = await self._unless_stopped(strays(self.client, actions))
                break
            except ApiError as error:
                status = error.meta.status
                if status != 429 and status < 500:
                    log.warning("older versions in other months could not be looked for", reason=explain(error))
                    return
                trouble = Trouble(sentence_of(status, *cause(error)))
            except TransportError as error:
                trouble = Trouble(f"Elasticsearch does not answer: {explain(error)}")
            await self._pause(attempt, trouble)
            attempt += 1
        if found:
            await self._write_batch([_deletion(stray) for stray in found])

    async def _pause(self, attempt: int, trouble: Trouble) -> None:
        metrics.SINK_RETRIES.labels("elasticsearch").inc()
        now = self.clock()
        if now - self._said.get(trouble.sentence, -SAY_EVERY) >= SAY_EVERY:
            self._said = {text: at for text, at in self._said.items() if now - at < SAY_EVERY}
            self._said[trouble.sentence] = now
            log.warning(trouble.sentence, attempt=attempt + 1)
            self.tell(trouble.sentence)
        pause = min(self.longest_pause, self.first_pause * 2 ** min(attempt, 20))
        pause = min(self.longest_pause, max(pause * (0.5 + self.random() / 2), trouble.after))
        try:
            await asyncio.wait_for(self.stop.wait(), pause)
        except TimeoutError:
            return
        raise Retry(f"stopped before Elasticsearch took all documents: {trouble.sentence}")

    async def _send(self, rows: list[Row]) -> Trouble | None:
        """One request. Gives rows their outcomes; what is left over is explained by the trouble."""
        try:
            answer = await self._unless_stopped(
                self.client.perform_request(
                    "POST",
                    "/_bulk",
                    params={"filter_path": "items.*.status,items.*.error"},
                    headers={"accept": "application/json", "content-type": "application/x-ndjson"},
                    body=[row.body for row in rows],
                )
            )
        except ApiError as error:
            return request_refused(error, rows)
        except TransportError as error:
            return Trouble(f"Elasticsearch does not answer: {explain(error)}")
        items = answer.body.get("items") if isinstance(answer.body, dict) else None
        if not isinstance(items, list) or len(items) != len(rows):
            return Trouble("Elasticsearch's answer has not one item a document: is there a proxy in between?")
        troubles = [settle(row, item) for row, item in zip(rows, items, strict=True)]
        return next((trouble for trouble in troubles if trouble), None)

    async def _unless_stopped(self, request: Awaitable[T]) -> T:
        """The request's result; after the stop it has GRACE seconds left.

        Raises:
            Retry: it did not end in that time.
        """
        task = asyncio.ensure_future(request)
        stopped = asyncio.ensure_future(self.stop.wait())
        try:
            await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                await asyncio.wait({task}, timeout=GRACE)
            if task.done():
                return task.result()
            raise Retry("stopped while Elasticsearch had not answered")
        finally:
            stopped.cancel()
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)


def _row(action: Action) -> Row:
    """The two lines of the request's body; a document that cannot be written at all has its outcome already."""
    row = Row(action, b"")
    if not action.id or len(action.id.encode("utf-8", "replace")) > ID_BYTES:
        row.end("invalid", f"its id is empty or longer than {ID_BYTES} bytes")
        return row
    head = {
        "index": {
            "_index": action.index, "_id": action.id, "version": action.version, "version_type": "external_gte",
        }
    }  # fmt: skip
    try:
        row.body = msgspec.json.encode(head) + b"\n" + msgspec.json.encode(action.doc)
    except (TypeError, ValueError, UnicodeEncodeError) as error:
        row.end("invalid", f"it cannot be written as JSON: {error}")
    return row


def _deletion(stray: Stray) -> Row:
    head = {
        "delete": {
            "_index": stray.index, "_id": stray.id, "version": stray.version, "version_type": "external_gte",
        }
    }  # fmt: skip
    return Row(Action(stray.index, stray.id, stray.version, {}), msgspec.json.encode(head))


def _keep_newest(rows: Sequence[Row]) -> None:
    """Of two writes of one document only the newer one is sent: a retry could turn their order around."""
    newest: dict[tuple[str, str], Row] = {}
    for row in rows:
        key = (row.action.index, row.action.id)
        other = newest.get(key)
        if row.outcome is not None:
            continue
        if other is not None and other.action.version > row.action.version:
            row.end("stale")
            continue
        if other is not None:
            other.end("stale")
        newest[key] = row
