"""Child processes of `rasid up`: workers are restarted when they end, and ended with their parent."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from rasid.children import READY, STOPS
from rasid.errors import Fatal

log = structlog.get_logger("rasid.up")
STOP_SECONDS = 15.0
"""A worker that has not left after this is killed: it may hang on a consumer thread for a minute."""
CRASHES_AT_MOST = 5
"""A worker that ends so often without ever having consumed is given up: it lacks something that a wait does not mend."""
QUICK_SECONDS = 30.0
"""A worker that ends sooner is started again after a longer and longer pause."""
PAUSES = (0.5, 10.0)
"""First and longest pause before a worker is started again: Kafka may be away for hours."""


@dataclass
class Worker:
    """One `rasid work` process, kept alive.

    Attributes:
        stages: for `--stages`.
        on_line: takes each line that the worker prints (its alerts).
        log_path: file that gets its log.
    """

    stages: str
    environment: Mapping[str, str]
    on_line: Callable[[str], None]
    log_path: Path
    on_restart: Callable[[str], None] = lambda _line: None
    pid: int = 0
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when its stages consume for the first time."""
    _process: asyncio.subprocess.Process | None = field(default=None, repr=False)
    _stop: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _reason: str = ""

    async def run(self) -> None:
        """Starts the worker and starts it again whenever it ends, until `stop`.

        Raises:
            Fatal: it stopped for a reason that a restart does not mend, or crashes again and again before it consumes;
                the message shows the end of its log.
        """
        quick = 0
        while not self._stop.is_set():
            started = asyncio.get_running_loop().time()
            code = await self._once()
            if self._stop.is_set():
                return
            if self._reason:
                raise Fatal(f"the worker {self.stages} stopped: {self._reason}")
            quick = quick + 1 if asyncio.get_running_loop().time() - started < QUICK_SECONDS else 1
            if quick >= CRASHES_AT_MOST and not self.ready.is_set():
                raise Fatal(
                    f"the worker {self.stages} ended {quick} times in a row; the end of {self.log_path}:\n{self._tail()}"
                )
            self.on_restart(
                f"the worker {self.stages} ended with code {code} and is started again (log: {self.log_path})"
            )
            await self._pause(min(PAUSES[0] * 2 ** (quick - 1), PAUSES[1]))

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
        except TimeoutError:
            return

    async def _once(self) -> int:
        command = [sys.executable, "-m", "rasid", "work", "--stages", self.stages]
        with self.log_path.open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                env={**os.environ, **self.environment, "RASID_PARENT": str(os.getpid())},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                start_new_session=True,  # Ctrl-C goes to the parent alone, which stops things in order
            )
        self.pid = self._process.pid
        assert self._process.stdout is not None
        async for data in self._process.stdout:
            line = data.decode("utf-8", "replace").rstrip("\n")
            if line == READY:
                self.ready.set()
            elif line.startswith(STOPS):
                self._reason = line.removeprefix(STOPS)
            else:
                self.on_line(line)
        return await self._process.wait()

    def _tail(self) -> str:
        lines = self.log_path.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-8:])

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL where it does not leave."""
        self._stop.set()
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            log.warning("worker killed", stages=self.stages)
            process.kill()
            await process.wait()
