"""The real servers for tests: one stack a test run, however many pytest workers there are."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import pytest

from rasid.localstack import LocalStack, Servers, missing
from rasid.settings import Settings, load_settings

_kept: list[LocalStack] = []
"""The stack that this worker started for all: never stopped from here, and so never to be collected."""


def stack_settings() -> Settings:
    """Settings for stacks of tests; servers that RASID_KAFKA or RASID_ELASTICSEARCH name are never used for tests."""
    return load_settings(kafka="", elasticsearch="")


def require() -> None:
    """Skips where Java or Maven is absent; with RASID_REQUIRE_SERVERS=1 (CI) that is a failure."""
    sentence = missing(stack_settings())
    if not sentence:
        return
    if os.environ.get("RASID_REQUIRE_SERVERS", "") not in ("", "0"):
        pytest.fail(f"RASID_REQUIRE_SERVERS is set and the servers cannot be started: {sentence}")
    pytest.skip(f"no real servers for this test: {sentence}")


def new_stack(name: str, owner: int | None = None, kafka: bool = True, elasticsearch: bool = True) -> LocalStack:
    """A stack of its own that leaves nothing behind."""
    return LocalStack(
        stack_settings(), name, kafka=kafka, elasticsearch=elasticsearch, say=print, throwaway=True, owner=owner
    )


@contextmanager
def shared_servers(worker: bool, common: Path) -> Iterator[Servers]:
    """The servers of this test run.

    Args:
        worker: whether this process is one of several pytest-xdist workers. Then the first one starts the stack for
            all, and it ends with the process that started the workers, whichever of them ends first or crashes.
        common: folder that all workers of this run share, and no other run.
    """
    if not worker:
        with new_stack(f"tests-{os.getpid()}") as stack:
            yield stack.servers
        return
    told = common / "rasid-servers.json"
    with (common / "rasid-servers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            stack = new_stack(f"tests-{os.getppid()}", owner=os.getppid())
            told.write_text(json.dumps(asdict(stack.start())), encoding="utf-8")
            _kept.append(stack)
    yield Servers(**json.loads(told.read_text(encoding="utf-8")))
