"""A loopback server whose pages the tests write, and feeds for it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from ingest.fetch import Fetcher
from rasid.outlets import Feed, FeedsFile, Outlet

SAMPLES = Path(__file__).parent / "samples"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def sample(name: str) -> bytes:
    """A quirk sample."""
    return (SAMPLES / name).read_bytes()


class Site:
    """A web site on loopback: `site.pages["/x"]` is a body, a response's arguments, or a handler.

    Attributes:
        asked: every request, in order.
    """

    def __init__(self) -> None:
        self.pages: dict[str, bytes | dict[str, object] | Handler] = {}
        self.asked: list[web.BaseRequest] = []
        self.host = ""

    def url(self, path: str) -> str:
        """The whole address of a page."""
        return f"http://{self.host}{path}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Plays the page."""
        self.asked.append(request)
        page = self.pages.get(request.path, {"status": 404})
        if callable(page):
            return await page(request)
        if isinstance(page, bytes):
            page = {"body": page, "content_type": "text/xml" if b"<?xml" in page[:200] else "text/html"}
        return web.Response(**page)  # type: ignore[arg-type]


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    """A running site without pages."""
    site = Site()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", site.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.host = f"127.0.0.1:{runner.addresses[0][1]}"
    yield site
    await runner.cleanup()


@pytest_asyncio.fixture
async def fetcher(site: Site) -> AsyncIterator[Fetcher]:
    """A fetcher that may fetch from the site."""
    async with Fetcher(user_agent="Rasid tests (+https://rasid.invalid)", allow_private=[site.host], timeout=5) as one:
        yield one


@pytest.fixture
def feeds(site: Site) -> FeedsFile:
    """One outlet with one feed, `/rss` of the site."""
    outlet = Outlet(id="sahl", name="وكالة السهل للأنباء", zone="Asia/Damascus", kind="agency")
    feed = Feed(id="sahl-rss", outlet="sahl", url=site.url("/rss"))
    return FeedsFile(outlets={"sahl": outlet}, feeds=(feed,))
