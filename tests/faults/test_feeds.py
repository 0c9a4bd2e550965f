"""Feeds that are broken in every way beside one that is well: each has its sentence, the good articles come through."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest_asyncio
from aiohttp import web

from tests.faults.conftest import Start
from tests.texts import rows

GOOD = 5
BIG_BYTES = 50_000_000
TEXT = "\n".join(row["text"] for row in rows(3))
HEAD = '<html lang="ar"><head><meta charset="utf-8"><title>خبر</title></head><body>'


def _rss(*items: str) -> bytes:
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>قناة</title>{"".join(items)}</channel></rss>'.encode()
    )


def _item(number: int, title: str, text: str = "", link: str = "") -> str:
    link = f"<link>{link}</link>" if link else f"<guid isPermaLink='false'>g{number}</guid>"
    return f"<item><title>{escape(title)}</title>{link}<description>{escape(text)}</description></item>"


class Site:
    """The feeds and their pages on a loopback port."""

    def __init__(self) -> None:
        self.base = ""
        self.big_bytes_sent = 0

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/robots.txt", self._robots)
        app.router.add_get("/{name}", self._answer)
        return app

    async def _robots(self, _request: web.Request) -> web.Response:
        return web.Response(text="User-agent: *\nDisallow:\n")

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        match request.match_info["name"]:
            case "good.xml":
                items = [_item(n, row["title"], row["text"]) for n, row in enumerate(rows(GOOD, seed=7))]
                return web.Response(body=_rss(*items), content_type="application/rss+xml")
            case "html.xml":
                body = HEAD + "<p>الصفحة قيد الصيانة</p></body></html>"
                return web.Response(text=body, content_type="text/html")
            case "empty.xml":
                return web.Response(body=b"", content_type="application/rss+xml")
            case "bigpage.xml":
                item = _item(1, "خبر في صفحة كبيرة", TEXT[:200], f"{self.base}/bigpage")
                return web.Response(body=_rss(item), content_type="application/rss+xml")
            case "notext.xml":
                item = _item(1, "صور", "", f"{self.base}/notext")
                return web.Response(body=_rss(item), content_type="application/rss+xml")
            case "notext":
                return web.Response(text=HEAD + "<img src='a.jpg'></body></html>", content_type="text/html")
            case "bigpage" | "bigfeed.xml":
                return await self._big(request)
        raise web.HTTPNotFound

    async def _big(self, request: web.Request) -> web.StreamResponse:
        """50 MB in pieces, as long as somebody reads them."""
        answer = web.StreamResponse(headers={"Content-Type": "text/html; charset=utf-8"})
        await answer.prepare(request)
        piece = ("<p>" + "كلام " * 20_000 + "</p>").encode()
        await answer.write(HEAD.encode())
        sent = 0
        while sent < BIG_BYTES:
            await answer.write(piece)
            sent += len(piece)
            self.big_bytes_sent += len(piece)
        return answer


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    """The site, served."""
    site = Site()
    runner = web.AppRunner(site.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield site
    await runner.cleanup()


FEEDS = ("good", "html", "empty", "bigpage", "notext", "bigfeed")


def _feeds_file(path: Path, base: str, extra: str = "") -> Path:
    parts = ['[[outlet]]\nid = "mithal"\nname = "وكالة المثال"\n']
    parts += [f'[[feed]]\nid = "{name}"\noutlet = "mithal"\nurl = "{base}/{name}.xml"\n' for name in FEEDS]
    path.write_text("\n".join([*parts, extra]), encoding="utf-8")
    return path


async def test_each_broken_feed_has_its_sentence_and_the_good_articles_come_through(
    site: Site, start: Start, tmp_path: Path
) -> None:
    feeds = _feeds_file(
        tmp_path / "feeds.toml", site.base, '[[feed]]\nid = "gone"\noutlet = "mithal"\nurl = "http://127.0.0.1:9/x"\n'
    )
    summary = tmp_path / "summary.json"
    run = start(
        "up", "--in-process", "--feeds", str(feeds), "--for", "10s", "--summary", str(summary),
        RASID_ALLOW_PRIVATE=f"{site.base.removeprefix('http://')},127.0.0.1:9",
    )  # fmt: skip
    assert await asyncio.to_thread(run.ended) == 0, run.told()
    for name, words in {
        "html": "HTML",
        "empty": "empty",
        "bigfeed": "bytes",
        "gone": "127.0.0.1:9",
    }.items():
        lines = [line for line in run.out.splitlines() if line.startswith(f"rasid: feed {name}: ")]
        assert len(lines) == 1, run.told()
        assert words in lines[0], run.told()
    assert f"rasid: rejected: {site.base}/notext" in run.out, run.told()
    balance = json.loads(summary.read_text(encoding="utf-8"))
    assert balance["seen"] == balance["indexed"] + balance["copies"] + balance["rejected"] + balance["waiting"]
    assert (balance["seen"], balance["waiting"], balance["dead"]) == (GOOD + 2, 0, 0), run.told()
    assert balance["rejected"] == 1, "the one without text; that of the big page is read from its feed entry"
    assert site.big_bytes_sent < 2 * BIG_BYTES, "neither was read to its end"
    assert "Traceback" not in run.out + run.err
