"""`rasid where`: what became of an article."""

import asyncio
import json
import sys
from typing import Any

import click

from rasid.errors import Fatal
from rasid.settings import Settings, load_settings


@click.command("where")
@click.argument("article", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print the trail as JSON.")
def command(article: str, as_json: bool) -> None:
    """Shows the way of an article stage by stage: ID is its article id or its URL.

    Looks into Elasticsearch, and for what is not there yet into the topics of Kafka. Exit code 1 when nobody knows it.

    \b
    Example:
      rasid where https://example.org/news/17
    """
    from rasid import logs

    logs.quiet()
    settings = load_settings()
    trace = asyncio.run(_trace(settings, article))
    if as_json:
        click.echo(json.dumps(trace, ensure_ascii=False))
    else:
        _show(trace)
    sys.exit(0 if trace["steps"] else 1)


async def _trace(settings: Settings, article: str) -> dict[str, Any]:
    from rasid.localstack import running
    from rasid.trace import trace

    named = settings.kafka or settings.elasticsearch  # what another run has started knows nothing of those
    servers = None if named else running(settings)
    kafka = settings.kafka or (servers.kafka if servers else "")
    elasticsearch = settings.elasticsearch or (servers.elasticsearch if servers else "")
    if not kafka and not elasticsearch:
        raise Fatal(
            "neither Kafka nor Elasticsearch runs: start `./rasid up` in another terminal, "
            "or name them in RASID_KAFKA and RASID_ELASTICSEARCH"
        )
    return await trace(settings.model_copy(update={"kafka": kafka, "elasticsearch": elasticsearch}), article)


def _show(trace: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from rasid.terminal import clean, isolate

    console = Console(soft_wrap=True)
    if not trace["steps"]:
        console.print(
            f"nothing is known of {trace['article_id']}: no feed showed it, or it is older than the topics are kept"
        )
        return
    if trace["title"]:
        console.print(Text(isolate(clean(trace["title"]))))
    table = Table("stage", "status", "when (UTC)", "worker", "reason")
    for step in trace["steps"]:
        table.add_row(step["stage"], step["status"], step["when"], step["worker"], Text(isolate(clean(step["reason"]))))
    console.print(table)
    console.print(Text(f"{trace['article_id']}: {trace['end']}"))
