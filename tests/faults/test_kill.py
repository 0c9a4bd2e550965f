"""Workers that are killed in mid-stream: nothing is missing, nothing stands twice, and every verdict is the same."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from rasid import outlets
from rasid.accounting import Tally
from rasid.localstack import Servers
from rasid.replay.inprocess import replay_in_process
from rasid.replay.output import Results
from rasid.replay.servers import replay_on_servers
from rasid.replay.source import Source, read_source
from rasid.settings import Settings, load_settings
from sinks.elastic.client import make_client
from sinks.notify.terminal import TerminalChannel
from tests.files import write_jsonl
from tests.texts import rows

COUNT = 600


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return read_source(str(write_jsonl(tmp_path / "in.jsonl", rows(COUNT))), True, print)


@pytest.fixture
def settings(servers: Servers, index_prefix: str, tmp_path: Path) -> Settings:
    return load_settings(
        kafka=servers.kafka,
        elasticsearch=servers.elasticsearch,
        index_prefix=index_prefix,
        cache=tmp_path,
        data=tmp_path,
        alerts_file="none",
        alert_max_age_hours=1e9,
        feeds=str(outlets.default_path()),
    )


def _worker_pids(stages: str) -> list[int]:
    """Our own worker processes that run these stages."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if f"rasid work --stages {stages}" in command and parent == os.getpid():
            found.append(int(entry.name))
    return found


def _killer(thresholds: dict[int, tuple[str, ...]]) -> Callable[[int], None]:
    """Kills the workers of some stages when so many articles have come to their end."""
    waiting = dict(thresholds)

    def advance(done: int) -> None:
        for threshold, workers in list(waiting.items()):
            pids = [pid for stages in workers for pid in _worker_pids(stages)] if done >= threshold else []
            if len(pids) == len(workers):
                del waiting[threshold]
                for pid in pids:
                    os.kill(pid, signal.SIGKILL)

    advance.waiting = waiting  # type: ignore[attr-defined]
    return advance


@pytest.mark.servers
@pytest.mark.timeout(300)
async def test_killed_workers_lose_nothing_and_double_nothing(source: Source, settings: Settings) -> None:
    feeds = outlets.load(outlets.default_path())
    expected, tally = Results(source.doc_ids), Tally("in-process", time.time())
    await replay_in_process(settings, feeds, source, expected, tally, [TerminalChannel(print)], lambda _done: None)

    got, tally = Results(source.doc_ids), Tally("servers", time.time())
    advance = _killer({COUNT // 5: ("text", "extract"), COUNT // 2: ("extract", "index")})
    await replay_on_servers(settings, source, got, tally, print, advance)

    assert advance.waiting == {}, "every kill took place"  # type: ignore[attr-defined]
    assert tally.balance().holds
    assert (tally.balance().waiting, tally.balance().dead) == (0, 0)
    verdicts = {key: one.verdict for key, one in expected.articles.items()}
    assert {key: one.verdict for key, one in got.articles.items()} == verdicts
    assert sorted(got.changes) == sorted(expected.changes)
    assert sorted(got.alerts) == sorted(expected.alerts)
    client = make_client(settings.elasticsearch)
    try:
        await client.indices.refresh(index=f"{settings.index_prefix}-articles*")
        count = await client.count(index=f"{settings.index_prefix}-articles*")
    finally:
        await client.close()
    assert count["count"] == len(source.doc_ids)
