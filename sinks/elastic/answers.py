"""What an answer of Elasticsearch means for each document of a request: the table stands in bulk.py."""

from dataclasses import dataclass
from typing import Any

from elasticsearch import ApiError, UnsupportedProductError

from rasid.errors import Fatal
from sinks.elastic.client import cause, explain
from sinks.elastic.documents import Action


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
class Row:
    """A document on its way; `outcome` is empty while it has none."""

    action: Action
    body: bytes
    outcome: Outcome | None = None

    def end(self, state: str, reason: str = "") -> None:
        """Sets the outcome; a reason is cut to 500 characters."""
        self.outcome = Outcome(self.action.index, self.action.id, state, reason[:500])


@dataclass(frozen=True)
class Trouble:
    """Why rows are still without outcome: one sentence, and what it asks for."""

    sentence: str
    halve: bool = False
    after: float = 0.0


def settle(row: Row, item: Any) -> Trouble | None:
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
        return Trouble(sentence_of(status, kind, reason))
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


def sentence_of(status: int, kind: str, reason: str) -> str:
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


def request_refused(error: ApiError, rows: list[Row]) -> Trouble:
    """The whole request was refused: not one document is lost by it."""
    status = error.meta.status
    kind, reason = cause(error)
    if kind == "media_type_header_exception":
        raise Fatal(f"this Elasticsearch is older than the client, which needs version 9: {reason}")
    if isinstance(error, UnsupportedProductError):
        return Trouble("what answers at the address of RASID_ELASTICSEARCH is not Elasticsearch")
    if status in {401, 403} and kind != "cluster_block_exception":
        raise Fatal(f"Elasticsearch refuses the credentials; see RASID_ELASTICSEARCH_API_KEY ({explain(error)})")
    if status in {400, 413} and not _is_servers_fault(kind, reason):
        if len(rows) > 1:
            return Trouble(explain(error), halve=True)
        rows[0].end("invalid", explain(error))
    return Trouble(sentence_of(status, kind, reason), after=_seconds(error.meta.headers.get("retry-after")))


def _seconds(header: str | None) -> float:
    try:
        return max(0.0, float(header or 0))
    except ValueError:
        return 0.0
