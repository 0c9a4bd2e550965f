"""One worker process: the Faust apps of its stages, until it is told to stop or one of them crashes."""

import asyncio
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import faust
import structlog

from rasid import broker, metrics
from rasid.children import READY, STOPS, Teller, tell_parent
from rasid.errors import Fatal
from rasid.kafka.agent import Agent
from rasid.kafka.app import make_app
from rasid.outlets import FeedsFile
from rasid.settings import Settings
from rasid.stages import Stage
from rasid.stages.build import make_channels, make_stage
from rasid.topics import planned

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

log = structlog.get_logger("rasid.worker")
STOP_SECONDS = 3.0
"""After this the process leaves by force: whatever was unfinished is unacknowledged and comes again."""


async def work(settings: Settings, names: Sequence[str], feeds: FeedsFile, write: Callable[[str], None]) -> None:
    """Runs the stages `names` until SIGTERM or SIGINT.

    Args:
        write: takes the text of an alert for the terminal.

    Raises:
        Fatal: Kafka does not answer, a topic has a wrong partition count, or a stage crashed.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory(prefix="rasid-worker-") as folder:
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, _stopping, stop, folder)
        metrics.serve(settings.metrics_port)
        await broker.ensure_topics(
            settings.kafka, settings.topic_prefix, settings.replication, planned(settings.partitions)
        )
        tell = Teller()
        async with _Index(settings, stop, tell) as index:
            stages = [
                make_stage(
                    name,
                    settings,
                    feeds,
                    channels=make_channels(settings, write),
                    index=index.stage,
                    worker=_worker_name(),
                )
                for name in names
            ]
            await _run(stages, settings, Path(folder), stop, tell)


def _stopping(stop: asyncio.Event, folder: str) -> None:
    """Begins the end. The timer is a thread of its own: the loop may be closed while a thread of Faust still hangs."""
    stop.set()
    timer = threading.Timer(STOP_SECONDS, _leave, (0, folder))
    timer.daemon = True
    timer.start()


def _leave(code: int, folder: str | Path) -> NoReturn:
    """Ends the process by force; whatever is unfinished is unacknowledged and comes again."""
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(code)


def _worker_name() -> str:
    return f"{os.uname().nodename}-{os.getpid()}"


async def _run(stages: Sequence[Stage], settings: Settings, folder: Path, stop: asyncio.Event, tell: Teller) -> None:
    apps, agents = [], []
    for stage in stages:
        app = make_app(stage.name, settings, folder / stage.name)
        agent = Agent(app, stage, settings, broker.kafka_options(settings), stop, tell)
        agent.attach()
        app.finalize()
        agent.guard()
        agents.append(agent)
        apps.append(app)
    if not await _started(apps, stop):
        _leave(0, folder)  # nothing was worked on yet, and to wait for a group that is still forming could take long
    log.info("worker ready", stages=[stage.name for stage in stages])
    tell_parent(READY)
    watches = [asyncio.create_task(agent.watch()) for agent in agents]
    waits = [asyncio.ensure_future(event.wait()) for event in (stop, *(app._crashed for app in apps))]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in (*waits, *watches):
        wait.cancel()
    reasons = [(app.conf.id, app._crash_reason) for app in apps if app._crash_reason is not None]
    if reasons and not stop.is_set():
        _log_crash(*reasons[0])
        _leave(1, folder)  # an end in order could hang for a minute on a consumer thread (docs/decisions/0003)
    await asyncio.gather(*(app.stop() for app in apps), return_exceptions=True)


async def _started(apps: Sequence[faust.App], stop: asyncio.Event) -> bool:
    """Starts the apps; False when the worker was told to stop meanwhile."""
    starting = asyncio.gather(*(app.start() for app in apps))
    stopping = asyncio.ensure_future(stop.wait())
    either: set[asyncio.Future[Any]] = {starting, stopping}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if starting.done():
        starting.result()
    return not stop.is_set()


def _log_crash(app: str, reason: BaseException) -> None:
    """Why a stage ended; the process is started again from outside, unless the reason says that this is of no use."""
    if isinstance(reason, Fatal):
        log.error("stopping", app=app, reason=str(reason))
        tell_parent(f"{STOPS}{reason}")
    else:
        log.error("crashed", app=app, reason=repr(reason), exc_info=reason)


class _Index:
    """Makes the index stage when it is asked for, and closes its client at the end."""

    def __init__(self, settings: Settings, stop: asyncio.Event, tell: Teller) -> None:
        self._settings = settings
        self._tell = tell
        self._stop = stop
        self._client: AsyncElasticsearch | None = None

    async def __aenter__(self) -> "_Index":
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._client is not None:
            await self._client.close()

    def stage(self) -> Stage:
        from rasid.stages.index import IndexStage
        from sinks.elastic.bulk import BulkSink
        from sinks.elastic.client import make_client
        from sinks.elastic.templates import set_up

        settings = self._settings
        client = make_client(settings.elasticsearch, settings.elasticsearch_api_key, settings.elasticsearch_ca)
        self._client = client
        sink = BulkSink(client, stop=self._stop, prefix=settings.index_prefix, tell=self._tell)
        prefix = settings.index_prefix
        return IndexStage(sink, prefix, lambda: set_up(client, prefix), clock=time.time, worker=_worker_name())
