"""`rasid feeds`: look at a feeds file and try its feeds."""

import asyncio
import dataclasses
import json
import time
from pathlib import Path
from typing import Any

import click

from rasid import outlets
from rasid.errors import RasidError
from rasid.outlets import Feed, FeedsFile
from rasid.settings import Settings, load_settings


@click.group("feeds")
def command() -> None:
    """Check and list the feeds of a feeds file."""


@command.command("check")
@click.argument("file", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a feed and line.")
@click.option("--all", "with_disabled", is_flag=True, help="Try disabled feeds too.")
def check(file: str, as_json: bool, with_disabled: bool) -> None:
    """Polls every feed of FILE once and says what came, or why nothing did. Nothing is published.

    \b
    Example:
      rasid feeds check seeds/feeds.toml --json
    Exit code 1 when a feed failed.
    """
    settings = load_settings()
    feeds = _load(settings, file)
    wanted = [feed for feed in feeds.feeds if feed.enabled or with_disabled]
    failed = asyncio.run(_check_all(settings, feeds, wanted, as_json))
    if not as_json:
        click.echo(f"{len(wanted) - failed} of {len(wanted)} feeds answered with a feed", err=True)
    raise click.exceptions.Exit(1 if failed else 0)


@command.command("list")
@click.argument("file", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a feed and line.")
def show(file: str, as_json: bool) -> None:
    """Lists the feeds of FILE (seeds/feeds.toml by default) with outlet, kind and the sides it favours.

    \b
    Example:
      rasid feeds list
    """
    feeds = _load(load_settings(), file)
    for feed in feeds.feeds:
        outlet = feeds.outlets[feed.outlet]
        if as_json:
            row: dict[str, Any] = {**dataclasses.asdict(feed), "outlet": dataclasses.asdict(outlet)}
            click.echo(json.dumps(row, ensure_ascii=False))
            continue
        state = "" if feed.enabled else f"  (disabled: {feed.note})"
        favours = ", ".join(outlet.favours) or "-"
        click.echo(f"{feed.id:24} {outlet.kind:12} {favours:12} {outlet.name}  {feed.url}{state}")


def _load(settings: Settings, file: str) -> FeedsFile:
    return outlets.load(Path(file or settings.feeds or outlets.default_path()))


async def _check_all(settings: Settings, feeds: FeedsFile, wanted: list[Feed], as_json: bool) -> int:
    """Tries all feeds at once (the fetcher keeps the courtesy); says each result as it comes; gives how many failed."""
    from ingest.fetch import Fetcher

    failed = 0
    async with Fetcher.of(settings) as fetcher:
        for next_done in asyncio.as_completed([check_feed(settings, feeds, feed, fetcher) for feed in wanted]):
            row = await next_done
            failed += not row["ok"]
            if as_json:
                click.echo(json.dumps(row, ensure_ascii=False))
            else:
                what = f"ok, {row['entries']} entries, newest {row['newest'] or 'undated'}" if row["ok"] else "FAILED"
                click.echo(": ".join(part for part in (row["feed"], what, row["reason"]) if part))
    return failed


async def check_feed(settings: Settings, feeds: FeedsFile, feed: Feed, fetcher: Any) -> dict[str, Any]:
    """One feed, fetched and parsed: `feed, url, ok, entries, full, newest, kind, title, reason, seconds`."""
    from ingest.dates import read_instant
    from ingest.feed import parse_feed
    from ingest.poll import FEED_ACCEPT
    from ingest.status import bad_status

    start = time.monotonic()
    row: dict[str, Any] = {"feed": feed.id, "url": feed.url, "ok": False, "entries": 0, "full": 0, "newest": ""}
    row |= {"kind": "", "title": "", "reason": ""}
    try:
        answer = await fetcher.fetch(feed.url, max_bytes=settings.feed_max_bytes, accept=FEED_ACCEPT)
        if answer.status != 200:
            raise bad_status(answer, time.time())
        parsed = parse_feed(answer.body, answer.headers.get("content-type", ""), answer.url)
    except RasidError as error:
        row["reason"] = str(error)
    else:
        zone = feeds.outlets[feed.outlet].zone
        dates = [read_instant(entry.published or entry.updated, zone) or 0 for entry in parsed.entries]
        newest = max(dates, default=0)
        row |= {
            "ok": True,
            "entries": len(parsed.entries),
            "full": sum(entry.is_full for entry in parsed.entries),
            "newest": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(newest / 1000)) if newest else "",
            "kind": parsed.kind,
            "title": parsed.title,
            "reason": parsed.warning,
        }
        if answer.permanent_redirect:
            row["reason"] = "; ".join(filter(None, [f"moved to {answer.permanent_redirect}", parsed.warning]))
    row["seconds"] = round(time.monotonic() - start, 2)
    return row
