"""`rasid up` without servers: the same stages, records handed over in memory."""

import asyncio
import time

from ingest.state import MemoryStore
from rasid.children import Teller
from rasid.inprocess import InProcess
from rasid.messages import Change, EnrichedArticle, Notification, Outcome, RawArticle
from rasid.outlets import FeedsFile
from rasid.stages import Dead, Out, Stage
from rasid.stages.build import NAMES, make_channels, make_stage
from rasid.stages.collect import CollectStage
from rasid.topics import INDEXED, NOTIFICATIONS, RAW
from rasid.up.poller import make_poller
from rasid.up.run import Run


async def run_in_process(run: Run) -> None:
    """Polls and runs all stages until the run ends."""
    feeds = await run.open_feeds()
    driver = InProcess(
        make_stages(run, feeds),
        watch=lambda out: _count(run, out),
        bury=lambda dead: _bury(run, dead),
        tell=Teller(run.display.say),
        stop=run.stop,
    )
    async with make_poller(run, feeds, driver, MemoryStore()) as poller:
        polling = asyncio.create_task(poller.run(run.stop))
        try:
            ending = asyncio.create_task(run.until_end())
            await asyncio.wait({polling, ending}, return_when=asyncio.FIRST_COMPLETED)
            run.stop.set()
            await ending
        finally:
            await polling


def make_stages(run: Run, feeds: FeedsFile) -> list[Stage]:
    """All stages; what would be indexed is counted only."""
    channels = make_channels(run.settings, run.display.say)
    index = CollectStage(_keep_nothing, time.time, "in-process")
    return [
        make_stage(name, run.settings, feeds, channels=channels, index=lambda: index, worker="in-process")
        for name in NAMES
    ]


def _keep_nothing(_message: EnrichedArticle | Change | Notification) -> None:
    return


def _bury(run: Run, dead: Dead) -> None:
    run.tally.dead += 1
    run.display.say(f"rasid: dead letter: {dead.reason}")


def _count(run: Run, out: Out) -> None:
    message = out.message
    if out.topic == RAW and isinstance(message, RawArticle):
        run.tally.published([message.article_id])
    elif out.topic == INDEXED and isinstance(message, Outcome):
        run.tally.ended(message)
        run.on_outcome(message)
    elif out.topic == NOTIFICATIONS and isinstance(message, Notification):
        run.tally.notified(message)
        run.on_alert(message)
