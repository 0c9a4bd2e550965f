"""`rasid up` on Kafka and Elasticsearch: running ones where settings name them, local ones otherwise."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

from ingest.publish import KafkaPublisher
from ingest.state import KafkaStore
from rasid import broker, logs, outlets
from rasid.errors import Fatal
from rasid.kafka.observer import Observer
from rasid.localstack import LocalStack, Servers
from rasid.messages import RawArticle
from rasid.settings import Settings
from rasid.topics import planned
from rasid.up.poller import make_poller
from rasid.up.run import Run, settle
from rasid.up.supervisor import Worker
from sinks.elastic.client import make_client, ping

WORKERS = ("text,dedupe", "extract,ledger,notify", "index")
"""Worker processes: reading pages, reading what they say, writing. A slow or absent Elasticsearch delays no alert."""
SETTLE_SECONDS = (20.0, 120.0)
"""At the end: how long nothing may move, and how long it may take in all, before the run ends with articles waiting."""
INTERRUPTED_SECONDS = (1.0, 2.0)
"""The same after SIGINT or SIGTERM."""


WATCH_SECONDS = 0.5
RESTARTS = (5, 600.0)
"""A local server that ends more often than so many times in so many seconds is given up."""


async def run_on_servers(run: Run) -> None:
    """Starts what is missing, runs everything until the run ends, and stops what it started.

    Raises:
        Usage: the feeds file cannot be read or has no enabled feed.
        Fatal: a server that is named does not answer, a topic has a wrong partition count, a local server or a worker
            does not start or ends again and again.
        Retry: the Elasticsearch that is named does not answer.
    """
    if not run.options.sample:
        outlets.load_enabled(run.outlets_file())
    await check_named(run.settings)
    stack = LocalStack(
        run.settings,
        name="sample" if run.options.sample else "main",
        fresh=run.options.fresh or run.options.sample,
        kafka=not run.settings.kafka,
        elasticsearch=not run.settings.elasticsearch,
        say=lambda line: run.display.say(f"rasid: {line}"),
    )
    try:
        servers = await _start(run, stack)
        if servers is not None:
            run.settings = _with_servers(run, servers)
            await _ensure_topics(run.settings)
            await _run(run, stack)
    finally:
        await asyncio.to_thread(stack.stop)


async def check_named(settings: Settings) -> None:
    """The servers that the settings name, before others are started for nothing.

    Raises:
        Fatal: no Kafka answers.
        Retry: no Elasticsearch answers.
    """
    if settings.kafka:
        await broker.check(settings.kafka)
    if settings.elasticsearch:
        client = make_client(settings.elasticsearch, settings.elasticsearch_api_key, settings.elasticsearch_ca)
        try:
            await ping(client)
        finally:
            await client.close()


async def _ensure_topics(settings: Settings) -> None:
    await broker.ensure_topics(
        settings.kafka, settings.topic_prefix, settings.replication, planned(settings.partitions)
    )


async def _start(run: Run, stack: LocalStack) -> Servers | None:
    """Starts the local servers; None when the run was told to stop meanwhile."""
    starting = asyncio.create_task(asyncio.to_thread(stack.start))
    stopping = asyncio.create_task(run.stop.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not starting.done():
        await asyncio.to_thread(stack.stop)
    try:
        servers = await starting
    except Fatal:
        if run.stop.is_set():
            return None
        raise
    return None if run.stop.is_set() else servers


async def keep_alive(stack: LocalStack, say: Callable[[str], None]) -> None:
    """Starts local servers again that die, at the same address with the same data, until it is cancelled.

    Raises:
        Fatal: one of them does not start again, or ends again and again.
    """
    ends: list[float] = []
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        for kind in stack.dead():
            now = time.monotonic()
            ends = [*(at for at in ends if now - at < RESTARTS[1]), now]
            log_path = stack.log_of(kind)
            if len(ends) > RESTARTS[0]:
                raise Fatal(f"the local {kind.capitalize()} ends again and again: see its log {log_path}")
            say(
                f"the local {kind.capitalize()} has died and is started again with its data; nothing is lost "
                f"(its log until then: {log_path.with_suffix('.log.old')})"
            )
            await asyncio.to_thread(stack.start_again, kind)


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


async def _run(run: Run, stack: LocalStack) -> None:
    options = broker.kafka_options(run.settings)
    observer = Observer(options, run.settings.topic_prefix, run.tally, run.on_alert, run.on_outcome)
    await observer.start()
    workers = [start_worker(run.settings, stages, run.display.say) for stages in WORKERS]
    watching = [
        asyncio.create_task(observer.run()),
        asyncio.create_task(keep_alive(stack, lambda line: run.display.say(f"rasid: {line}"))),
    ]
    working = [asyncio.create_task(worker.run()) for worker in workers]
    try:
        if await _ready(run, workers, [*working, *watching]):
            await _poll(run, options, [*watching, *working])
        await _settle(run, [*watching, *working])
    finally:
        await asyncio.gather(*(worker.stop() for worker in workers))
        for task in watching:
            task.cancel()
        results = await asyncio.gather(*watching, *working, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _settle(run: Run, background: Sequence[asyncio.Task[None]]) -> None:
    """Waits for articles under way, unless something that they need has failed; briefly where a person wants an end."""
    seconds = INTERRUPTED_SECONDS if run.interrupted else SETTLE_SECONDS
    settling = asyncio.create_task(settle(run.tally, run.display.refresh, *seconds))
    await asyncio.wait({settling, *background}, return_when=asyncio.FIRST_COMPLETED)
    settling.cancel()
    await asyncio.gather(settling, return_exceptions=True)


async def _ready(run: Run, workers: Sequence[Worker], background: Sequence[asyncio.Task[None]]) -> bool:
    """Waits until all workers consume; one that cannot start ends the run with its reason. False: told to stop."""

    async def all_ready() -> None:
        for worker in workers:
            await worker.ready.wait()

    ready = asyncio.create_task(all_ready())
    stopping = asyncio.create_task(run.stop.wait())
    done, _ = await asyncio.wait({ready, stopping, *background}, return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    stopping.cancel()
    for task in done & set(background):
        await task
    return not run.stop.is_set()


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
