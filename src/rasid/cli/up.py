"""`rasid up`: the main job."""

import asyncio
import os
import re
import time
from pathlib import Path
from typing import Any

import click

from rasid.errors import Usage
from rasid.settings import Settings, load_settings


class Duration(click.ParamType):
    """`90`, `90s`, `5m`, `2h`: seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds as a float."""
        if isinstance(value, int | float):
            return float(value)
        match = re.fullmatch(r"(\d+(?:\.\d+)?)(s|m|h|)", str(value).strip())
        if match is None:
            self.fail(f"{value!r} is no time; write 90s, 5m or 2h", param, ctx)
        return float(match[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[match[2]]


@click.command("up")
@click.option(
    "--sample", is_flag=True, help="Poll the bundled sample newswire (invented outlets) from a loopback server."
)
@click.option("--feeds", default="", metavar="FILE", help="Poll the feeds of this file instead of seeds/feeds.toml.")
@click.option(
    "--for", "seconds", type=Duration(), default=None, metavar="TIME", help="End by itself after 60s, 5m, 2h."
)
@click.option("--in-process", is_flag=True, help="Without servers; taken by itself where Java or Maven is missing.")
@click.option("--summary", default="", metavar="FILE.json", help="Write the balance to this file at the end.")
@click.option("--fresh", is_flag=True, help="Clear the data of the local servers first.")
@click.option("--sample-seconds", type=Duration(), default=40.0, metavar="TIME", help="Play the sample in this time.")
@click.option("--json", "as_json", is_flag=True, help="Print the balance as JSON at the end.")
def command(as_json: bool, **options: Any) -> None:
    """Runs the whole: servers, polling, all stages, live progress, alerts.

    Starts Apache Kafka and Elasticsearch on free loopback ports unless RASID_KAFKA and RASID_ELASTICSEARCH name running
    ones. Ctrl-C ends it in order. A sample ends when it was played out and read.

    \b
    Examples:
      rasid up --sample
      rasid up --feeds my-feeds.toml --for 10m --summary balance.json
    """
    from rasid.up.run import Options

    asyncio.run(_up(load_settings(), Options(**options), as_json))


async def _up(settings: Settings, options: Any, as_json: bool) -> None:
    from rasid import logs
    from rasid.accounting import Tally
    from rasid.up.display import Display
    from rasid.up.run import Run

    if options.summary:
        _check_summary(Path(options.summary))
    if options.sample and not settings.alerts_file:  # invented alerts do not belong among the real ones
        settings = settings.model_copy(update={"alerts_file": str(settings.data / "sample-alerts.jsonl")})
    logs.set_up(settings, path=logs.file_of(settings, "up"))
    in_process = options.in_process or fall_back(settings)
    tally = Tally("in-process" if in_process else "servers", time.time())
    run = Run(settings, options, tally, Display(tally))
    run.catch_signals()
    run.display.start()
    try:
        if in_process:
            from rasid.up.inprocess import run_in_process

            await run_in_process(run)
        else:
            from rasid.up.servers import run_on_servers

            await run_on_servers(run)
    finally:
        await run.close()
        run.display.stop()
        figures = run.report() if run.polling else None
    if as_json and figures is not None:
        import json

        click.echo(json.dumps(figures))


def _check_summary(path: Path) -> None:
    """Says before the run that its summary would have no place."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Usage(f"cannot write the summary to {path}: {error.strerror}") from error
    if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise Usage(f"cannot write the summary to {path}: name a file in a folder that you may write")


def fall_back(settings: Settings) -> bool:
    """True where servers would have to be started and cannot; says so in one sentence."""
    if settings.kafka and settings.elasticsearch:
        return False
    from rasid.localstack import missing

    sentence = missing(settings)
    if sentence:
        click.echo(f"rasid: {sentence} Going on in process: nothing is kept or searchable.", err=True)
    return bool(sentence)
