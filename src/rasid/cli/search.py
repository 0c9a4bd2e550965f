"""`rasid search`: looks into the indexed articles."""

import asyncio
import json
import re
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from rasid.errors import Fatal, Usage
from rasid.settings import Settings, load_settings

if TYPE_CHECKING:
    from rich.text import Text

    from sinks.elastic.search import Hit

_UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}


@click.command("search")
@click.argument("query", nargs=-1, required=True)
@click.option("--size", default=10, show_default=True, help="Hits at most.", type=click.IntRange(1, 1000))
@click.option("--copies", is_flag=True, help="Show every copy of a story, not one hit a story.")
@click.option(
    "--since", default="", metavar="TIME", help="Published since: 90m, 24h, 7d, 2w ago, or an ISO date (UTC)."
)
@click.option("--outlet", default="", metavar="ID", help="Of this outlet only.")
@click.option("--place", default="", metavar="PLACE", help="With this place read in it: gazetteer id or name.")
@click.option("--best", is_flag=True, help="Best match first, not newest.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a hit and line.")
def command(
    query: tuple[str, ...], size: int, copies: bool, since: str, outlet: str, place: str, best: bool, as_json: bool
) -> None:
    """Finds articles that hold all words of QUERY, newest first, with the sentence that matched.

    Quotation marks keep words together, a minus excludes a word (after `--`), * is every article. Arabic words are found with the
    proclitics written to them («بحلب» for حلب) and in any spelling of alef, yeh and teh marbuta.

    \b
    Examples:
      rasid search حلب
      rasid search '"دير الزور" قصف' --since 24h
      rasid search '*' --place SY-C1007 --json
    """
    settings = load_settings()
    options = {
        "size": size,
        "copies": copies,
        "place": place or None,
        "since": since_ms(since, time.time()) if since else None,
        "outlet": outlet or None,
        "sort": "best" if best else "newest",
    }
    hits = asyncio.run(_search(settings, " ".join(query), options))
    if as_json:
        for hit in hits:
            click.echo(json.dumps(asdict(hit), ensure_ascii=False))
    else:
        _show(hits)


def since_ms(text: str, now: float) -> int:
    """ms UTC of `90m`, `24h`, `7d`, `2w` before `now` (seconds), or of an ISO date or time.

    Raises:
        Usage: it is neither.
    """
    ago = re.fullmatch(r"(\d{1,6})([mhdw])", text.strip())
    if ago:
        return int((now - int(ago[1]) * _UNITS[ago[2]]) * 1000)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Usage(f"--since is {text!r}; it must be like 24h, 7d or 2026-11-25") from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def address(settings: Settings) -> str:
    """URL of the Elasticsearch of the settings, else of the running local stack.

    Raises:
        Fatal: there is neither.
    """
    if settings.elasticsearch:
        return settings.elasticsearch
    from rasid.localstack import running

    servers = running(settings)
    if servers is None or not servers.elasticsearch:
        raise Fatal("no Elasticsearch runs: start `./rasid up` in another terminal, or name one in RASID_ELASTICSEARCH")
    return servers.elasticsearch


async def _search(settings: Settings, query: str, options: dict[str, Any]) -> "list[Hit]":
    from sinks.elastic.client import make_client
    from sinks.elastic.search import search

    client = make_client(address(settings), settings.elasticsearch_api_key, settings.elasticsearch_ca)
    try:
        return await search(client, settings.index_prefix, query, **options)
    finally:
        await client.close()


def _show(hits: "list[Hit]") -> None:
    from rich.console import Console

    console = Console(soft_wrap=True, highlight=False)
    if not hits:
        console.print("nothing found")
    for hit in hits:
        for line in lines(hit):
            console.print(line)
    sys.stdout.flush()


def lines(hit: "Hit") -> "list[Text]":
    """A hit as people read it: when, who and what; the sentence with its matches in bold; where."""
    from rich.text import Text

    from rasid.terminal import clean, isolate

    when = datetime.fromtimestamp(hit.published / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    head = Text(f"{when}  {isolate(clean(hit.outlet))}  ")
    head.append(isolate(clean(hit.title)) or "(no title)", style="bold")
    if hit.copies:
        others = ", ".join(isolate(clean(outlet)) for outlet in hit.copy_outlets)
        head.append(f"  +{hit.copies} of the same story" + (f" ({others})" if others else ""), style="dim")
    sentence = Text("    ")
    sentence.append_text(_marked(hit))
    where = Text("    " + (clean(hit.url) or hit.article_id), style="dim")
    return [head, sentence, where] if hit.sentence else [head, where]


def _marked(hit: "Hit") -> "Text":
    """The sentence between isolates, its matches in bold. Pieces are cleaned one by one, so the marks stay right."""
    from rich.text import Text

    from rasid.terminal import FSI, PDI, clean

    text = Text(FSI)
    end = 0
    for start, stop in (*hit.marks, (len(hit.sentence), len(hit.sentence))):
        text.append(_piece(hit.sentence[end:start], clean))
        text.append(_piece(hit.sentence[start:stop], clean), style="bold yellow")
        end = stop
    return text.append(PDI)


def _piece(text: str, clean: Any) -> str:
    return str(clean(f"{text}", True)).replace("\n", " ")
