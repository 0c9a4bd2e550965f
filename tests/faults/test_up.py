"""`rasid up --sample` while things die or a person ends it: a sentence, the balance, and no process left behind."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from rasid.localstack import Servers
from rasid.up.servers import WORKERS
from tests.faults.conftest import Start
from tests.faults.support import Command, Found, all_gone, descendants
from tests.servers import require

SEEN = 83
"""Articles of the sample."""


def _balance(path: Path) -> dict[str, Any]:
    """The summary, in which all that was seen is accounted for."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert found["seen"] == found["indexed"] + found["copies"] + found["rejected"] + found["waiting"]
    return found


def _below(command: Command, *words: str) -> Found | None:
    """A process below the command whose command line has these words."""
    return next((one for one in descendants(command.pid) if all(word in one.command for word in words)), None)


def _wait_for(command: Command, what: str, *words: str, other_than: Found | None = None) -> Found:
    seen: list[Found] = []

    def found() -> bool:
        one = _below(command, *words)
        if one is not None and one != other_than:
            seen.append(one)
        return bool(seen)

    command.until(found, what)
    return seen[0]


KAFKA = ("bin/java", "kafka.Kafka")
ELASTICSEARCH = ("bin/java", "org.elasticsearch.bootstrap.Elasticsearch")
INDEXER = ("work --stages index",)


def _polled(command: Command) -> bool:
    return "the sample newswire plays at" in command.out


@pytest.mark.servers
def test_local_servers_and_workers_that_die_are_started_again(start: Start, tmp_path: Path) -> None:
    require()
    summary = tmp_path / "summary.json"
    run = start("up", "--sample", "--sample-seconds", "45", "--summary", str(summary))
    run.until(lambda: _polled(run), "the sample plays")
    run.until(lambda: "▌" in run.out, "the first alert")
    kafka = _wait_for(run, "Kafka runs", *KAFKA)
    elasticsearch = _wait_for(run, "Elasticsearch runs", *ELASTICSEARCH)
    worker = _wait_for(run, "the indexer runs", *INDEXER)

    os.kill(kafka.pid, signal.SIGKILL)
    _wait_for(run, "Kafka runs again", *KAFKA, other_than=kafka)
    os.kill(elasticsearch.pid, signal.SIGKILL)
    _wait_for(run, "Elasticsearch runs again", *ELASTICSEARCH, other_than=elasticsearch)
    os.kill(worker.pid, signal.SIGKILL)
    _wait_for(run, "the indexer runs again", *INDEXER, other_than=worker)

    assert run.ended(180) == 0, run.told()
    found = _balance(summary)
    assert (found["seen"], found["waiting"], found["dead"], found["mode"]) == (SEEN, 0, 0, "servers"), run.told()
    for name in ("Kafka", "Elasticsearch"):
        assert f"rasid: the local {name} has died and is started again with its data" in run.out
    assert "rasid: the worker index ended with code -9 and is started again" in run.out
    assert "Traceback" not in run.out + run.err


@pytest.mark.servers
def test_ctrl_c_ends_a_run_in_order_with_its_balance(start: Start, tmp_path: Path) -> None:
    require()
    summary = tmp_path / "summary.json"
    run = start("up", "--sample", "--sample-seconds", "20", "--summary", str(summary))
    run.until(lambda: "▌" in run.out, "the first alert")
    below = descendants(run.pid)
    assert len(below) >= len(WORKERS) + 4, "workers, two guards, two servers"
    run.signal(signal.SIGINT)
    assert run.ended() == 0, run.told()
    all_gone(below, 10)
    assert _balance(summary)["seen"] > 0
    assert "articles seen = " in run.out
    assert "Traceback" not in run.out + run.err


@pytest.mark.servers
def test_ctrl_c_while_the_servers_start_leaves_nothing(start: Start) -> None:
    require()
    run = start("up", "--sample")
    _wait_for(run, "Elasticsearch starts", *ELASTICSEARCH)
    below = descendants(run.pid)
    run.signal(signal.SIGINT)
    assert run.ended(60) == 0, run.told()
    all_gone(below, 10)
    assert "Traceback" not in run.out + run.err


def _named(servers: Servers, topic_prefix: str, index_prefix: str) -> dict[str, str]:
    return {
        "RASID_KAFKA": servers.kafka,
        "RASID_ELASTICSEARCH": servers.elasticsearch,
        "RASID_TOPIC_PREFIX": topic_prefix,
        "RASID_INDEX_PREFIX": index_prefix,
    }


def test_sigterm_ends_a_run_on_named_servers(
    servers: Servers, start: Start, topic_prefix: str, index_prefix: str, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.json"
    environ = _named(servers, topic_prefix, index_prefix)
    run = start("up", "--sample", "--sample-seconds", "20", "--summary", str(summary), **environ)
    run.until(lambda: "▌" in run.out, "the first alert")
    below = descendants(run.pid)
    assert len(below) == len(WORKERS)
    run.signal(signal.SIGTERM)
    assert run.ended() == 0, run.told()
    all_gone(below, 10)
    assert _balance(summary)["seen"] > 0


def test_a_second_ctrl_c_ends_a_run_at_once(
    servers: Servers, start: Start, topic_prefix: str, index_prefix: str
) -> None:
    run = start("up", "--sample", "--sample-seconds", "600", **_named(servers, topic_prefix, index_prefix))
    run.until(lambda: _polled(run), "the sample plays")
    below = descendants(run.pid)
    for worker in below:
        os.kill(worker.pid, signal.SIGSTOP)  # so that an end in order would have to wait for them
    run.signal(signal.SIGINT)
    run.until(lambda: "once more ends it at once" in run.out, "it says so")
    run.signal(signal.SIGINT)
    assert run.ended(10) == 130, run.told()
    for worker in below:
        os.kill(worker.pid, signal.SIGCONT)
    all_gone(below, 30)


@pytest.mark.servers
def test_after_a_sigkill_workers_and_servers_are_gone(start: Start) -> None:
    require()
    run = start("up", "--sample", "--sample-seconds", "600")
    run.until(lambda: _polled(run), "the sample plays")
    below = descendants(run.pid)
    assert len(below) >= len(WORKERS) + 4, "workers, two guards, two servers"
    run.signal(signal.SIGKILL)
    all_gone(below, 40)


def test_a_stage_that_cannot_work_ends_the_run_with_its_sentence(
    servers: Servers, start: Start, topic_prefix: str, tmp_path: Path
) -> None:
    """The index stage refuses the prefix: the run ends with 1, and no worker is left."""
    environ = {**_named(servers, topic_prefix, "Größe"), "RASID_LOG": "info"}
    run = start("up", "--sample", "--sample-seconds", "600", **environ)
    below: list[Found] = []

    def seen() -> bool:
        below[:] = descendants(run.pid) or below
        return run.process.poll() is not None

    try:
        run.until(seen, "it ends")
    except AssertionError:
        if run.process.poll() is None:
            raise
    assert run.process.returncode in {1, 2}, run.told()
    assert "RASID_INDEX_PREFIX" in run.err, run.told()
    assert "Traceback" not in run.err
    all_gone(below, 10)
