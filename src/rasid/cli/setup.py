"""`rasid setup`: what must stand on the servers before anything runs."""

import asyncio

import click

from rasid.errors import Usage
from rasid.settings import Settings, load_settings


@click.command("setup")
def command() -> None:
    """Creates the topics on RASID_KAFKA and the index templates on RASID_ELASTICSEARCH, whichever are named.

    It may be run again at any time: what stands already is checked and left alone.

    \b
    Example:
      RASID_KAFKA=kafka:9092 RASID_ELASTICSEARCH=http://elastic:9200 rasid setup
    """
    settings = load_settings()
    if not settings.kafka and not settings.elasticsearch:
        raise Usage("name the servers to set up in RASID_KAFKA and RASID_ELASTICSEARCH")
    from rasid import logs

    logs.quiet()
    asyncio.run(_set_up(settings))


async def _set_up(settings: Settings) -> None:
    from rasid import broker
    from rasid.topics import planned
    from sinks.elastic.client import make_client
    from sinks.elastic.templates import set_up

    if settings.kafka:
        topics = planned(settings.partitions)
        await broker.ensure_topics(settings.kafka, settings.topic_prefix, settings.replication, topics)
        click.echo(f"rasid: {len(topics)} topics stand on {settings.kafka}")
    if settings.elasticsearch:
        client = make_client(settings.elasticsearch, settings.elasticsearch_api_key, settings.elasticsearch_ca)
        try:
            await set_up(client, settings.index_prefix)
        finally:
            await client.close()
        click.echo(f"rasid: the index templates {settings.index_prefix}-* stand on {settings.elasticsearch}")
