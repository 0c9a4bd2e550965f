"""A replay in one process: no server, the same stages."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from rasid.accounting import Tally
from rasid.inprocess import InProcess
from rasid.messages import Outcome
from rasid.outlets import FeedsFile
from rasid.replay.output import Results
from rasid.replay.source import Source
from rasid.settings import Settings
from rasid.stages import Out
from rasid.stages.build import NAMES, make_stage
from rasid.stages.collect import CollectStage
from rasid.topics import INDEXED


async def replay_in_process(
    settings: Settings,
    feeds: FeedsFile,
    source: Source,
    results: Results,
    tally: Tally,
    channels: Sequence[Any],
    advance: Callable[[int], None],
) -> None:
    """Runs every article of the source the whole way; `advance` is told how many have ended."""
    index = CollectStage(results.keep, time.time, "replay")
    stages = [
        make_stage(name, settings, feeds, channels=channels, index=lambda: index, worker="replay") for name in NAMES
    ]

    def count(out: Out) -> None:
        if out.topic == INDEXED and isinstance(out.message, Outcome):
            tally.ended(out.message)

    def bury(_dead: object) -> None:
        tally.dead += 1

    driver = InProcess(stages, watch=count, bury=bury)
    for raw in source.articles:
        tally.published([raw.article_id])
        await driver.publish([raw])
        advance(len(tally.outcomes))
    for alert_id in results.alerts:
        tally.alerts.setdefault(alert_id, time.time())
