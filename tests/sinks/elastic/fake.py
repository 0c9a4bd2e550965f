"""An Elasticsearch on loopback that takes bulk requests and fails as told."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

HEADERS = {"X-Elastic-Product": "Elasticsearch"}
FLOOD = (
    "index [rasid-articles-2026.11] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, "
    "index has read-only-allow-delete block];"
)
ITEMS: dict[str, tuple[int, str, str]] = {
    "busy": (429, "es_rejected_execution_exception", "rejected execution"),
    "flood": (429, "cluster_block_exception", FLOOD),
    "read-only": (403, "cluster_block_exception", "index [x] blocked by: [FORBIDDEN/5/index read-only (api)];"),
    "no shard": (503, "unavailable_shards_exception", "primary shard is not active"),
    "no room": (
        400,
        "validation_exception",
        (
            "Validation Failed: 1: this action would add [1] shards, but this cluster currently has [1000]/[1000] "
            "maximum normal shards open;"
        ),
    ),
    "rights": (403, "security_exception", "action [indices:data/write/bulk] is unauthorized"),
    "strict": (
        400,
        "strict_dynamic_mapping_exception",
        "[1:5] mapping set to strict, dynamic introduction of [colour] within [_doc] is not allowed",
    ),
    "parse": (400, "document_parsing_exception", "[1:20] object mapping tried to parse as object"),
    "conflict": (409, "version_conflict_engine_exception", "current version [9] is higher"),
}
"""What one item of an answer may say: status, type, reason."""


@dataclass
class FakeElasticsearch:
    """Answers each request by the next step of the script, and well once the script has ended.

    A step is a status ("429", "503", "413", "400", "401", "404"), "block", "media", "drop", "hang", "html", "short", or
    "items: busy, ok, strict" for the items of the request in their order (ok for those left over).

    Attributes:
        requests: ids of each request, in order.
        stored: id → (version, document).
        limit: a request with more documents is answered 413, one with `poison` in it 400.
    """

    script: list[str] = field(default_factory=list)
    requests: list[list[str]] = field(default_factory=list)
    stored: dict[str, tuple[int, Any]] = field(default_factory=dict)
    limit: int = 1_000_000
    poison: str = ""
    seen: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""
    search_script: list[str] = field(default_factory=list)
    searches: int = 0
    _release: asyncio.Event = field(default_factory=asyncio.Event)

    async def bulk(self, request: web.Request) -> web.StreamResponse:
        """Plays one step."""
        lines = [json.loads(line) for line in (await request.read()).splitlines()]
        rows = [(head["index"], doc) for head, doc in zip(lines[::2], lines[1::2], strict=True)]
        self.requests.append([head["_id"] for head, _ in rows])
        self.seen.set()
        step = self.script.pop(0) if self.script else "ok"
        if len(rows) > self.limit:
            step = "413"
        if self.poison in self.requests[-1]:
            step = "400"
        if step in _PLAYS:
            return await _PLAYS[step](self, request)
        if step.isdigit():
            return _error(int(step), "some_exception", "as told")
        names = [name.strip() for name in step.removeprefix("items:").split(",")] if step != "ok" else []
        names += ["ok"] * (len(rows) - len(names))
        items = [self._item(name, head, doc) for name, (head, doc) in zip(names, rows, strict=False)]
        return web.json_response({"errors": True, "items": items}, headers=HEADERS)

    def _item(self, name: str, head: dict[str, Any], doc: Any) -> dict[str, Any]:
        if name == "ok" and self.stored.get(head["_id"], (-1, None))[0] > head["version"]:
            name = "conflict"
        if name == "ok":
            self.stored[head["_id"]] = (head["version"], doc)
            return {"index": {"_id": head["_id"], "status": 201}}
        status, kind, reason = ITEMS[name]
        return {"index": {"_id": head["_id"], "status": status, "error": {"type": kind, "reason": reason}}}

    async def search(self, _request: web.Request) -> web.StreamResponse:
        """Nothing is found; the first answers are those of `search_script`."""
        if self.search_script:
            return _error(int(self.search_script.pop(0)), "some_exception", "as told")
        self.searches += 1
        return web.json_response({"hits": {"hits": []}}, headers=HEADERS)

    async def drop(self, request: web.Request) -> web.StreamResponse:
        """Closes the connection without an answer."""
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async def hang(self, _request: web.Request) -> web.StreamResponse:
        """Gives no answer while the server stands."""
        await self._release.wait()
        return web.Response()

    async def html(self, _request: web.Request) -> web.StreamResponse:
        """A page of something else."""
        return web.Response(text="<html>captive portal</html>", content_type="text/html")

    async def short(self, _request: web.Request) -> web.StreamResponse:
        """An answer that lacks items."""
        return web.json_response({"errors": False, "items": []}, headers=HEADERS)

    async def block(self, _request: web.Request) -> web.StreamResponse:
        """The whole cluster is blocked, as while it starts."""
        return _error(403, "cluster_block_exception", "blocked by: [FORBIDDEN/6/cluster read-only (api)];")

    async def media(self, _request: web.Request) -> web.StreamResponse:
        """An older server."""
        return _error(400, "media_type_header_exception", "Invalid media-type value on headers [Accept]")


_PLAYS: dict[str, Callable[..., Any]] = {
    name: getattr(FakeElasticsearch, name) for name in ("drop", "hang", "html", "short", "block", "media")
}


def _error(status: int, kind: str, reason: str) -> web.Response:
    inner = {"type": kind, "reason": reason}
    return web.json_response(
        {"error": {**inner, "root_cause": [inner]}, "status": status}, status=status, headers=HEADERS
    )


@asynccontextmanager
async def serve(**options: Any) -> AsyncIterator[FakeElasticsearch]:
    """The fake server on a free port of loopback."""
    fake = FakeElasticsearch(**options)
    app = web.Application(client_max_size=50_000_000)
    app.router.add_post("/_bulk", fake.bulk)
    app.router.add_post("/{index}/_search", fake.search)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        fake._release.set()
        await runner.cleanup()
