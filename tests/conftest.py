"""Fixtures for all tests."""

import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from rasid import broker
from rasid.localstack import LocalStack, Servers
from rasid.settings import load_settings
from rasid.topics import planned
from tests.servers import new_stack, require, shared_servers

NEED_SERVERS = {"servers", "own_stack"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs real servers, so that `-m "not servers"` leaves it out."""
    for item in items:
        if NEED_SERVERS.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.servers)


@pytest.fixture(scope="session")
def eval_data() -> Path:
    """The folder of the evaluation data (RASID_EVAL_DATA); tests that need it skip where it is absent."""
    folder = load_settings().eval_data
    if not (folder / "gold").is_dir():
        pytest.skip(f"no evaluation data at {folder} (RASID_EVAL_DATA names it)")
    return folder


@pytest.fixture(scope="session")
def servers(worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """A real Kafka and a real Elasticsearch, started once for the whole test run; do not break them (own_stack)."""
    require()
    worker = worker_id != "master"
    common = tmp_path_factory.getbasetemp().parent if worker else tmp_path_factory.getbasetemp()
    with shared_servers(worker, common) as found:
        yield found


@pytest.fixture
def own_stack() -> Iterator[Callable[..., LocalStack]]:
    """Makes stacks of this test alone, to be broken: `own_stack(elasticsearch=False)` is a started LocalStack."""
    require()
    stacks: list[LocalStack] = []

    def make(kafka: bool = True, elasticsearch: bool = True) -> LocalStack:
        stack = new_stack(f"own-{os.getpid()}-{uuid.uuid4().hex[:8]}", kafka=kafka, elasticsearch=elasticsearch)
        stacks.append(stack)
        stack.start()
        return stack

    yield make
    for stack in stacks:
        stack.stop()


@pytest.fixture
def topic_prefix() -> str:
    """A prefix for topics and groups that no other test has."""
    return f"t{uuid.uuid4().hex[:12]}."


@pytest.fixture
def index_prefix() -> str:
    """A first part of index names that no other test has."""
    return f"t{uuid.uuid4().hex[:12]}"


@pytest_asyncio.fixture
async def kafka_topics(servers: Servers, topic_prefix: str) -> AsyncIterator[Callable[..., Awaitable[str]]]:
    """Makes all topics under the test's prefix and gives the prefix: `await kafka_topics(2)` with 2 partitions each,
    without a number with the counts of the table. They are deleted after the test.
    """

    async def make(partitions: int = 0) -> str:
        await broker.ensure_topics(servers.kafka, topic_prefix, topics=planned(partitions))
        return topic_prefix

    yield make
    await broker.delete_topics(servers.kafka, topic_prefix)
