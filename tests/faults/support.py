"""Commands of Rasid as processes that a test starts, watches and breaks; records of Kafka; processes and their children."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer, ConsumerRecord

from rasid.children import READY
from rasid.kafka.rebuild import read_topic
from rasid.messages import Outcome, RawArticle, decode, encode
from rasid.topics import INDEXED, RAW, Topic

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0
"""Seconds that a condition may take on a very busy machine: a bound, not an expectation."""


class Command:
    """`python -m rasid …` with its output in files. Killed at the end of the test, if it is still there.

    Args:
        environ: put over the environment of the test; of that no RASID_* is handed on.
    """

    def __init__(self, folder: Path, arguments: Sequence[str], environ: Mapping[str, str]) -> None:
        name = uuid.uuid4().hex[:8]
        self.out_path, self.err_path = folder / f"{name}.out", folder / f"{name}.err"
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("RASID_")}
        with self.out_path.open("wb") as out, self.err_path.open("wb") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "rasid", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=folder,  # no .env of the checkout
                env={**inherited, "PYTHONUNBUFFERED": "1", **environ},
                start_new_session=True,
            )
        self.pid = self.process.pid

    @property
    def out(self) -> str:
        """What it has printed by now."""
        return self.out_path.read_text(encoding="utf-8", errors="replace")

    @property
    def err(self) -> str:
        """What it has written to stderr by now."""
        return self.err_path.read_text(encoding="utf-8", errors="replace")

    def told(self) -> str:
        """All of it, for messages of a failing test."""
        return f"exit code {self.process.poll()}\n--- stdout\n{self.out[-6000:]}\n--- stderr\n{self.err[-6000:]}"

    def until(self, condition: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
        """Returns when the condition holds; fails when the command has ended before, or after `seconds`."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, f"it ended before: {what}\n{self.told()}"
            assert time.monotonic() < deadline, f"after {seconds:.0f} s not: {what}\n{self.told()}"
            time.sleep(0.05)

    def ready(self) -> None:
        """Returns when a worker consumes (it is started with RASID_PARENT, as `up` does)."""
        self.until(lambda: READY in self.out, "the worker consumes")

    def ended(self, seconds: float = PATIENCE) -> int:
        """Its exit code; fails when it does not end in time."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it runs on after {seconds:.0f} s\n{self.told()}") from None

    def signal(self, number: signal.Signals) -> None:
        """Sends it a signal."""
        self.process.send_signal(number)

    def kill(self) -> None:
        """Kills it, if it is there."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


async def until(condition: Callable[[], Awaitable[bool]], what: str, seconds: float = PATIENCE) -> None:
    """Waits for an asynchronous condition; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline, f"after {seconds:.0f} s not: {what}"
        await asyncio.sleep(0.2)


# Processes


@dataclass(frozen=True)
class Found:
    """A process as it was seen."""

    pid: int
    began: str
    """Start time as /proc tells it: a number may be given to another process later."""
    command: str

    def lives(self) -> bool:
        """Whether it is there still (a zombie is not)."""
        stat = _stat(self.pid)
        return stat is not None and stat[0] != "Z" and stat[19] == self.began


def descendants(pid: int) -> list[Found]:
    """All processes below one, with their commands."""
    children: dict[int, list[Found]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))) is not None:
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
            except OSError:
                continue
            children.setdefault(int(stat[1]), []).append(Found(int(entry.name), stat[19], command))
    found: list[Found] = []
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += [one.pid for one in below]
    return found


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat from the state on: state, parent, … start time (19)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None


def all_gone(processes: Iterable[Found], seconds: float = PATIENCE) -> None:
    """Fails when one of the processes is there after `seconds`."""
    deadline = time.monotonic() + seconds
    left = list(processes)
    while left:
        left = [one for one in left if one.lives()]
        assert not left or time.monotonic() < deadline, f"still there after {seconds:.0f} s: {left}"
        time.sleep(0.05)


# Records


async def produce(
    bootstrap: str, prefix: str, topic: Topic, values: Iterable[tuple[str, bytes]], partition: int | None = None
) -> None:
    """Puts records on a topic and waits until the broker has them."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        waiting = [
            await producer.send(prefix + topic.name, value, key=key.encode(), partition=partition)
            for key, value in values
        ]
        await asyncio.gather(*waiting)
    finally:
        await producer.stop()


def raw_values(articles: Iterable[RawArticle]) -> list[tuple[str, bytes]]:
    """Raw articles as records."""
    return [(article.article_id, encode(article)) for article in articles]


async def publish(bootstrap: str, prefix: str, articles: Iterable[RawArticle]) -> None:
    """Raw articles onto articles.raw, all in one partition, so that there is one order."""
    await produce(bootstrap, prefix, RAW, raw_values(articles), partition=0)


async def records(bootstrap: str, prefix: str, topic: Topic) -> list[ConsumerRecord]:
    """All that stands on a topic."""
    return [record async for record in read_topic({"bootstrap_servers": bootstrap}, prefix + topic.name)]


async def messages(bootstrap: str, prefix: str, topic: Topic, kind: type) -> list[Any]:
    """All that stands on a topic, decoded."""
    return [decode(record.value, kind) for record in await records(bootstrap, prefix, topic)]


async def ended_articles(bootstrap: str, prefix: str) -> Counter[str]:
    """How many outcomes each article has."""
    return Counter(one.article_id for one in await messages(bootstrap, prefix, INDEXED, Outcome))
