"""What a person at the screen hears of troubles, and what stays in the log."""

import asyncio
import io
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rasid.children import STOPS, Teller
from rasid.errors import Fatal
from rasid.logs import Noise
from rasid.up import servers, supervisor
from rasid.up.supervisor import Worker


def test_a_trouble_is_told_once_a_minute() -> None:
    now, lines = [0.0], list[str]()
    tell = Teller(lines.append, clock=lambda: now[0])
    for at, sentence in [(0, "a"), (1, "a"), (2, "b"), (59, "a"), (61, "a"), (61, "a")]:
        now[0] = at
        tell(sentence)
    assert lines == ["rasid: a", "rasid: b", "rasid: a"]


def test_troubles_of_one_kind_are_one_trouble() -> None:
    lines: list[str] = []
    tell = Teller(lines.append, clock=lambda: 0.0)
    tell("record 1 is bad", "dead text")
    tell("record 2 is bad", "dead text")
    assert lines == ["rasid: record 1 is bad"]


@pytest.fixture
def logged() -> Iterator[Callable[[], str]]:
    """What comes through the filter of the log."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Noise())
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    yield stream.getvalue
    root.handlers[:], root.level = before


def test_a_library_repeats_itself_once_in_ten_seconds_and_we_as_often_as_we_like(logged: Callable[[], str]) -> None:
    for _ in range(5):
        logging.getLogger("aiokafka.conn").error("away: %s", "x")
        logging.getLogger("rasid.stage").error("trying again")
    assert logged().count("away") == 1
    assert logged().count("trying again") == 5


def test_faust_gives_no_traceback_of_our_own_errors(logged: Callable[[], str]) -> None:
    log = logging.getLogger("faust.agents.agent")
    for error in (Fatal("the share is too high"), ValueError("a defect")):
        try:
            raise error
        except Exception:
            log.exception("crashed: %s", type(error).__name__)
    assert "the share is too high" not in logged()
    assert "a defect" in logged()


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Worker]:
    """A worker whose program is a shell script; pauses between starts take no time."""
    monkeypatch.setattr(supervisor, "PAUSES", (0.001, 0.001))

    def make(script: str) -> Worker:
        path = tmp_path / "python"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setattr(supervisor.sys, "executable", str(path))
        return Worker("text", {}, lambda _line: None, tmp_path / "log")

    return make


async def test_a_worker_that_says_why_it_stops_is_not_started_again(worker: Callable[[str], Worker]) -> None:
    one = worker(f"echo '{STOPS}most records are bad'; exit 1")
    restarts: list[str] = []
    one.on_restart = restarts.append
    with pytest.raises(Fatal, match="the worker text stopped: most records are bad"):
        await one.run()
    assert restarts == []


async def test_a_worker_that_has_consumed_is_started_again_for_ever(worker: Callable[[str], Worker]) -> None:
    one = worker("echo 'rasid worker ready'; exit 1")
    enough = asyncio.Event()
    restarts: list[str] = []

    def on_restart(line: str) -> None:
        restarts.append(line)
        if len(restarts) > supervisor.CRASHES_AT_MOST + 2:
            enough.set()

    one.on_restart = on_restart
    running = asyncio.create_task(one.run())
    await asyncio.wait_for(enough.wait(), 30)
    await one.stop()
    await asyncio.wait_for(running, 10)


class FakeStack:
    """Servers that die whenever they are looked at."""

    def __init__(self, deaths: int, starts: Exception | None = None) -> None:
        self.deaths = deaths
        self.starts = starts
        self.started: list[str] = []
        self.quiet = asyncio.Event()

    def dead(self) -> list[str]:
        if len(self.started) < self.deaths:
            return ["kafka"]
        self.quiet.set()
        return []

    def log_of(self, kind: str) -> Path:
        return Path(f"{kind}.log")

    def start_again(self, kind: str) -> None:
        if self.starts is not None:
            raise self.starts
        self.started.append(kind)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "WATCH_SECONDS", 0.0)


async def _keep_alive(stack: Any, lines: list[str]) -> None:
    await asyncio.wait_for(servers.keep_alive(stack, lines.append), 10)


async def test_a_server_that_died_is_started_again_with_a_sentence() -> None:
    stack, lines = FakeStack(deaths=2), list[str]()
    watching = asyncio.create_task(_keep_alive(stack, lines))
    await asyncio.wait_for(stack.quiet.wait(), 10)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert stack.started == ["kafka", "kafka"]
    assert len(lines) == 2
    assert lines[0].startswith("the local Kafka has died and is started again with its data; nothing is lost")


async def test_a_server_that_dies_again_and_again_is_given_up() -> None:
    stack = FakeStack(deaths=1000)
    with pytest.raises(Fatal, match=r"the local Kafka ends again and again: see its log kafka\.log"):
        await _keep_alive(stack, [])
    assert len(stack.started) == servers.RESTARTS[0]


async def test_a_server_that_does_not_start_again_ends_the_run() -> None:
    with pytest.raises(Fatal, match="its log says"):
        await _keep_alive(FakeStack(1, Fatal("the local Kafka ended; its log says why")), [])
