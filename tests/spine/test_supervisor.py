"""Workers are started again when they end, given up when they crash in a row, and stopped in order."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from rasid.errors import Fatal
from rasid.up import supervisor
from rasid.up.supervisor import Worker


@pytest.fixture
def fake_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program in the place of Python, to be written by the test."""
    path = tmp_path / "python"
    monkeypatch.setattr(sys, "executable", str(path))
    return path


def _program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


async def test_a_worker_that_crashes_in_a_row_is_given_up_with_the_end_of_its_log(
    fake_python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "CRASHES_AT_MOST", 2)
    _program(fake_python, "echo 'no Kafka answers' >&2; exit 1")
    restarts: list[str] = []
    worker = Worker("text", {}, lambda _line: None, tmp_path / "log", on_restart=restarts.append)
    with pytest.raises(Fatal, match="no Kafka answers"):
        await worker.run()
    assert len(restarts) == 1


async def test_lines_of_a_worker_are_passed_on_and_it_stops_on_sigterm(fake_python: Path, tmp_path: Path) -> None:
    _program(fake_python, "echo 'سطر'; exec sleep 60")
    got = asyncio.Event()
    lines: list[str] = []

    def on_line(line: str) -> None:
        lines.append(line)
        got.set()

    worker = Worker("text", dict(os.environ), on_line, tmp_path / "log")
    running = asyncio.create_task(worker.run())
    await asyncio.wait_for(got.wait(), 10)
    await worker.stop()
    await asyncio.wait_for(running, 10)
    assert lines == ["سطر"]
