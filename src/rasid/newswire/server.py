"""The loopback server that plays the sample newswire in fast motion."""

import asyncio
import contextlib
import hashlib
import math
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

from aiohttp import web

from rasid.newswire.articles import Article, Newswire, default_folder
from rasid.newswire.pages import feed_document, feed_type, page_document, page_path, template

SHOWN = 15
"""Items that a feed document shows, as most feeds do."""
RELATED = 3
LOOK_AGAIN = 0.1
"""Seconds between two looks at the clock while waiting for the end of the story."""


class NewswireServer:
    """Serves the feeds and pages of a newswire on 127.0.0.1, letting the articles appear one after the other.

    Turns are spread evenly: of n articles the one in place i (in order of time) appears i/(n-1) of `seconds` after
    the start. Quiet nights cost no time, and two articles that must be told apart are kept some places apart in the
    story (docs/newswire.md).

    Args:
        newswire: the story.
        seconds: wall time from the first to the last article.
        shift_dates: move all dates by the same number of whole days, so that the last article is less than a day old.
        clock: wall time in seconds since 1970; tests hand in their own.
        folder: where pages/*.html lies, and feeds.toml.
    """

    def __init__(
        self,
        newswire: Newswire,
        seconds: float = 40.0,
        shift_dates: bool = True,
        clock: Callable[[], float] = time.time,
        folder: Path | None = None,
    ) -> None:
        self.newswire = newswire
        self.seconds = seconds
        self.finished = asyncio.Event()
        self.port = 0
        self.shift = timedelta(0)
        self._shift_dates = shift_dates
        self._clock = clock
        self._folder = folder or default_folder()
        self._templates: Mapping[str, Template] = {one: template(one, self._folder) for one in newswire.outlets}
        self._by_path = {page_path(one): one for one in newswire.articles}
        self._feeds = {urlsplit(feed.url.replace("{port}", "0")).path: feed for feed in newswire.feeds}
        self._turns: dict[str, float] = {}
        self._served: set[str] = set()
        self._runner: web.AppRunner | None = None
        self._watch: asyncio.Task[None] | None = None

    async def start(self) -> int:
        """Binds a free port, starts the story and gives the port."""
        began = self._clock()
        articles = self.newswire.articles
        step = self.seconds / max(1, len(articles) - 1)
        self._turns = {one.key: began + place * step for place, one in enumerate(articles)}
        if self._shift_dates and articles:
            age = datetime.fromtimestamp(began, UTC) - articles[-1].time
            self.shift = timedelta(days=age // timedelta(days=1))
        app = web.Application()
        app.router.add_get("/robots.txt", self._robots)
        app.router.add_get("/{tail:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = int(self._runner.addresses[0][1])
        self._watch = asyncio.create_task(self._wait_for_end())
        return self.port

    async def stop(self) -> None:
        """Closes the port."""
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def address(self) -> str:
        """`host:port`, as the setting RASID_ALLOW_PRIVATE wants it."""
        return f"127.0.0.1:{self.port}"

    @property
    def base(self) -> str:
        """`http://host:port`."""
        return f"http://{self.address}"

    def feeds_file(self, folder: Path) -> Path:
        """Writes the feeds file with the real port into `folder` and gives its path."""
        path = folder / "feeds.toml"
        text = (self._folder / "feeds.toml").read_text(encoding="utf-8")
        path.write_text(text.replace("{port}", str(self.port)), encoding="utf-8")
        return path

    @property
    def played_out(self) -> bool:
        """Whether every article has appeared."""
        return bool(self._turns) and self._clock() >= max(self._turns.values())

    @property
    def served_keys(self) -> frozenset[str]:
        """Keys that stood in a feed document which a client was given."""
        return frozenset(self._served)

    @property
    def shown_keys(self) -> frozenset[str]:
        """Keys that stand in a feed document now; older ones have left it."""
        return frozenset(one.key for outlet in self.newswire.sites for one in self._visible(outlet)[:SHOWN])

    @property
    def published_keys(self) -> tuple[str, ...]:
        """Keys that have appeared, in order."""
        now = self._clock()
        return tuple(key for key, turn in self._turns.items() if turn <= now)

    def appeared(self, key: str) -> float | None:
        """Wall time (seconds since 1970) from which the article stands in its feed's document; None before that."""
        turn = self._turns.get(key)
        return turn if turn is not None and turn <= self._clock() else None

    def key_of_url(self, url: str) -> str | None:
        """The key of the article with this page URL (a query or fragment does not matter), None for no article."""
        article = self._by_path.get(urlsplit(url).path)
        return article.key if article else None

    async def _wait_for_end(self) -> None:
        while not self.played_out:  # noqa: ASYNC110 - the clock is handed in and cannot be awaited
            await asyncio.sleep(LOOK_AGAIN)
        self.finished.set()

    async def _robots(self, _request: web.Request) -> web.Response:
        return web.Response(text="User-agent: *\nDisallow:\n")

    async def _answer(self, request: web.Request) -> web.Response:
        if request.path in self._feeds:
            return self._feed(request)
        article = self._by_path.get(request.path)
        if article is None or self.appeared(article.key) is None:
            raise web.HTTPNotFound
        return self._page(article)

    def _visible(self, outlet: str) -> list[Article]:
        """An outlet's articles that have appeared, newest first."""
        now = self._clock()
        return [one for one in reversed(self.newswire.of_outlet(outlet)) if self._turns[one.key] <= now]

    def _feed(self, request: web.Request) -> web.Response:
        outlet = self._feeds[request.path].outlet
        site = self.newswire.sites[outlet]
        visible = self._visible(outlet)
        body = feed_document(self.newswire.outlets[outlet], site, visible[:SHOWN], self.base, self.shift)
        etag = hashlib.sha256(body).hexdigest()[:24]
        modified = self._modified(visible)
        headers = {"Last-Modified": format_datetime(modified, usegmt=True), "Cache-Control": "no-cache"}
        if _unchanged(request, etag, modified):
            answer = web.Response(status=304, headers=headers)
        else:
            answer = web.Response(body=body, headers={**headers, "Content-Type": feed_type(site)})
            self._served.update(one.key for one in visible[:SHOWN])
        answer.etag = etag
        return answer

    def _modified(self, visible: list[Article]) -> datetime:
        """When the feed changed last, in whole seconds, each change at least one second after the one before.

        HTTP dates have no fractions: two changes within a second would else share a date, and a client that asks by
        date alone would miss the second one.
        """
        second = math.floor(min(self._turns.values()))
        for one in reversed(visible):
            second = max(second + 1, math.ceil(self._turns[one.key]))
        return datetime.fromtimestamp(second, UTC)

    def _page(self, article: Article) -> web.Response:
        site = self.newswire.sites[article.outlet]
        older = [one for one in self._visible(article.outlet) if one.time < article.time]
        body = page_document(
            self._templates[article.outlet],
            article,
            self.newswire.outlets[article.outlet],
            site,
            older[:RELATED],
            self.base,
            self.shift,
        )
        return web.Response(body=body, headers={"Content-Type": f"text/html; charset={site.encoding}"})


def _unchanged(request: web.Request, etag: str, modified: datetime) -> bool:
    """Whether the client's validators still hold; If-None-Match decides where both are sent (RFC 9110, 13.2.2)."""
    if request.if_none_match is not None:
        return any(one.value in (etag, "*") for one in request.if_none_match)
    since = request.headers.get("If-Modified-Since")
    if not since:
        return False
    try:
        return parsedate_to_datetime(since) >= modified
    except ValueError:
        return False
