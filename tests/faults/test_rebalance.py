"""Workers of the same stages join and leave in mid-stream: every decision is the same as without any of it.

docs/decisions/0003, point 5, is the assembly that this proves: the memory of dedupe, ledger and notify belongs to
partitions, is dropped when they are revoked and rebuilt from the state topic by their next owner.
"""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ingest.files import raw_of_row
from processors.ledger import apply
from rasid import broker, outlets
from rasid.accounting import Tally
from rasid.inprocess import InProcess
from rasid.kafka.observer import Observer
from rasid.localstack import Servers
from rasid.messages import Change, CheckedArticle, Claim, Notification, Outcome, PlaceState, RawArticle
from rasid.replay.output import Results
from rasid.replay.servers import DRAINS
from rasid.settings import Settings, load_settings
from rasid.stages import Out
from rasid.stages.build import NAMES, make_stage
from rasid.stages.collect import CollectStage
from rasid.topics import CHANGES, CHECKED, CLAIMS, DEAD, ENRICHED, INDEXED, NOTIFICATIONS, PLACES, RAW, TEXT
from sinks.notify.terminal import TerminalChannel
from tests.faults.conftest import Start
from tests.faults.support import PATIENCE, Command, messages, publish, records, until
from tests.texts import rows

COUNT = 1500
PER_SECOND = 60
CHUNK = 20
PARTITIONS = 4


INPUTS = {
    "text": (RAW,), "dedupe": (TEXT,), "extract": (CHECKED,), "ledger": (CLAIMS,), "notify": (CHANGES,),
    "index": (ENRICHED, CHANGES, PLACES, NOTIFICATIONS),
}  # fmt: skip


@dataclass
class Expected:
    """What comes out in one process, in order."""

    results: Results = field(default_factory=lambda: Results({}))
    places: dict[str, PlaceState] = field(default_factory=dict)


async def _in_process(settings: Settings, articles: Sequence[RawArticle]) -> Expected:
    expected = Expected()

    def watch(out: Out) -> None:
        if out.topic == PLACES and isinstance(out.message, PlaceState):
            expected.places[out.key] = out.message

    feeds = outlets.load(outlets.default_path())
    index = CollectStage(expected.results.keep, time.time)
    channels = [TerminalChannel(lambda _text: None)]
    stages = [make_stage(name, settings, feeds, channels=channels, index=lambda: index) for name in NAMES]
    await InProcess(stages, watch=watch).publish(articles)
    return expected


def _ledger(claims: Sequence[Claim]) -> Expected:
    """What the ledger makes of the claims in the order in which they stand on the topic.

    That order depends on which of two articles was extracted first, and the changes that are told depend on it; the
    states at the end do not.
    """
    told = Expected()
    for claim in claims:
        told.places[claim.place.place_id], changes = apply(told.places.get(claim.place.place_id), claim)
        for change in changes:
            told.results.keep(change)
    return told


@dataclass
class Stream:
    """The stream and the workers that come and go."""

    settings: Settings
    start: Start
    tally: Tally
    articles: list[RawArticle]
    events: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    async def flow(self) -> None:
        """Publishes all articles at a steady pace, so that records are under way whenever a worker comes or goes."""
        for first in range(0, len(self.articles), CHUNK):
            chunk = self.articles[first : first + CHUNK]
            await publish(self.settings.kafka, self.settings.topic_prefix, chunk)
            self.tally.published(one.article_id for one in chunk)
            await asyncio.sleep(CHUNK / PER_SECOND)

    async def worker(self, name: str) -> Command:
        """A worker with all stages, once it consumes."""
        settings = self.settings
        worker = self.start(
            "work",
            RASID_KAFKA=settings.kafka,
            RASID_ELASTICSEARCH=settings.elasticsearch,
            RASID_TOPIC_PREFIX=settings.topic_prefix,
            RASID_INDEX_PREFIX=settings.index_prefix,
            RASID_PARTITIONS=str(PARTITIONS),
            RASID_ALERTS_FILE="none",
            RASID_ALERT_MAX_AGE_HOURS=str(settings.alert_max_age_hours),
            RASID_PARENT=str(os.getpid()),
        )
        await asyncio.to_thread(worker.ready)
        self.note(f"{name} consumes")
        return worker

    async def more(self, count: int) -> None:
        """Waits until so many more articles have an outcome than now."""
        await self.ended(min(COUNT, len(self.tally.outcomes) + count))

    async def ended(self, count: int) -> None:
        """Waits until so many articles have an outcome."""

        async def enough() -> bool:
            return len(self.tally.outcomes) >= count

        await until(enough, f"{count} articles have an outcome ({len(self.tally.outcomes)} have)", 2 * PATIENCE)

    def note(self, what: str) -> None:
        """For the report of the test."""
        self.events.append(f"{time.monotonic() - self.began:6.1f} s  {len(self.tally.outcomes):5} ended  {what}")


async def _lags(settings: Settings) -> list[str]:
    """How far each stage is behind on each of its topics, for the report of the test."""
    prefix, told = settings.topic_prefix, []
    for stage, topics in INPUTS.items():
        for topic in topics:
            lag = await broker.group_lag(settings.kafka, f"{prefix}rasid-{stage}", prefix + topic.name)
            told.append(f"lag of {stage} on {topic.name}: {lag}")
    return told


