"""Documents that moved to another month: an outlet changed the date of its article, or a feed tells none.

An id is unique within an index only, so the older version would stay in the index of the other month.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from elasticsearch import AsyncElasticsearch

from sinks.elastic.documents import Action

_MONTHLY = re.compile(r"(?P<start>.+-)(?P<family>articles|stages)-\d{4}\.\d{2}")
"""Families whose month comes from a date that may change; the others are written once with their date."""
_IDS = 1000
"""Ids asked for at a time."""


@dataclass(frozen=True)
class Stray:
    """A document that must go, because the version that is valid stands in another index."""

    index: str
    id: str
    version: int
    """That of the valid one: the deletion must not lose against what it deletes."""


async def strays(client: AsyncElasticsearch, actions: Sequence[Action]) -> list[Stray]:
    """What the written documents leave over in the indices of other months.

    Args:
        actions: documents that were written, or found stale.

    Raises:
        elasticsearch.ApiError, elastic_transport.TransportError: the server did not answer well.
    """
    found: list[Stray] = []
    for pattern, batch in _batches(actions, "articles"):
        found += await _elsewhere(client, pattern, batch)
    # The rows of stages move with their article, so they are asked for only when one did.
    moved = {stray.id for stray in found}
    rows = [action for action in actions if moved and action.doc.get("article_id") in moved]
    for pattern, batch in _batches(rows, "stages"):
        found += await _elsewhere(client, pattern, batch)
    return found


async def _elsewhere(client: AsyncElasticsearch, pattern: str, batch: Sequence[Action]) -> list[Stray]:
    ours = {action.id: action for action in batch}
    answer = await client.search(
        index=pattern,
        query={"ids": {"values": list(ours)}},
        size=10 * _IDS,
        source=False,
        version=True,
        sort="_doc",
        ignore_unavailable=True,
        allow_no_indices=True,
    )
    found: list[Stray] = []
    for hit in answer["hits"]["hits"]:
        action = ours[hit["_id"]]
        if hit["_index"] == action.index:
            continue
        if hit["_version"] <= action.version:
            found.append(Stray(hit["_index"], action.id, action.version))
        else:
            found.append(Stray(action.index, action.id, hit["_version"]))
    return found


def _batches(actions: Sequence[Action], family: str) -> Iterator[tuple[str, list[Action]]]:
    by_pattern: dict[str, list[Action]] = {}
    for action in actions:
        match = _MONTHLY.fullmatch(action.index)
        if match and match["family"] == family:
            by_pattern.setdefault(f"{match['start']}{family}-*", []).append(action)
    for pattern, group in by_pattern.items():
        for start in range(0, len(group), _IDS):
            yield pattern, group[start : start + _IDS]
