"""A machine without Java or Maven, and a disk that is full: a sentence, and the work goes on or waits."""

import json
import os
import signal
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from ingest.files import raw_of_row
from rasid.kafka.rebuild import read_topic
from rasid.localstack import Servers
from rasid.messages import Notification, decode
from rasid.topics import NOTIFICATIONS
from tests.faults.conftest import Start
from tests.faults.support import publish, until
from tests.files import read_jsonl
from tests.texts import rows

FULL = Path("/dev/full")
"""A device on which every write fails for want of space (Linux)."""


@pytest.fixture
def open_cache() -> Iterator[str]:
    """A new cache folder that all users can reach, so that it is taken also when the tests run as root."""
    with tempfile.TemporaryDirectory(prefix="rasid-test-") as folder:
        Path(folder).chmod(0o755)
        yield folder


@pytest.mark.parametrize("lack", ["Java", "Maven"])
def test_up_goes_on_in_process_where_something_is_missing(
    lack: str, start: Start, tmp_path: Path, open_cache: str
) -> None:
    summary, empty = tmp_path / "summary.json", tmp_path / "empty"
    empty.mkdir()
    environ = {"Java": {"RASID_JAVA_HOME": str(empty)}, "Maven": {"PATH": str(empty), "RASID_CACHE": open_cache}}
    run = start("up", "--sample", "--sample-seconds", "3", "--summary", str(summary), **environ[lack])
    assert run.ended() == 0, run.told()
    (sentence,) = run.err.splitlines()
    assert sentence.startswith("rasid: ")
    assert lack in sentence
    assert sentence.endswith("Going on in process: nothing is kept or searchable.")
    found = json.loads(summary.read_text(encoding="utf-8"))
    assert found["mode"] == "in-process"
    assert found["seen"] == found["indexed"] + found["copies"] + found["rejected"]
    assert (found["waiting"], found["dead"]) == (0, 0)


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
def test_a_full_disk_under_the_alerts_file_is_told_and_the_run_can_be_ended(start: Start, tmp_path: Path) -> None:
    summary = tmp_path / "summary.json"
    environ = {"RASID_ALERTS_FILE": str(FULL)}
    run = start(
        "up", "--in-process", "--sample", "--sample-seconds", "3", "--summary", str(summary), **environ
    )  # fmt: skip
    sentence = f"rasid: stage notify tries again: the disk with the alerts file {FULL} is full: free some space"
    run.until(lambda: sentence in run.out, "it says what is full")
    assert run.out.count(sentence) == 1
    run.signal(signal.SIGINT)
    assert run.ended(30) == 0, run.told()
    found = json.loads(summary.read_text(encoding="utf-8"))
    assert found["seen"] == found["indexed"] + found["copies"] + found["rejected"] + found["waiting"]


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
async def test_alerts_that_met_a_full_disk_are_written_when_there_is_room(
    servers: Servers, kafka_topics: Callable[..., Awaitable[str]], start: Start, tmp_path: Path
) -> None:
    prefix = await kafka_topics(1)
    await publish(servers.kafka, prefix, [raw_of_row(row) for row in rows(20)])
    environ = {
        "RASID_KAFKA": servers.kafka,
        "RASID_TOPIC_PREFIX": prefix,
        "RASID_PARTITIONS": "1",
        "RASID_ALERT_MAX_AGE_HOURS": "1e9",
        "RASID_PARENT": str(os.getpid()),
    }
    stages = "text,dedupe,extract,ledger,notify"
    worker = start("work", "--stages", stages, **environ, RASID_ALERTS_FILE=str(FULL))
    worker.until(lambda: "is full: free some space" in worker.out, "it says what is full")
    worker.signal(signal.SIGTERM)
    assert worker.ended() == 0, worker.told()

    path = tmp_path / "alerts.jsonl"
    worker = start("work", "--stages", stages, **environ, RASID_ALERTS_FILE=str(path))

    async def settled() -> bool:
        """Every alert that was begun has been sent on both channels, and there are some."""
        assert worker.process.poll() is None, worker.told()
        states: dict[tuple[str, str], str] = {}
        async for record in read_topic({"bootstrap_servers": servers.kafka}, prefix + NOTIFICATIONS.name):
            note = decode(record.value, Notification)
            states[note.alert.alert_id, note.channel] = note.state
        return len(states) > 1 and set(states.values()) == {"sent"} and {c for _, c in states} == {"file", "terminal"}

    await until(settled, "the alerts are sent")
    rows_written = read_jsonl(path)
    assert rows_written
    assert len({row["alert_id"] for row in rows_written}) == len(rows_written), "each of them once"
