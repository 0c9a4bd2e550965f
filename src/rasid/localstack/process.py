"""One server as a child process under a guard: start, wait until it answers, stop, kill."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from rasid.errors import Fatal
from rasid.localstack.place import Account

GUARD = Path(__file__).with_name("guard.py")
PORTS = range(20000, 32000)
"""Below the ports that systems give to outgoing connections (Linux: from 32768). A client that tries again and again
to reach a dead server on such a port can be given that port itself and then connects to itself."""


@dataclass(frozen=True)
class Program:
    """What is to be run.

    Attributes:
        name: for people: "Kafka", "Elasticsearch".
        command: program and arguments.
        environ: its whole environment.
        folder: its working folder.
        address: where it will answer.
        answers: whether it answers there by now; must return within a few seconds.
    """

    name: str
    command: list[str]
    environ: dict[str, str]
    folder: Path
    address: str
    answers: Callable[[str], bool] = field(compare=False)


def guarded(
    command: list[str],
    output: BinaryIO,
    *,
    environ: Mapping[str, str],
    folder: Path,
    account: Account | None = None,
    owner: int | None = None,
    remove: Path | None = None,
    hold: tuple[int, ...] = (),
) -> "subprocess.Popen[bytes]":
    """Starts a command that ends with its owner (guard.py).

    Args:
        command: program and arguments.
        output: file for what it writes.
        environ: its environment.
        folder: its working folder.
        account: whom it runs as; None is this user.
        owner: process that it ends with; None is this one.
        remove: folder that goes when the owner has ended without stopping it.
        hold: file descriptors (locks) that the guard keeps open until then.
    """
    options = {
        "owner": owner or os.getpid(),
        "uid": account and account.uid,
        "gid": account and account.gid,
        "grace": 20,
        "remove": remove and str(remove),
    }
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(GUARD), json.dumps(options), *command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(environ),
        cwd=folder,
        start_new_session=True,  # Ctrl-C on the terminal is for the owner, who then ends the servers in order
        pass_fds=hold,
    )


class Server:
    """A running program with its log."""

    def __init__(self, program: Program, log: Path, process: "subprocess.Popen[bytes]") -> None:
        self.program = program
        self.log = log
        self._process = process
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began

    def ready(self, patience: float) -> bool:
        """Whether it answers by now.

        Raises:
            Fatal: it ended, or does not answer `patience` seconds after its start; with the last lines of its log.
        """
        if self._process.poll() is not None:
            raise Fatal(self._failure(f"ended at its start (exit code {self._process.returncode})"))
        if self.program.answers(self.program.address):
            return True
        if self.seconds > patience:
            raise Fatal(self._failure(f"does not answer after {patience:.0f} s at {self.program.address}"))
        return False

    def _failure(self, what: str) -> str:
        return f"the local {self.program.name} {what}; its log is {self.log}, the last lines are:\n{tail(self.log)}"

    def alive(self) -> bool:
        """Whether the process is there."""
        return self._process.poll() is None

    def clashed(self) -> bool:
        """Whether it ended because another program took its port meanwhile."""
        text = tail(self.log, 400)
        return not self.alive() and ("Address already in use" in text or "BindHttpException" in text)

    def ask_to_stop(self) -> None:
        """Begins an orderly end."""
        self._process.terminate()

    def stop(self) -> None:
        """Ends it in order (killed by its guard when it does not within 20 s) and waits for that."""
        self._process.terminate()
        self._process.wait()

    def kill(self) -> None:
        """Kills it as a crash would, and waits until it is gone."""
        self._process.send_signal(signal.SIGUSR1)
        self._process.wait()


def free_ports(count: int, wanted: tuple[int, ...] = (), chance: random.Random | None = None) -> tuple[int, ...]:
    """Ports on loopback that nobody listens on.

    Args:
        count: how many.
        wanted: taken, if there are enough of them and all are free (a server keeps its address between runs).
        chance: for the choice.

    Raises:
        Fatal: there are not so many.
    """
    if len(wanted) == count and all(is_free(port) for port in wanted):
        return wanted
    ports = list(PORTS)
    (chance or random.SystemRandom()).shuffle(ports)
    free: list[int] = []
    for port in ports:
        if is_free(port):
            free.append(port)
        if len(free) == count:
            return tuple(free)
    raise Fatal(f"no free port between {PORTS.start} and {PORTS.stop - 1} on 127.0.0.1: end some programs")


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as the servers do: closed connections do not count
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log without the frames of Java's stack traces, each line cut at 300 characters."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 300_000))
            text = file.read().decode(errors="replace")
    except OSError:
        return "(no log)"
    told = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("at ", "... "))]
    return "\n".join(f"    {line:.300}" for line in told[-lines:]) or "    (empty)"
