"""`rasid replay`: a file of articles through the whole pipeline."""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

import click

from rasid.settings import Settings, load_settings

NO_AGE_LIMIT = 1e9
"""Hours: in a replay news is as old as its article, and no alert is held back for its age."""


@click.command("replay")
@click.argument("source", metavar="IN.jsonl")
@click.option(
    "-o", "--output", required=True, metavar="DIR", help="Folder for articles.jsonl, changes.jsonl, alerts.jsonl."
)
@click.option("--in-process", is_flag=True, help="Without servers; taken by itself where Java or Maven is missing.")
@click.option("--no-notify", is_flag=True, help="Show no alerts; they are written to DIR all the same.")
@click.option("--feeds", default="", metavar="FILE", help="Feeds file with the outlets, for the sides they favour.")
@click.option("--strict", is_flag=True, help="Stop at the first bad line.")
@click.option("--json", "as_json", is_flag=True, help="Print the balance and the rates by stage as JSON.")
def command(source: str, output: str, as_json: bool, **options: Any) -> None:
    """Runs the articles of IN.jsonl (plain or .gz) through all stages in order of `published`.

    Without --in-process they go through Kafka, under topics of their own, into the indices of Elasticsearch.

    \b
    Example:
      rasid replay archive.jsonl.gz -o out --no-notify
    """
    figures = asyncio.run(_replay(load_settings(), source, Path(output), options))
    if as_json:
        click.echo(json.dumps(figures))


async def _replay(settings: Settings, path: str, folder: Path, options: dict[str, Any]) -> dict[str, Any]:
    from rasid import logs, outlets
    from rasid.accounting import Tally
    from rasid.cli.up import fall_back
    from rasid.progress import progress
    from rasid.replay.output import Results, rates
    from rasid.replay.source import read_source
    from rasid.up.display import summary

    logs.set_up(settings, path=logs.file_of(settings, "replay"))
    feeds_path = Path(options["feeds"] or settings.feeds or outlets.default_path())
    feeds = outlets.load(feeds_path)
    settings = settings.model_copy(
        update={"alert_max_age_hours": NO_AGE_LIMIT, "feeds": str(feeds_path), "alerts_file": "none"}
    )
    source = read_source(path, options["strict"], lambda line: _complain(f"rasid: {line}"))
    results = Results(source.doc_ids)
    results.open(folder)
    in_process = options["in_process"] or fall_back(settings)
    tally = Tally("in-process" if in_process else "servers", time.time())
    quiet = options["no_notify"]
    with progress("replay", len(source.articles)) as advance:
        if in_process:
            from rasid.replay.inprocess import replay_in_process

            await replay_in_process(settings, feeds, source, results, tally, _channels(quiet), advance)
        else:
            from rasid.replay.servers import replay_on_servers

            say = (lambda line: _complain(line) if line.startswith("rasid:") else None) if quiet else _complain
            await replay_on_servers(settings, source, results, tally, say, advance)
    results.write(folder)
    balance = tally.balance()
    by_stage = rates(tally.outcomes.values(), tally.started)
    told = ", ".join(f"{stage} {rate}" for stage, rate in by_stage.items())
    notes = [f"articles per second by stage: {told}"] if told else []
    click.echo(summary(balance, notes), err=True)
    return balance.as_dict() | {"changes": len(results.changes), "rates": by_stage}


def _channels(quiet: bool) -> list[Any]:
    from sinks.notify.terminal import TerminalChannel

    return [TerminalChannel((lambda _text: None) if quiet else _complain)]


def _complain(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
