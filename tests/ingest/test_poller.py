"""Polling: what is new is published once, and nothing is remembered that was not acknowledged."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from aiohttp import web

from ingest.fetch import Fetcher
from ingest.poller import Poller, PollEvent
from ingest.publish import MemoryPublisher
from ingest.state import FeedState, MemoryStore
from rasid.errors import Fatal, Retry
from rasid.messages import RawArticle
from rasid.outlets import Feed, FeedsFile
from rasid.settings import Settings
from tests.ingest.conftest import Site, sample

DAY = 86_400.0


class Clock:
    """Seconds since 1970, moved by the test."""

    def __init__(self) -> None:
        self.now = 1_448_500_000.0

    def __call__(self) -> float:
        return self.now


class Broken(MemoryPublisher):
    """A publisher that refuses while `away`, after having taken `first` articles in all."""

    def __init__(self, first: int = 0) -> None:
        super().__init__()
        self.away: Exception | None = Retry("Kafka is away")
        self.first = first

    async def publish(self, articles: Sequence[RawArticle]) -> None:
        if self.away is not None and len(self.articles) + len(articles) > self.first:
            raise self.away
        await super().publish(articles)


class BrokenStore(MemoryStore):
    """A store that refuses while `away`."""

    away = False

    async def save(self, state: FeedState) -> None:
        if self.away:
            raise Retry("Kafka is away")
        await super().save(state)


class Bench:
    """A poller over one feed of the site."""

    def __init__(self, feeds: FeedsFile, fetcher: Fetcher) -> None:
        self.feeds, self.fetcher = feeds, fetcher
        self.clock = Clock()
        self.publisher: MemoryPublisher = MemoryPublisher()
        self.store = BrokenStore()
        self.events: list[PollEvent] = []
        self.restart()

    def restart(self, **changes: object) -> None:
        """A new poller over the same store, the feed changed."""
        feed = replace(self.feeds.feeds[0], **changes)
        self.feeds = FeedsFile(self.feeds.outlets, (feed,))
        self.poller = Poller(
            self.feeds, Settings(_env_file=None), self.fetcher, self.publisher, self.store,
            clock=self.clock, on_event=self.events.append, chance=lambda: 0.0,
        )  # fmt: skip

    @property
    def feed(self) -> Feed:
        return self.feeds.feeds[0]

    @property
    def state(self) -> FeedState:
        return self.store.states[self.feed.id]

    async def poll(self, later: float = 60.0) -> PollEvent:
        """One poll, `later` seconds after the last."""
        self.clock.now += later
        return await self.poller.poll_once(self.feed)


@pytest.fixture
def bench(feeds: FeedsFile, fetcher: Fetcher) -> Bench:
    return Bench(feeds, fetcher)


def rss(*numbers: int, host: str = "sahl.example") -> bytes:
    items = "".join(
        f"<item><title>خبر رقم {n}</title><link>http://{host}/news/{n}</link><guid>g{n}</guid>"
        f"<description>نص الخبر رقم {n} من السهل</description></item>"
        for n in numbers
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>السهل</title>{items}</channel></rss>'.encode()


def with_etag(body: bytes, etag: str, lies: bool = False) -> object:
    """A page that answers conditional requests; a lying one never sees that it has changed."""

    async def page(request: web.Request) -> web.Response:
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)  # without the ETag, as many do
        return web.Response(body=body, headers={"ETag": etag})

    return page


async def test_new_entries_are_published_with_their_pages_and_once(bench: Bench, site: Site) -> None:
    site.pages["/rss"] = rss(1, 2, host=site.host)
    site.pages["/news/1"] = sample("page-windows-1256.html")
    site.pages["/news/2"] = {"status": 404}
    event = await bench.poll()
    assert (event.result, event.new, event.feed_id) == ("ok", 2, "sahl-rss")
    first, second = bench.publisher.articles
    assert (first.title, first.outlet, first.feed_id, first.entry_id) == ("خبر رقم 1", "sahl", "sahl-rss", "g1")
    assert first.page == sample("page-windows-1256.html")
    assert first.page_content_type.startswith("text/html")
    assert first.version == int(bench.clock.now * 1000)
    assert [(passage.stage, passage.status, passage.reason) for passage in first.trail] == [("poll", "ok", "")]
    assert second.page == b""
    assert second.entry.decode() == "نص الخبر رقم 2 من السهل"
    assert second.trail[0].reason == "page: status 404"
    site.pages["/rss"] = rss(1, 2, 3, host=site.host)
    assert (await bench.poll()).new == 1
    assert bench.publisher.articles[2].title == "خبر رقم 3"


async def test_pages_are_not_fetched_where_the_feed_is_whole(bench: Bench, site: Site) -> None:
    site.pages["/rss"] = sample("full-content.rss.xml")
    bench.restart(full_text=True)
    await bench.poll()
    assert [request.path for request in site.asked] == ["/rss"]
    assert all(article.entry_is_full for article in bench.publisher.articles)


async def test_a_page_that_is_no_html_is_left_out(bench: Bench, site: Site) -> None:
    site.pages["/rss"] = rss(1, host=site.host)
    site.pages["/news/1"] = {"body": b"%PDF-1.4", "content_type": "application/pdf"}
    await bench.poll()
    assert bench.publisher.articles[0].page == b""
    assert "application/pdf" in bench.publisher.articles[0].trail[0].reason


async def test_a_304_and_the_same_body_are_unchanged(bench: Bench, site: Site) -> None:
    site.pages["/rss"] = with_etag(rss(1, host=site.host), '"a"')
    assert (await bench.poll()).result == "ok"
    assert bench.state.etag == '"a"'
    assert (await bench.poll()).result == "unchanged"
    assert (await bench.poll()).result == "unchanged"
    assert [request.headers.get("If-None-Match") for request in site.asked if request.path == "/rss"] == [
        None,
        '"a"',
        '"a"',
    ]
    site.pages["/rss"] = rss(1, host=site.host)
    assert (await bench.poll()).result == "unchanged"
    assert len(bench.publisher.articles) == 1


async def test_what_was_not_acknowledged_is_not_remembered(bench: Bench, site: Site) -> None:
    site.pages["/rss"] = with_etag(rss(1, 2, host=site.host), '"a"')
    bench.publisher = broken = Broken()
    bench.restart()
    for _ in range(3):
        event = await bench.poll()
        assert (event.result, event.new, event.reason) == ("unpublished", 0, "Kafka is away")
    assert bench.store.states == {}
    broken.away = None
    assert (await bench.poll()).new == 2  # the 304 of its own ETag would have hidden them
    assert len(broken.articles) == 2
    assert len(bench.state.seen) == 2


async def test_any_error_of_the_publisher_counts_as_not_acknowledged(bench: Bench, site: Site) -> None:
    site.pages["/rss"] = rss(1, host=site.host)
    bench.publisher = broken = Broken()
    broken.away = ValueError("a bug")
    bench.restart()
    assert (await bench.poll()).result == "unpublished"
    broken.away = None
    assert (await bench.poll()).new == 1


async def test_a_long_first_poll_keeps_what_was_acknowledged_and_goes_on(bench: Bench, site: Site) -> None:
    site.pages["/rss"] = with_etag(rss(*range(20), host=site.host), '"a"')
    bench.publisher = broken = Broken(first=16)
    bench.restart()
    event = await bench.poll()
    assert (event.result, event.new) == ("unpublished", 16)
    broken.away = None
    bench.restart()
    await bench.poller.load()
    assert (await bench.poll()).new == 4
    assert sorted(article.entry_id for article in broken.articles) == sorted(f"g{n}" for n in range(20))


async def test_a_state_that_cannot_be_saved_makes_the_articles_come_again(bench: Bench, site: Site) -> None:
    site.pages["/rss"] = with_etag(rss(1, host=site.host), '"a"')
    bench.store.away = True
    assert (await bench.poll()).result == "unpublished"
    bench.store.away = False
    assert (await bench.poll()).new == 1
    first, second = bench.publisher.articles
    assert first.article_id == second.article_id
    assert first.version < second.version


async def test_an_update_is_published_again_with_a_newer_version(bench: Bench, site: Site) -> None:
    site.pages["/rss"] = rss(1, 2, host=site.host)
    await bench.poll()
    site.pages["/rss"] = rss(1, 2, host=site.host).replace("نص الخبر رقم 2".encode(), "تصحيح الخبر رقم 2".encode())
    assert (await bench.poll()).new == 1
    before, after = bench.publisher.articles[1:]
    assert before.article_id == after.article_id
    assert before.version < after.version


async def test_a_lying_etag_is_caught_within_a_day(bench: Bench, site: Site) -> None:
    site.pages["/rss"] = with_etag(rss(1, host=site.host), '"same"')
    await bench.poll()
    site.pages["/rss"] = with_etag(rss(1, 2, host=site.host), '"same"')
    assert (await bench.poll()).result == "unchanged"
    event = await bench.poll(later=DAY)
    assert event.new == 1
    assert "validators are no longer sent" in event.reason
    site.pages["/rss"] = with_etag(rss(1, 2, 3, host=site.host), '"same"')
    assert (await bench.poll()).new == 1
    assert bench.state.hash_mode


async def test_an_honest_feed_is_asked_without_validators_once_a_day_only(bench: Bench, site: Site) -> None:
    site.pages["/rss"] = with_etag(rss(host=site.host), '"a"')
    for _ in range(50):
        await bench.poll(later=3600)
    bare = [request for request in site.asked if "If-None-Match" not in request.headers]
    assert len(bare) == 3  # the first, and one a day
    assert not bench.state.hash_mode


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ({"status": 404}, "status 404"),
        ({"status": 500}, "status 500"),
        ({"body": b""}, "0 bytes"),
        ({"body": sample("html-page.html"), "content_type": "text/html"}, "HTML page"),
        ({"body": sample("entity-bomb.rss.xml")}, "entity bomb"),
        ({"status": 302, "headers": {"Location": "http://169.254.169.254/"}}, "private address"),
        ({"status": 304}, "status 304"),
        ({"body": b"x", "headers": {"Content-Encoding": "gzip"}}, "end too early"),
    ],
)
async def test_a_feed_that_fails_keeps_its_reason_and_recovers_with_one_success(
    bench: Bench, site: Site, page: dict[str, object], reason: str
) -> None:
    site.pages["/rss"] = rss(1, host=site.host)
    await bench.poll()
    site.pages["/rss"] = page
    for _ in range(3):
        event = await bench.poll()
        assert event.result == "failed"
        assert reason in event.reason
    assert bench.state.failures == 3
    assert reason in bench.state.last_error
    assert bench.state.next_due - int(bench.clock.now * 1000) == 240_000
    site.pages["/rss"] = rss(1, 2, host=site.host)
    assert (await bench.poll()).new == 1
    assert (bench.state.failures, bench.state.last_error) == (0, "")


async def test_a_gone_feed_is_parked_and_looked_at_again(bench: Bench, site: Site) -> None:
    site.pages["/rss"] = {"status": 410}
    assert (await bench.poll()).result == "parked"
    assert bench.state.parked
    assert bench.state.next_due == int((bench.clock.now + 7 * DAY) * 1000)
    site.pages["/rss"] = rss(1, host=site.host)
    assert (await bench.poll()).new == 1
    assert not bench.state.parked


@pytest.mark.parametrize("status", [429, 503])
async def test_the_server_s_wish_to_wait_is_obeyed(bench: Bench, site: Site, status: int) -> None:
    site.pages["/rss"] = {"status": status, "headers": {"Retry-After": "14400"}}
    event = await bench.poll()
    assert "14400 seconds" in event.reason
    assert bench.state.next_due >= int((bench.clock.now + 14_400) * 1000)


async def test_a_permanent_redirect_is_adopted_at_the_second_sighting(bench: Bench, site: Site) -> None:
    site.pages["/rss"] = {"status": 301, "headers": {"Location": "/feed.xml"}}
    site.pages["/feed.xml"] = rss(1, host=site.host)
    for _ in range(3):
        await bench.poll()
    paths = [request.path for request in site.asked if "news" not in request.path]
    assert paths == ["/rss", "/feed.xml", "/rss", "/feed.xml", "/feed.xml"]
    bench.restart(url=site.url("/other"))  # a new address in the feeds file wins over the adopted one
    await bench.poller.load()
    site.pages["/other"] = rss(1, 2, host=site.host)
    assert (await bench.poll()).new == 1
    assert (bench.state.url, bench.state.permanent_url) == (site.url("/other"), "")


async def test_a_restart_resets_no_timer(bench: Bench, site: Site) -> None:
    site.pages["/rss"] = rss(1, host=site.host)
    await bench.poll()
    due = bench.state.next_due
    bench.clock.now += 300
    bench.restart()
    await bench.poller.load()
    assert bench.poller._schedule.next_due() == due


async def test_a_parser_that_breaks_does_not_end_the_poller(
    bench: Bench, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_arguments: object) -> object:
        raise RuntimeError("deep inside")

    site.pages["/rss"] = rss(1, host=site.host)
    monkeypatch.setattr("ingest.poll.parse_feed", explode)
    event = await bench.poll()
    assert (event.result, event.reason) == ("failed", "RuntimeError: deep inside")


async def test_the_poller_runs_until_it_is_stopped(bench: Bench, site: Site) -> None:
    """Virtual time: sleeping moves the clock, so an hour of polls every minute takes no hour."""
    stop = asyncio.Event()

    async def sleep(seconds: float) -> None:
        bench.clock.now += seconds
        if bench.clock.now > 1_448_500_000 + 3600:
            stop.set()

    site.pages["/rss"] = rss(1, host=site.host)
    bench.restart(interval=60.0)
    bench.poller._sleep = sleep
    await asyncio.wait_for(bench.poller.run(stop), 60)
    assert [event.new for event in bench.events][:3] == [1, 0, 0]
    assert 55 <= len(bench.events) <= 62


async def test_a_fatal_error_ends_the_run(bench: Bench, site: Site) -> None:
    site.pages["/rss"] = rss(1, host=site.host)
    bench.publisher = broken = Broken()
    broken.away = Fatal("the topic is missing")
    bench.restart()
    with pytest.raises(Fatal, match="topic is missing"):
        await asyncio.wait_for(bench.poller.run(asyncio.Event()), 60)


async def test_a_store_that_is_away_at_the_start_is_waited_for(bench: Bench, site: Site) -> None:
    stop, tries = asyncio.Event(), 0

    async def load() -> dict[str, FeedState]:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise Retry("Kafka is away")
        stop.set()
        return {}

    async def sleep(_seconds: float) -> None:
        await asyncio.sleep(0)

    bench.store.load = load  # type: ignore[method-assign]
    bench.poller._sleep = sleep
    await asyncio.wait_for(bench.poller.run(stop), 60)
    assert tries == 3


async def test_disabled_feeds_are_left_alone(bench: Bench) -> None:
    bench.restart(enabled=False)
    assert bench.poller.feeds == {}
