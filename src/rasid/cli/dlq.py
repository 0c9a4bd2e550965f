"""`rasid dlq`: the dead letters."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import click

from rasid.errors import Fatal, Invalid
from rasid.settings import Settings, load_settings


@click.group("dlq")
def command() -> None:
    """Records that no stage could work on, with the reason; their articles count as waiting."""


@command.command("list")
@click.option("--stage", default="", metavar="NAME", help="Only those of this stage.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with the original bytes as base64.")
def list_(stage: str, as_json: bool) -> None:
    """Lists the dead letters of the Kafka of RASID_KAFKA (or of the running `rasid up`), oldest first.

    \b
    Example:
      rasid dlq list --stage text
    """
    asyncio.run(_list(load_settings(), stage, as_json))


async def _list(settings: Settings, stage: str, as_json: bool) -> None:
    count = 0
    async for row in _rows(_with_kafka(settings)):
        if stage and row["stage"] != stage:
            continue
        count += 1
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(row))
    if not count and not as_json:
        click.echo("no dead letters")


def _with_kafka(settings: Settings) -> Settings:
    from rasid.localstack import running

    if settings.kafka:
        return settings
    servers = running(settings)
    if servers is None or not servers.kafka:
        raise Fatal("no Kafka runs: start `./rasid up` in another terminal, or name one in RASID_KAFKA")
    return settings.model_copy(update={"kafka": servers.kafka})


async def _rows(settings: Settings) -> AsyncIterator[dict[str, Any]]:
    import base64

    from rasid import broker
    from rasid.kafka.rebuild import read_topic
    from rasid.topics import DEAD
    from sinks.dead_letters import read_dead_letter

    async for record in read_topic(broker.kafka_options(settings), settings.topic_prefix + DEAD.name):
        try:
            letter = read_dead_letter(record)
        except Invalid as error:
            click.echo(f"rasid: record {record.offset} of {DEAD.name} is none of ours: {error}", err=True)
            continue
        yield {
            "topic": letter.topic,
            "partition": letter.partition,
            "offset": letter.offset,
            "stage": letter.stage,
            "reason": letter.reason,
            "at": letter.at,
            "key": (letter.key or b"").decode("utf-8", "replace"),
            "value": base64.b64encode(letter.value or b"").decode(),
        }


def _line(row: dict[str, Any]) -> str:
    from datetime import UTC, datetime

    from rasid.terminal import clean, isolate

    when = datetime.fromtimestamp(row["at"] / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    where = f"{row['topic']}[{row['partition']}]@{row['offset']}"
    return f"{when}  {row['stage']:8}  {where}  {row['key']}  {isolate(clean(row['reason']))}"