async def _missing(settings: Settings) -> list[str]:
    """Articles that stand before a stage and not behind it, with their partitions and offsets."""
    way = (RAW, TEXT, CHECKED, ENRICHED, INDEXED)
    found = [await records(settings.kafka, settings.topic_prefix, topic) for topic in way]
    told = []
    for number, topic in enumerate(way[:-1]):
        behind = {record.key for record in found[number + 1]}
        lost = [(record.partition, record.offset) for record in found[number] if record.key not in behind]
        told.append(f"missing behind {topic.name}: {len(lost)} {lost[:3]} … {lost[-1:]}")
    return told


async def _drained(settings: Settings) -> None:
    async def empty() -> bool:
        lags = [
            await broker.group_lag(
                settings.kafka, f"{settings.topic_prefix}rasid-{stage}", settings.topic_prefix + topic.name
            )
            for stage, topic in DRAINS
        ]
        return not any(lags)

    await until(empty, "everything is read", 2 * PATIENCE)


def _essence(state: PlaceState) -> tuple[Any, ...]:
    """What a place state says; which of two reports of the same minute came first is left to chance."""
    return state.holder, state.standing, state.since, sorted(claim.claim_id for claim in state.claims)


@pytest.mark.timeout(600)
async def test_workers_that_join_and_leave_change_no_decision(
    servers: Servers,
    kafka_topics: Callable[..., Awaitable[str]],
    index_prefix: str,
    start: Start,
    tmp_path: Path,
) -> None:
    settings = load_settings(
        kafka=servers.kafka,
        elasticsearch=servers.elasticsearch,
        topic_prefix=await kafka_topics(PARTITIONS),
        index_prefix=index_prefix,
        partitions=PARTITIONS,
        cache=tmp_path,
        data=tmp_path,
        alerts_file="none",
        alert_max_age_hours=1e9,
    )
    articles = [raw_of_row(row) for row in rows(COUNT)]
    expected = await _in_process(settings, articles)
    tally = Tally("servers", time.time())
    observer = Observer(broker.kafka_options(settings), settings.topic_prefix, tally)
    await observer.start()
    watching = asyncio.create_task(observer.run())
    stream = Stream(settings, start, tally, articles)
    try:
        await _schedule(stream)
        await _drained(settings)
    finally:
        print(*stream.events, *await _lags(settings), *await _missing(settings), sep="\n")
        assert not watching.done(), watching
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    await _compare(settings, articles, expected)


async def _schedule(stream: Stream) -> None:
    """A starts, B joins, A is killed, C joins, B leaves; articles come all the while."""
    first = await stream.worker("A")
    flowing = asyncio.create_task(stream.flow())
    try:
        await stream.ended(50)
        second = await stream.worker("B")
        await stream.more(100)
        first.signal(signal.SIGKILL)
        stream.note("A is killed")
        third = await stream.worker("C")
        await stream.more(100)
        second.signal(signal.SIGTERM)
        assert await asyncio.to_thread(second.ended) == 0, second.told()
        stream.note("B has left")
        await flowing
        await stream.ended(COUNT)
        stream.note("all have ended")
        assert third.process.poll() is None, third.told()
    finally:
        flowing.cancel()


async def _compare(settings: Settings, articles: Sequence[RawArticle], expected: Expected) -> None:
    kafka, prefix = settings.kafka, settings.topic_prefix
    assert not await records(kafka, prefix, DEAD)
    outcomes = await messages(kafka, prefix, INDEXED, Outcome)
    assert {one.article_id for one in outcomes} == {one.article_id for one in articles}
    said = {(one.article_id, one.status, one.verdict, one.cluster) for one in outcomes}
    assert len(said) == len(articles), "one outcome each: those that were written twice say the same"
    print(f"{len(outcomes) - len(articles)} outcomes were written twice and say the same")

    checked = await messages(kafka, prefix, CHECKED, CheckedArticle)
    verdicts = {one.article.article_id: one.verdict for one in checked}
    assert len({(one.article.article_id, one.verdict) for one in checked}) == len(articles), "one verdict each"
    assert verdicts == {key: one.verdict for key, one in expected.results.articles.items()}

    places = {one.place.place_id: one for one in await messages(kafka, prefix, PLACES, PlaceState)}
    assert {key: _essence(one) for key, one in places.items()} == {
        key: _essence(one) for key, one in expected.places.items()
    }

    told = _ledger(await messages(kafka, prefix, CLAIMS, Claim))
    assert places == told.places, "no state was overwritten by a former owner or begun anew"
    changes = {one.change_id for one in await messages(kafka, prefix, CHANGES, Change)}
    assert changes == set(told.results.changes)
    notes = await messages(kafka, prefix, NOTIFICATIONS, Notification)
    sent = Counter(note.alert.alert_id for note in notes if note.state == "sent")
    assert {note.alert.change.change_id for note in notes} <= changes
    assert set(sent) == {note.alert.alert_id for note in notes}, "every alert that was begun was sent"
    twice = sum(count - 1 for count in sent.values())
    print(f"{len(changes)} changes, {len(sent)} alerts of which {twice} were sent once more")
