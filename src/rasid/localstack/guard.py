"""Runs one server for an owner and ends it when the owner ends, however it ends. A process of its own, standard library only.

    python -I -S guard.py '{"owner": PID, "uid": null, "gid": null, "grace": 20, "remove": null}' COMMAND…

SIGTERM asks the server to stop and kills it after `grace` seconds; SIGUSR1 kills it at once (for tests of faults).
The guard leaves when every process of the server is gone and gives the exit code of the server. When its owner has ended
it removes the folder `remove`, if one is named, and the last guard to do so the folder above it too.
Environment, working folder and output are the server's own.
"""

import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def prctl(option: int, value: int) -> None:
    """The system call, where it exists."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value)


def end_with_guard() -> None:
    """In the child, after the change of user (which would clear it): dies when the guard itself is killed. Linux only."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Owner:
    """Tells whether a process still runs; by a file descriptor where the system has those, else by its number."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.descriptor = -1
        self.gone = False
        try:
            if hasattr(os, "pidfd_open"):
                self.descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            self.gone = True
        except OSError:
            pass  # a kernel without it

    def ended(self) -> bool:
        """True once the owner has ended."""
        if self.descriptor >= 0:
            return bool(select.select([self.descriptor], [], [], 0)[0])
        try:
            os.kill(self._pid, 0)
        except PermissionError:
            return False
        except ProcessLookupError:
            return True
        return self.gone


def kill_group(server: "subprocess.Popen[bytes]") -> None:
    """Kills what is left of the server's process group."""
    try:
        os.killpg(server.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def group_lives(group: int) -> bool:
    """Whether a process of the group is left (a launcher can end before the server that it started)."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass  # what the server left behind came to us, and in a container nobody else would collect it
    except ChildProcessError:
        pass
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # macOS says this of zombies; the wait for them is bounded
    return True


def remove(folder: str) -> None:
    """Removes a server's folder, and the folder of the stack when no other server's is in it."""
    shutil.rmtree(folder, ignore_errors=True)
    stack = Path(folder).parent
    try:
        with os.scandir(stack) as entries:
            last = not any(entry.is_dir() for entry in entries)
    except FileNotFoundError:
        return
    if last:
        shutil.rmtree(stack, ignore_errors=True)


def main() -> int:
    """See the module."""
    options = json.loads(sys.argv[1])
    asked: list[int] = []
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
        signal.signal(number, lambda number, _frame: asked.append(number))
    signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    owner = Owner(options["owner"])
    account = {} if options["uid"] is None else {"user": options["uid"], "group": options["gid"], "extra_groups": []}
    server = subprocess.Popen(sys.argv[2:], start_new_session=True, preexec_fn=end_with_guard, **account)
    waiting = [read] + ([owner.descriptor] if owner.descriptor >= 0 else [])
    deadline = None
    while server.poll() is None:
        now = time.monotonic()
        if signal.SIGUSR1 in asked or (deadline is not None and now > deadline):
            kill_group(server)
        elif deadline is None and (asked or owner.ended()):
            server.terminate()
            deadline = now + options["grace"]
            waiting = [read]
        if select.select(waiting, [], [], 1.0)[0] and waiting[0] == read:
            _drain(read)
    kill_group(server)
    until = time.monotonic() + 10
    while group_lives(server.pid) and time.monotonic() < until:
        time.sleep(0.02)
    if options["remove"] and owner.ended():
        remove(options["remove"])
    return server.returncode if server.returncode >= 0 else 128 - server.returncode


def _drain(read: int) -> None:
    if select.select([read], [], [], 0)[0]:
        os.read(read, 4096)


if __name__ == "__main__":
    sys.exit(main())
