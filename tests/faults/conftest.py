"""Fixtures of the tests of faults."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.faults.support import Command

Start = Callable[..., Command]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a command: `start("work", "--stages", "text", RASID_KAFKA="…")`; whatever is left is killed at the end.

    Cache, data and alerts file are the test's own.
    """
    running: list[Command] = []

    def make(*arguments: str, **environ: str) -> Command:
        own: Mapping[str, str] = {"RASID_CACHE": str(tmp_path), "RASID_DATA": str(tmp_path), "RASID_LOG_FORMAT": "json"}
        command = Command(tmp_path, arguments, {**own, **environ})
        running.append(command)
        return command

    yield make
    for command in running:
        command.kill()
