"""The folder of a stack: who holds it, which ports it had, which servers run in it."""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasid.errors import Fatal

STATE = "state.json"
PATIENCE = 30.0
"""Seconds to wait for the servers of a run that was killed; their guards end them within 20."""


@dataclass(frozen=True)
class Held:
    """A folder that this process holds.

    Attributes:
        path: the folder.
        lock: descriptor of the lock; the guards of the servers hold it too, so that it is free only when they are gone.
        throwaway: whether the folder goes when the stack ends.
    """

    path: Path
    lock: int
    throwaway: bool


def hold(
    stacks: Path, name: str, throwaway: bool, say: Callable[[str], None], owner: int, patience: float = PATIENCE
) -> Held:
    """Takes the folder `stacks/name`, or, where a living run has it, one of its own that goes with it.

    Args:
        stacks: where the folders are; made if absent.
        name: of the stack.
        throwaway: whether the folder goes at the end in any case.
        say: told when another run has the data.
        owner: process that the servers will end with.
        patience: seconds to wait for the servers of a run that is dead.

    Raises:
        Fatal: the servers of a killed run do not end.
    """
    folder = stacks / name
    deadline = time.monotonic() + patience
    while (lock := _lock(folder, owner)) is None:
        holder = _holder(folder)
        if _alive(holder):
            say(f"another run has the data of {name!r} (process {holder}): this one gets its own, for this run only")
            return _own(stacks, name, owner)
        if time.monotonic() > deadline:
            raise Fatal(
                f"servers of an earlier run still have {folder}: end their Java processes, or choose another name"
            )
        time.sleep(0.1)
    return Held(folder, lock, throwaway)


def _own(stacks: Path, name: str, owner: int) -> Held:
    number = 0
    while True:
        number += 1
        folder = stacks / f"{name}-{owner}-{number}"
        lock = _lock(folder, owner)
        if lock is not None:
            return Held(folder, lock, throwaway=True)


def _lock(folder: Path, owner: int) -> int | None:
    """Locks a folder and writes down for whom, or gives None where it is locked."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    if not _is_at(descriptor, folder / "lock"):  # its holder removed the folder while we opened the file
        os.close(descriptor)
        return None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(owner).encode(), 0)
    return descriptor


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _holder(folder: Path) -> int:
    try:
        return int((folder / "lock").read_text() or 0)
    except (OSError, ValueError):
        return 0


def _alive(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def sweep(stacks: Path) -> None:
    """Removes throw-away folders that nobody holds any more (their guard was killed too)."""
    for folder in stacks.glob("*-*"):
        if not (folder / "throwaway").is_file():
            continue
        lock = _lock(folder, os.getpid())
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def clear(folder: Path) -> None:
    """Empties a folder except for its lock."""
    for child in folder.iterdir():
        if child.name == "lock":
            continue
        if child.is_dir():
            shutil.rmtree(child)
        else:
            child.unlink()


def read_json(path: Path) -> dict[str, Any]:
    """A small JSON file; {} where it is absent or broken."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Replaces a small JSON file in one step."""
    parts = path.with_suffix(".part")
    parts.write_text(json.dumps(value), encoding="utf-8")
    parts.replace(path)


def states(stacks: Path) -> list[tuple[Path, dict[str, Any]]]:
    """The state files of running stacks, newest first; those of ended ones are removed."""
    found = []
    for path in stacks.glob(f"*/{STATE}"):
        state = read_json(path)
        pid = state.get("pid")
        if isinstance(pid, int) and _alive(pid):
            found.append((path, state))
        else:
            path.unlink(missing_ok=True)
    return sorted(found, key=lambda entry: -float(entry[1].get("started", 0)))
