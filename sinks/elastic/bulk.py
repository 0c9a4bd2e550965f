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
from typing import Any, TypeVar

import msgspec
import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError, AsyncElasticsearch, UnsupportedProductError

from rasid import metrics
from rasid.errors import Fatal, Retry
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document.

    Attributes:
        state: `written`, `stale` (a newer one stands there already: a success), `invalid`.
        reason: why it is invalid.
    """

    index: str
    id: str
    state: str
    reason: str = ""

    @property
    def invalid(self) -> bool:
        """The document can never be written: it belongs to the dead letters."""
        return self.state == "invalid"


@dataclass(slots=True)
class _Row:
    """A document on its way; `outcome` is empty while it has none."""

    action: Action
    body: bytes
    outcome: Outcome | None = None

    def end(self, state: str, reason: str = "") -> None:
        self.outcome = Outcome(self.action.index, self.action.id, state, reason[:500])


@dataclass(frozen=True)
class _Trouble:
    """Why rows are still without outcome: one sentence, and what it asks for."""

    sentence: str
    halve: bool = False
    after: float = 0.0


@dataclass
class BulkSink:
    """Writes documents with their outcomes; safe to cancel and to call again with the same documents.

    Attributes:
        stop: when set, a write that is not done raises Retry within a second.
        first_pause, longest_pause: seconds between attempts: doubled each time, with up to half of it by chance.
        random: gives 0 to 1.
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

    def _batches(self, rows: Sequence[_Row]) -> Iterator[list[_Row]]:
        batch: list[_Row] = []
        size = 0
        for row in rows:
            if batch and (size + len(row.body) > self.max_bytes or len(batch) >= self.max_count):
                yield batch
                batch, size = [], 0
            batch.append(row)
            size += len(row.body)
        if batch:
            yield batch

    async def _write_batch(self, batch: list[_Row]) -> None:
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
            log.info("Elasticsearch takes writes again", after_seconds=round(self.clock() - since, 1))

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
                trouble = _Trouble(_sentence(status, *cause(error)))
            except TransportError as error:
                trouble = _Trouble(f"Elasticsearch does not answer: {explain(error)}")
            await self._pause(attempt, trouble)
            attempt += 1
        if found:
            await self._write_batch([_deletion(stray) for stray in found])

    async def _pause(self, attempt: int, trouble: _Trouble) -> None:
        metrics.SINK_RETRIES.labels("elasticsearch").inc()
        now = self.clock()
        if now - self._said.get(trouble.sentence, -SAY_EVERY) >= SAY_EVERY:
            self._said = {text: at for text, at in self._said.items() if now - at < SAY_EVERY}
            self._said[trouble.sentence] = now
            log.warning(trouble.sentence, attempt=attempt + 1)
        pause = min(self.longest_pause, self.first_pause * 2 ** min(attempt, 20))
        pause = min(self.longest_pause, max(pause * (0.5 + self.random() / 2), trouble.after))
        try:
            await asyncio.wait_for(self.stop.wait(), pause)
        except TimeoutError:
            return
        raise Retry(f"stopped before Elasticsearch took all documents: {trouble.sentence}")

    async def _send(self, rows: list[_Row]) -> _Trouble | None:
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
            return _request_refused(error, rows)
        except TransportError as error:
            return _Trouble(f"Elasticsearch does not answer: {explain(error)}")
        items = answer.body.get("items") if isinstance(answer.body, dict) else None
        if not isinstance(items, list) or len(items) != len(rows):
            return _Trouble("Elasticsearch's answer has not one item a document: is there a proxy in between?")
        troubles = [_settle(row, item) for row, item in zip(rows, items, strict=True)]
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


def _row(action: Action) -> _Row:
    """The two lines of the request's body; a document that cannot be written at all has its outcome already."""
    row = _Row(action, b"")
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


def _deletion(stray: Stray) -> _Row:
    head = {
        "delete": {
            "_index": stray.index, "_id": stray.id, "version": stray.version, "version_type": "external_gte",
        }
    }  # fmt: skip
    return _Row(Action(stray.index, stray.id, stray.version, {}), msgspec.json.encode(head))


def _keep_newest(rows: Sequence[_Row]) -> None:
    """Of two writes of one document only the newer one is sent: a retry could turn their order around."""
    newest: dict[tuple[str, str], _Row] = {}
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


def _settle(row: _Row, item: Any) -> _Trouble | None:
    """Gives the row its outcome by the item of the answer, or says why it must be sent again."""
    result: dict[str, Any] = next(iter(item.values()), {}) if isinstance(item, dict) else {}
    status = int(result.get("status", 500))
    error = result.get("error") or {}
    kind, reason = str(error.get("type", "")), str(error.get("reason", ""))
    inner = error.get("caused_by") or {}
    if status < 300:
        row.end("written")
    elif status == 409:
        row.end("stale")
    elif status >= 500 or status == 429 or _is_servers_fault(kind, reason):
        return _Trouble(_sentence(status, kind, reason))
    else:
        row.end("invalid", f"{kind}: {reason} {inner.get('reason', '')}".strip())
    return None


SERVERS_FAULT = frozenset({
    "cluster_block_exception", "index_closed_exception", "index_not_found_exception", "security_exception",
    "unavailable_shards_exception", "no_shard_available_action_exception", "index_create_block_exception",
})  # fmt: skip
"""Errors with a 4xx status that are no fault of the document: somebody can mend them."""


def _is_servers_fault(kind: str, reason: str) -> bool:
    # No room for the shards of a new month's index comes as `validation_exception`, status 400.
    return kind in SERVERS_FAULT or (kind == "validation_exception" and "shards" in reason)


def _sentence(status: int, kind: str, reason: str) -> str:
    """What is wrong, for the log."""
    if "flood-stage" in reason or "disk usage exceeded" in reason or "No space left" in reason:
        return f"Elasticsearch refuses writes: disk full; free space on its data disk, and it goes on ({reason[:160]})"
    if kind == "cluster_block_exception":
        return f"Elasticsearch refuses writes: an index is blocked; lift the block ({reason[:160]})"
    if kind == "validation_exception":
        return f"Elasticsearch creates no new index: {reason[:200]}; raise cluster.max_shards_per_node"
    if kind == "security_exception":
        return f"Elasticsearch lets this API key not write there; extend its rights ({reason[:160]})"
    if status == 429:
        return f"Elasticsearch has too much to do ({kind})"
    return f"Elasticsearch could not write: HTTP {status} {kind} {reason[:160]}"


def _request_refused(error: ApiError, rows: list[_Row]) -> _Trouble:
    """The whole request was refused: not one document is lost by it."""
    status = error.meta.status
    kind, reason = cause(error)
    if kind == "media_type_header_exception":
        raise Fatal(f"this Elasticsearch is older than the client, which needs version 9: {reason}")
    if isinstance(error, UnsupportedProductError):
        return _Trouble("what answers at the address of RASID_ELASTICSEARCH is not Elasticsearch")
    if status in {401, 403} and kind != "cluster_block_exception":
        raise Fatal(f"Elasticsearch refuses the credentials; see RASID_ELASTICSEARCH_API_KEY ({explain(error)})")
    if status in {400, 413} and not _is_servers_fault(kind, reason):
        if len(rows) > 1:
            return _Trouble(explain(error), halve=True)
        rows[0].end("invalid", explain(error))
    return _Trouble(_sentence(status, kind, reason), after=_seconds(error.meta.headers.get("retry-after")))


def _seconds(header: str | None) -> float:
    try:
        return max(0.0, float(header or 0))
    except ValueError:
        return 0.0
