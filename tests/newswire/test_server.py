"""The loopback server plays the story in order, answers conditional requests and keeps its promises to `rasid up`."""

import asyncio
import email.utils
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import feedparser
import pytest
import pytest_asyncio

from rasid import outlets
from rasid.newswire.articles import Newswire
from rasid.newswire.server import SHOWN, NewswireServer

from .conftest import HandClock


@pytest_asyncio.fixture
async def server(newswire: Newswire, clock: HandClock) -> AsyncIterator[NewswireServer]:
    server = NewswireServer(newswire, seconds=40.0, clock=clock)
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def titles(web: aiohttp.ClientSession, url: str) -> list[str]:
    async with web.get(url) as answer:
        assert answer.status == 200
        headers = {"content-type": answer.headers["Content-Type"]}
        return [entry.title for entry in feedparser.parse(await answer.read(), response_headers=headers).entries]


def feed_urls(server: NewswireServer) -> dict[str, str]:
    return {feed.outlet: feed.url.replace("{port}", str(server.port)) for feed in server.newswire.feeds}


async def test_articles_appear_one_after_the_other(
    server: NewswireServer, web: aiohttp.ClientSession, clock: HandClock, newswire: Newswire
) -> None:
    urls = feed_urls(server)
    started = clock.now
    step = 40.0 / (len(newswire.articles) - 1)
    for place in (0, 1, 2, 26, 40, len(newswire.articles) - 1):
        clock.now = started + place * step + 0.001
        assert server.published_keys == tuple(one.key for one in newswire.articles[: place + 1])
        for outlet, url in urls.items():
            shown = [one.title for one in newswire.articles[: place + 1] if one.outlet == outlet][::-1][:SHOWN]
            assert await titles(web, url) == shown
    assert server.played_out


async def test_an_article_appeared_at_its_turn_and_not_before(
    server: NewswireServer, clock: HandClock, newswire: Newswire
) -> None:
    last = newswire.articles[-1].key
    started = clock.now
    assert server.appeared(newswire.articles[0].key) == started
    assert server.appeared(last) is None
    clock.now += 100
    assert server.appeared(last) == pytest.approx(started + 40.0)
    assert server.appeared("nobody") is None


async def test_a_page_is_there_once_its_article_appeared(
    server: NewswireServer, web: aiohttp.ClientSession, clock: HandClock
) -> None:
    url = f"{server.base}/jumhuriya/jumhuriya-khanasir-denial.html"
    async with web.get(url) as answer:
        assert answer.status == 404
    clock.now += 40
    async with web.get(url) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/html; charset=windows-1256"
        assert "خناصر" in await answer.text()


async def test_a_page_links_only_to_older_articles(
    server: NewswireServer, web: aiohttp.ClientSession, clock: HandClock, newswire: Newswire
) -> None:
    clock.now += 40
    async with web.get(f"{server.base}/rayat/rayat-suran-claim.html") as answer:
        text = await answer.text()
    assert newswire.article("rayat-battle-plans").title in text
    assert newswire.article("rayat-maardis-claim").title not in text


@pytest.mark.parametrize("validator", [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")])
async def test_an_unchanged_feed_answers_304_until_it_changes(
    server: NewswireServer, web: aiohttp.ClientSession, clock: HandClock, validator: tuple[str, str]
) -> None:
    url = feed_urls(server)["ufuq"]
    async with web.get(url) as answer:
        condition = {validator[1]: answer.headers[validator[0]]}
    async with web.get(url, headers=condition) as answer:
        assert answer.status == 304
        assert answer.headers[validator[0]] == condition[validator[1]]
        assert await answer.read() == b""
    clock.now += 40
    async with web.get(url, headers=condition) as answer:
        assert answer.status == 200


async def test_each_change_of_a_feed_has_a_date_of_its_own(
    newswire: Newswire, web: aiohttp.ClientSession, clock: HandClock
) -> None:
    # Two seconds for the whole story: many changes fall into one second of the HTTP date.
    server = NewswireServer(newswire, seconds=2.0, clock=clock)
    await server.start()
    try:
        url = feed_urls(server)["barid"]
        started, dates = clock.now, []
        for one in newswire.of_outlet("barid"):
            turn = newswire.articles.index(one) * 2.0 / (len(newswire.articles) - 1)
            clock.now = started + turn + 1e-6
            async with web.get(url) as answer:
                dates.append(email.utils.parsedate_to_datetime(answer.headers["Last-Modified"]))
        assert len(set(dates)) == len(dates)
        assert dates == sorted(dates)
    finally:
        await server.stop()


async def test_etag_decides_where_both_validators_are_sent(server: NewswireServer, web: aiohttp.ClientSession) -> None:
    headers = {"If-None-Match": '"other"', "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    async with web.get(feed_urls(server)["asi"], headers=headers) as answer:
        assert answer.status == 200


async def test_a_date_that_is_none_is_no_validator(server: NewswireServer, web: aiohttp.ClientSession) -> None:
    async with web.get(feed_urls(server)["asi"], headers={"If-Modified-Since": "yesterday"}) as answer:
        assert answer.status == 200


async def test_the_war_is_moved_by_whole_days_to_the_day_before_now(
    server: NewswireServer, newswire: Newswire, clock: HandClock
) -> None:
    assert server.shift % timedelta(days=1) == timedelta(0)
    age = datetime.fromtimestamp(clock.now, UTC) - (newswire.articles[-1].time + server.shift)
    assert timedelta(0) <= age < timedelta(days=1)


async def test_dates_stay_where_they_are_on_request(newswire: Newswire, clock: HandClock) -> None:
    server = NewswireServer(newswire, shift_dates=False, clock=clock)
    await server.start()
    await server.stop()
    assert server.shift == timedelta(0)


async def test_the_feeds_file_names_the_real_port(server: NewswireServer, tmp_path: Path) -> None:
    feeds = outlets.load(server.feeds_file(tmp_path))
    assert all(feed.url.startswith(f"http://127.0.0.1:{server.port}/") for feed in feeds.feeds)
    assert {feed.interval for feed in feeds.feeds} == {1.0}
    assert set(feeds.outlets) == set(server.newswire.outlets)


async def test_links_of_feeds_lead_back_to_keys(
    server: NewswireServer, web: aiohttp.ClientSession, clock: HandClock, newswire: Newswire
) -> None:
    clock.now += 40
    for outlet, url in feed_urls(server).items():
        async with web.get(url) as answer:
            entries = feedparser.parse(await answer.read()).entries
        keys = [one.key for one in newswire.of_outlet(outlet)][::-1][:SHOWN]
        assert [server.key_of_url(entry.link) for entry in entries] == keys
    assert server.key_of_url("http://127.0.0.1/nothing") is None


async def test_it_knows_which_articles_a_client_was_given(
    server: NewswireServer, web: aiohttp.ClientSession, clock: HandClock
) -> None:
    assert server.served_keys == frozenset()
    await titles(web, feed_urls(server)["ufuq"])
    assert server.served_keys == {"ufuq-hama-history"}


async def test_finished_is_set_when_the_last_article_has_appeared(server: NewswireServer, clock: HandClock) -> None:
    assert not server.finished.is_set()
    assert not server.played_out
    clock.now += 40
    await asyncio.wait_for(server.finished.wait(), timeout=10)


async def test_unknown_paths_are_404_and_robots_may_read(server: NewswireServer, web: aiohttp.ClientSession) -> None:
    async with web.get(f"{server.base}/barid/nothing.html") as answer:
        assert answer.status == 404
    async with web.get(f"{server.base}/robots.txt") as answer:
        assert "Disallow:\n" in await answer.text()
