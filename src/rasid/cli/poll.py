"""`rasid poll`: one poller."""

import asyncio
import signal
from pathlib import Path

import click

from rasid.errors import Usage
from rasid.settings import Settings, load_settings


@click.command("poll")
@click.option("--feeds", default="", metavar="FILE", help="Feeds file; seeds/feeds.toml by default.")
def command(feeds: str) -> None:
    """Polls feeds and publishes their articles to the Kafka of RASID_KAFKA until SIGTERM.

    \b
    Example:
      RASID_KAFKA=kafka:9092 rasid poll --feeds /etc/rasid/feeds.toml
    """
    settings = load_settings()
    if not settings.kafka:
        raise Usage("name the Kafka to publish to in RASID_KAFKA (host:port), or use `rasid up`, which starts one")
    asyncio.run(_poll(settings, feeds))


async def _poll(settings: Settings, path: str) -> None:
    import structlog

    from ingest.fetch import Fetcher
    from ingest.poller import Poller, PollEvent
    from ingest.publish import KafkaPublisher
    from ingest.state import KafkaStore
    from rasid import broker, logs, metrics, outlets
    from rasid.topics import planned

    logs.set_up(settings, worker="poll")
    metrics.serve(settings.metrics_port)
    log = structlog.get_logger("rasid.poll")
    feeds = outlets.load_enabled(Path(path or settings.feeds or outlets.default_path()))
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await broker.ensure_topics(
        settings.kafka, settings.topic_prefix, settings.replication, planned(settings.partitions)
    )

    def on_event(event: PollEvent) -> None:
        log.info("polled", feed=event.feed_id, result=event.result, new=event.new, reason=event.reason)

    options = broker.kafka_options(settings)
    async with (
        Fetcher.of(settings) as fetcher,
        KafkaPublisher.of(options, settings.topic_prefix) as publisher,
        KafkaStore.of(options, settings.topic_prefix) as store,
    ):
        await Poller(feeds, settings, fetcher, publisher, store, on_event=on_event).run(stop)
