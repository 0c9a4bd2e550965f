"""The local stack with the real servers."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
import uuid
from pathlib import Path

import pytest

from rasid import broker, topics
from rasid.errors import Fatal
from rasid.localstack import LocalStack, elasticsearch, kafka, running
from rasid.localstack.place import cache_folder
from tests.localstack.waiting import until
from tests.servers import require, stack_settings

PARENT = """
import sys, time
from tests.servers import new_stack
stack = new_stack(sys.argv[1])
stack.start()
print(stack.folder, flush=True)
time.sleep(600)
"""


@pytest.fixture
def kept():
    """Makes Kafkas whose data stays between their runs, and removes it after the test."""
    require()
    name = f"kept{uuid.uuid4().hex[:8]}"
    made: list[LocalStack] = []

    def make(fresh: bool = False) -> LocalStack:
        made.append(LocalStack(stack_settings(), name, fresh=fresh, elasticsearch=False))
        made[-1].start()
        return made[-1]

    yield make
    for stack in made:
        stack.stop()
    shutil.rmtree(cache_folder(stack_settings()) / "stacks" / name)


def processes_of(folder: str) -> list[str]:
    """Command lines of all living processes that name this folder, or work in it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            where = str((entry / "cwd").readlink())
        except OSError:
            continue
        if folder in command or where.startswith(folder):
            found.append(command)
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.servers
def test_both_servers_are_gone_after_their_parent_was_killed():
    require()
    name = f"killed-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, name], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    with parent:
        folder = ""
        while f"/{name}" not in folder:
            folder = parent.stdout.readline()
            assert folder, "the parent ended before its servers had started"
        folder = folder.strip()
        assert len([line for line in processes_of(folder) if "/bin/java" in line and "guard.py" not in line]) == 3
        parent.kill()
    until(lambda: not processes_of(folder), "all processes gone")
    until(lambda: not Path(folder).exists(), "the data gone")


async def test_servers_that_were_killed_come_back_at_the_same_address_with_their_data(own_stack):
    stack = own_stack()
    before = stack.servers
    await broker.ensure_topics(before.kafka, "mine.", topics=[topics.DEAD])
    put(f"{before.elasticsearch}/places/_doc/1?refresh=true", {"name": "حلب"})
    stack.kill_kafka()
    stack.kill_elasticsearch()
    assert not kafka.answers(before.kafka)
    assert not elasticsearch.answers(before.elasticsearch)
    stack.start_elasticsearch()
    stack.start_kafka()
    assert stack.servers == before
    assert await broker.end_offsets(before.kafka, "mine.dlq") == {0: 0}
    until(lambda: get(f"{before.elasticsearch}/places/_doc/1")["_source"] == {"name": "حلب"}, "the document back")


@pytest.mark.servers
def test_an_elasticsearch_that_cannot_start_shows_its_name_and_its_log():
    require()
    settings = stack_settings().model_copy(update={"local_elasticsearch_heap": "1k"})
    stack = LocalStack(settings, f"own-{uuid.uuid4().hex[:8]}", kafka=False, throwaway=True)
    with pytest.raises(Fatal, match=r"(?s)the local Elasticsearch ended at its start.*elasticsearch\.log.*heap"):
        stack.start()


@pytest.mark.servers
async def test_data_stays_between_runs_on_other_ports_too_and_fresh_clears_it(kept):
    first = kept()
    address = first.servers.kafka
    await broker.ensure_topics(address, topics=[topics.DEAD])
    name = first.folder.name
    assert running(stack_settings(), name) == first.servers
    first.stop()
    assert running(stack_settings(), name) is None
    with socket.create_server(("127.0.0.1", int(address.split(":")[1]))):
        second = kept()
        assert second.servers.kafka != address
        assert await broker.end_offsets(second.servers.kafka, "dlq") == {0: 0}
        second.stop()
    third = kept(fresh=True)
    assert await broker.end_offsets(third.servers.kafka, "dlq") == {}
    third.stop()


@pytest.mark.servers
def test_a_stop_while_it_starts_ends_everything():
    """Ctrl-C in the first seconds: `up` starts the stack in a thread and stops it from another."""
    require()
    said: list[str] = []
    stack = LocalStack(stack_settings(), f"own-{os.getpid()}-{uuid.uuid4().hex[:8]}", say=said.append, throwaway=True)
    failed: list[BaseException] = []

    def start() -> None:
        try:
            stack.start()
        except Fatal as error:
            failed.append(error)

    starting = threading.Thread(target=start)
    starting.start()
    until(lambda: any("Kafka answers" in line for line in said), "Kafka there, Elasticsearch not yet")
    folder = stack.folder
    stack.stop()
    starting.join(60)
    assert not starting.is_alive()
    assert len(failed) == 1
    assert not folder.exists()


def put(url: str, document: dict[str, str]) -> None:
    request = urllib.request.Request(
        url, json.dumps(document).encode(), {"Content-Type": "application/json"}, method="PUT"
    )
    urllib.request.urlopen(request, timeout=60).close()


def get(url: str) -> dict[str, object]:
    try:
        with urllib.request.urlopen(url, timeout=60) as reply:
            return json.load(reply)
    except OSError:
        return {"_source": None}
