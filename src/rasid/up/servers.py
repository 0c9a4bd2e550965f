"""`rasid up` on Kafka and Elasticsearch: running ones where settings name them, local ones otherwise."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

from ingest.publish import KafkaPublisher
from ingest.state import KafkaStore
from rasid import broker, logs, outlets
from rasid.errors import RasidError
from rasid.kafka.observer import Observer
from rasid.localstack import LocalStack, Servers
from rasid.messages import RawArticle
from rasid.settings import Settings
from rasid.topics import planned
from rasid.up.poller import make_poller
from rasid.up.run import Run, settle
from rasid.up.supervisor import Worker

WORKERS = ("text,dedupe,extract,ledger,notify", "index")
"""Two processes: indexing has its own, so that a slow or absent Elasticsearch delays no alert."""
SETTLE_SECONDS = (20.0, 120.0)
"""At the end: how long nothing may move, and how long it may take in all, before the run ends with articles waiting."""


async def run_on_servers(run: Run) -> None:
    """Starts what is missing, runs everything until the run ends, and stops what it started."""
    stack = LocalStack(
        run.settings,
        name="sample" if run.options.sample else "main",
        fresh=run.options.fresh or run.options.sample,
        kafka=not run.settings.kafka,
        elasticsearch=not run.settings.elasticsearch,
        say=lambda line: run.display.say(f"rasid: {line}"),
    )
    try:
        run.settings = _with_servers(run, await asyncio.to_thread(stack.start))
        outlets.load(run.outlets_file())  # a feeds file that cannot be read ends the run before anything is started
        await broker.ensure_topics(
            run.settings.kafka, run.settings.topic_prefix, run.settings.replication, planned(run.settings.partitions)
        )
        await _run(run)
    finally:
        await asyncio.to_thread(stack.stop)


def _with_servers(run: Run, servers: Servers) -> Settings:
    """The settings with the addresses of the servers; a sample on a broker of yours gets topics of its own."""
    update: dict[str, Any] = {
        "kafka": run.settings.kafka or servers.kafka,
        "elasticsearch": run.settings.elasticsearch or servers.elasticsearch,
        "feeds": str(run.outlets_file()),
    }
    if run.options.sample and run.settings.kafka and not run.settings.topic_prefix:
        update["topic_prefix"] = f"sample-{int(time.time())}."
    return run.settings.model_copy(update=update)


async def _run(run: Run) -> None:
    options = broker.kafka_options(run.settings)
    observer = Observer(options, run.settings.topic_prefix, run.tally, run.on_alert)
    await observer.start()
    workers = [start_worker(run.settings, stages, run.display.say) for stages in WORKERS]
    watching = asyncio.create_task(observer.run())
    working = [asyncio.create_task(worker.run()) for worker in workers]
    try:
        await _ready(workers, working)
        await _poll(run, options, [watching, *working])
        await settle(run.tally, run.display.refresh, *SETTLE_SECONDS)
    finally:
        await asyncio.gather(*(worker.stop() for worker in workers))
        watching.cancel()
        results = await asyncio.gather(watching, *working, return_exceptions=True)
    for result in results:
        if isinstance(result, RasidError):
            raise result


async def _ready(workers: Sequence[Worker], working: Sequence[asyncio.Task[None]]) -> None:
    """Waits until all workers consume; one that cannot start ends the run with its reason."""

    async def all_ready() -> None:
        for worker in workers:
            await worker.ready.wait()

    ready = asyncio.create_task(all_ready())
    done, _ = await asyncio.wait({ready, *working}, return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    for task in done - {ready}:
        await task


async def _poll(run: Run, options: dict[str, Any], background: Sequence[asyncio.Task[None]]) -> None:
    feeds = await run.open_feeds()
    async with (
        KafkaPublisher.of(options, run.settings.topic_prefix) as publisher,
        KafkaStore.of(options, run.settings.topic_prefix) as store,
        make_poller(run, feeds, _Counting(publisher, run), store) as poller,
    ):
        polling = asyncio.create_task(poller.run(run.stop))
        ending = asyncio.create_task(run.until_end())
        try:
            done, _ = await asyncio.wait({polling, ending, *background}, return_when=asyncio.FIRST_COMPLETED)
            for task in done - {ending}:
                error = task.exception()
                if error is not None:
                    raise error
        finally:
            run.stop.set()
            await asyncio.gather(polling, ending, return_exceptions=True)


class _Counting:
    """A publisher that tells the balance what was acknowledged."""

    def __init__(self, publisher: KafkaPublisher, run: Run) -> None:
        self._publisher = publisher
        self._run = run

    async def publish(self, articles: Sequence[RawArticle]) -> None:
        """Counts after the broker has them."""
        await self._publisher.publish(articles)
        self._run.tally.published(article.article_id for article in articles)


def start_worker(settings: Settings, stages: str, say: Callable[[str], None], prefix: str = "") -> Worker:
    """A worker process for `stages` with these settings; what it prints and why it is started again goes to `say`."""
    environment = {
        "RASID_KAFKA": settings.kafka,
        "RASID_ELASTICSEARCH": settings.elasticsearch,
        "RASID_TOPIC_PREFIX": settings.topic_prefix,
        "RASID_INDEX_PREFIX": settings.index_prefix,
        "RASID_FEEDS": settings.feeds,
        "RASID_PARTITIONS": str(settings.partitions),
        "RASID_ALERTS_FILE": settings.alerts_file,
        "RASID_ALERT_MAX_AGE_HOURS": str(settings.alert_max_age_hours),
        "PYTHONUNBUFFERED": "1",
    }
    path = logs.file_of(settings, f"{prefix}worker-{stages.split(',')[0]}")
    return Worker(stages, environment, say, path, on_restart=lambda line: say(f"rasid: {line}"))
