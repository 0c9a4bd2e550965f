"""`rasid feeds`."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from rasid import outlets
from rasid.cli.feeds import command
from tests.ingest.conftest import Site, sample

FILE = """
[[outlet]]
id = "sahl"
name = "وكالة السهل"
kind = "party"
favours = ["SY-GOV"]

[[feed]]
id = "good"
outlet = "sahl"
url = "{0}"

[[feed]]
id = "bad"
outlet = "sahl"
url = "{1}"

[[feed]]
id = "off"
outlet = "sahl"
url = "{1}"
enabled = false
note = "unknown address"
"""


async def run(site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    path = folder / "feeds.toml"
    path.write_text(FILE.format(site.url("/rss"), site.url("/html")), encoding="utf-8")
    monkeypatch.setenv("RASID_ALLOW_PRIVATE", site.host)
    return await asyncio.to_thread(CliRunner().invoke, command, [*arguments[:1], str(path), *arguments[1:]])


async def test_check_says_what_came_and_why_nothing_did(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/rss"] = sample("plain.rss.xml")
    site.pages["/html"] = sample("html-page.html")
    result = await run(site, tmp_path, monkeypatch, "check", "--json")
    rows = {row["feed"]: row for row in map(json.loads, result.stdout.splitlines())}
    assert result.exit_code == 1
    assert (rows["good"]["ok"], rows["good"]["entries"], rows["good"]["newest"]) == (True, 2, "2015-11-25T12:03:00Z")
    assert not rows["bad"]["ok"]
    assert "HTML page" in rows["bad"]["reason"]
    assert set(rows) == {"good", "bad"}


async def test_check_is_content_when_all_feeds_answer(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages["/rss"] = site.pages["/html"] = sample("atom.xml")
    result = await run(site, tmp_path, monkeypatch, "check", "--all")
    assert result.exit_code == 0
    assert "good: ok, 1 entries" in result.output
    assert "3 of 3 feeds" in result.output


async def test_list_shows_outlets_and_disabled_feeds(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = await run(site, tmp_path, monkeypatch, "list")
    assert result.exit_code == 0
    assert "SY-GOV" in result.output
    assert "disabled: unknown address" in result.output


def test_the_feeds_file_of_the_project_is_sound() -> None:
    feeds = outlets.load(outlets.default_path())
    kinds = {outlets_.kind for outlets_ in feeds.outlets.values()}
    assert kinds == {"agency", "party", "state", "independent", "monitor"}
    assert len(feeds.feeds) >= 25
    assert len({feed.url for feed in feeds.feeds}) == len(feeds.feeds)
    assert all(feed.note for feed in feeds.feeds if not feed.enabled)
    assert all(feed.url.startswith(("http://", "https://")) for feed in feeds.feeds)
    used = {feed.outlet for feed in feeds.feeds}
    assert used == set(feeds.outlets)
