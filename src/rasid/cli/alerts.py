"""`rasid alerts`: what was told, the rules, and whether the channels work."""

import asyncio
import json
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from rasid.errors import RasidError, Usage
from rasid.settings import Settings, load_settings

UNITS_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}


@click.group("alerts")
def command() -> None:
    """Alerts: what was told, which rules there are, whether the channels work.

    \b
    Example:
      rasid alerts list --since 24h
    """


@command.command("list")
@click.option(
    "--since", default="", metavar="WHEN", help="Only newer ones: 90m, 24h, 7d, or a day like 2016-03-01 (UTC)."
)
@click.option("--json", "as_json", is_flag=True, help="Print the lines of the file as they are.")
def list_command(since: str, as_json: bool) -> None:
    """Shows the alerts of the alerts file in the order in which they were sent. WHEN means the publication of the article that caused them.

    \b
    Example:
      rasid alerts list --since 24h --json
    """
    from sinks.notify.jsonl import read_alerts

    path = alerts_path(load_settings())
    least = since_ms(since, time.time()) if since else 0
    if not path.exists():
        click.echo(f"rasid: no alerts yet in {path}", err=True)
        return
    for row in read_alerts(path):
        if row["change"].get("at", 0) < least:
            continue
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))


@command.command("rules")
@click.argument("file", required=False, type=click.Path(path_type=Path))
def rules_command(file: Path | None) -> None:
    """Checks a rules file (by default the one in use) and lists its rules. Exit code 2 when it has mistakes.

    \b
    Example:
      rasid alerts rules my-rules.toml
    """
    from processors.rules import lint, parse_rules, rules_text

    text, name = rules_text(file)
    problems = lint(text, name)
    for problem in problems:
        click.echo(f"rasid: {problem}", err=True)
    if problems:
        sys.exit(2)
    for rule in parse_rules(text, name):
        click.echo(f"{rule.id}  {'on ' if rule.enabled else 'off'}  {rule.severity}  {rule.name}")


@command.command("test")
def test_command() -> None:
    """Sends one made-up alert, marked as a test, through every channel. Exit code 1 when one of them fails.

    \b
    Example:
      rasid alerts test
    """
    from rasid.stages.build import make_channels

    failed = asyncio.run(_send_sample(make_channels(load_settings(), click.echo)))
    sys.exit(1 if failed else 0)


async def _send_sample(channels: list[Any]) -> list[str]:
    from processors.sample import sample_alert

    alert = sample_alert(int(time.time() * 1000))
    failed = []
    for channel in channels:
        try:
            await channel.send(alert)
        except RasidError as error:
            failed.append(channel.name)
            click.echo(f"rasid: {channel.name}: {error}", err=True)
        else:
            click.echo(f"rasid: {channel.name}: sent", err=True)
    return failed


def alerts_path(settings: Settings) -> Path:
    """The alerts file of these settings.

    Raises:
        Usage: alerts are written to no file.
    """
    if settings.alerts_file == "none":
        raise Usage("RASID_ALERTS_FILE is none: alerts are written to no file")
    return Path(settings.alerts_file) if settings.alerts_file else settings.data / "alerts.jsonl"


def since_ms(text: str, now: float) -> int:
    """A duration before `now` (seconds) or a day or time in ISO form (UTC unless it tells a zone), as ms UTC.

    Raises:
        Usage: it is neither.
    """
    span = re.fullmatch(r"(\d{1,6})([mhd])", text)
    if span:
        return int(now * 1000) - int(span[1]) * UNITS_MS[span[2]]
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Usage(f"--since {text!r} is no time: write 90m, 24h, 7d or a day like 2016-03-01") from error
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


def _line(row: dict[str, Any]) -> str:
    from rasid.terminal import clean, isolate

    when = datetime.fromtimestamp(row["change"].get("at", 0) / 1000, UTC).strftime("%Y-%m-%d %H:%M")
    return f"{when}  {row['alert_id']}  {isolate(clean(str(row.get('title_ar', ''))))}"
