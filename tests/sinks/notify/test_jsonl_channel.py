"""The alerts file: whole lines, on the disk, whatever crashed before."""

import asyncio
import errno
import json
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors.sample import sample_alert
from rasid.errors import Retry, Usage
from rasid.messages import Alert
from sinks.notify import jsonl
from sinks.notify.jsonl import JsonLinesChannel, read_alerts

ALERT = sample_alert(1_456_790_400_000)


def numbered(number: int) -> Alert:
    return msgspec.structs.replace(ALERT, alert_id=f"alert-{number}", title_en="line\nbreak")


async def test_one_line_an_alert_which_reads_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "alerts.jsonl"
    for number in range(3):
        await JsonLinesChannel(path).send(numbered(number))
    lines = path.read_bytes().splitlines(keepends=True)
    assert [msgspec.json.decode(line, type=Alert) for line in lines] == [numbered(number) for number in range(3)]
    assert lines[-1].endswith(b"\n")
    assert "سيطر" in path.read_text(encoding="utf-8")


@given(st.integers(0, 10_000))
def test_a_line_cut_by_a_crash_costs_no_other_line(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = tmp_path_factory.mktemp("cut") / "alerts.jsonl"
    line = msgspec.json.encode(numbered(1)) + b"\n"
    path.write_bytes(msgspec.json.encode(numbered(0)) + b"\n" + line[: cut % len(line)])
    asyncio.run(JsonLinesChannel(path).send(numbered(2)))
    assert [row["alert_id"] for row in read_alerts(path)] in (
        ["alert-0", "alert-2"],
        ["alert-0", "alert-1", "alert-2"],  # only the newline was missing
    )


async def test_an_alert_written_twice_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    for number in (0, 1, 0):
        await JsonLinesChannel(path).send(numbered(number))
    assert [row["alert_id"] for row in read_alerts(path)] == ["alert-0", "alert-1"]


async def test_writers_beside_each_other_keep_their_lines_whole(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    await asyncio.gather(*(JsonLinesChannel(path).send(numbered(number)) for number in range(40)))
    assert {json.loads(line)["alert_id"] for line in path.read_bytes().splitlines()} == {
        f"alert-{n}" for n in range(40)
    }


async def test_a_full_disk_is_told_and_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "alerts.jsonl"
    await JsonLinesChannel(path).send(numbered(0))
    before = path.read_bytes()
    real = os.write
    calls: list[int] = []

    def full(descriptor: int, data: bytes) -> int:
        calls.append(len(data))
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data[:100])

    with monkeypatch.context() as patch:
        patch.setattr(jsonl.os, "write", full)
        with pytest.raises(Retry, match=r"the disk with the alerts file .* is full: free some space"):
            await JsonLinesChannel(path).send(numbered(1))
    assert path.read_bytes() == before
    await JsonLinesChannel(path).send(numbered(1))
    assert [row["alert_id"] for row in read_alerts(path)] == ["alert-0", "alert-1"]


async def test_the_line_is_on_the_disk_before_it_counts_as_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_size)
        real(descriptor)

    monkeypatch.setattr(jsonl.os, "fsync", fsync)
    path = tmp_path / "alerts.jsonl"
    await JsonLinesChannel(path).send(ALERT)
    assert synced == [path.stat().st_size]


async def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Retry, match="cannot write the alerts file"):
        await JsonLinesChannel(tmp_path).send(ALERT)
    with pytest.raises(Usage, match="cannot read the alerts file"):
        list(read_alerts(tmp_path))


@pytest.mark.parametrize(
    "line", [b"[]\n", b"3\n", b"{}\n", b'{"alert_id": 3}\n', b"\xff\xfe\n", b"\n", b'{"alert_id": "a"}\n']
)
def test_lines_that_are_no_alerts_are_left_out(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(line + msgspec.json.encode(ALERT) + b"\n")
    rows: list[dict[str, Any]] = list(read_alerts(path))
    assert [row["alert_id"] for row in rows] == [ALERT.alert_id]
