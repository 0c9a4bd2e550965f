"""Alerts as JSON Lines in a file: whole lines only, safely on the disk before the alert counts as sent."""

import asyncio
import contextlib
import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from rasid.errors import Retry, Usage
from rasid.messages import Alert


class JsonLinesChannel:
    """Appends one line per alert; several processes may append to one file.

    Args:
        path: the file; its folder is made where it is missing.
    """

    name = "file"

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, alert: Alert) -> None:
        """Appends the alert and waits for the disk.

        Raises:
            Retry: the disk is full or the file cannot be written; what was written of the line is taken off again.
        """
        line = msgspec.json.encode(alert) + b"\n"
        try:
            await asyncio.to_thread(_append, self._path, line)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise Retry(f"the disk with the alerts file {self._path} is full: free some space") from error
            raise Retry(f"cannot write the alerts file {self._path}: {error.strerror or error}") from error


def _append(path: Path, line: bytes) -> None:
    """One write at the end. A line that a crash left half-written is ended first: readers skip it."""
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        end = os.fstat(descriptor).st_size
        whole = end == 0 or os.pread(descriptor, 1, end - 1) == b"\n"
        try:
            _write_all(descriptor, line if whole else b"\n" + line)
            os.fsync(descriptor)
        except OSError:
            with contextlib.suppress(OSError):  # the reason that is told is that of the write
                os.ftruncate(descriptor, end)
            raise
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def read_alerts(path: Path) -> Iterator[dict[str, Any]]:
    """The alerts of a file, oldest first, as the JSON objects they are. Half-written lines are left out.

    An alert that was sent twice (a crash between writing and recording) comes once.

    Raises:
        Usage: the file is missing or cannot be read.
    """
    seen: set[str] = set()
    try:
        with path.open("rb") as file:
            for line in file:
                row = _parsed(line)
                if row is not None and row["alert_id"] not in seen:
                    seen.add(row["alert_id"])
                    yield row
    except OSError as error:
        raise Usage(
            f"cannot read the alerts file {path}: {error.strerror} (RASID_ALERTS_FILE names another)"
        ) from error


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    whole = isinstance(row, dict) and isinstance(row.get("alert_id"), str) and isinstance(row.get("change"), dict)
    return row if whole else None
