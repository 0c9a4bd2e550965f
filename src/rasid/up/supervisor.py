"""Child processes of `rasid up`: workers are restarted when they end, and ended with their parent."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from rasid.children import READY
from rasid.errors import Fatal

log = structlog.get_logger("rasid.up")
STOP_SECONDS = 15.0
"""A worker that has not left after this is killed: it may hang on a consumer thread for a minute."""
CRASHES_AT_MOST = 5
"""This many crashes in a row, each within `QUICK_SECONDS` of its start, and the run is given up."""
QUICK_SECONDS = 30.0


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
    _stopping: bool = False

    async def run(self) -> None:
        """Starts the worker and starts it again whenever it ends, until `stop`.

        Raises:
            Fatal: it crashes again and again; the message shows the end of its log.
        """
        quick = 0
        while not self._stopping:
            started = asyncio.get_running_loop().time()
            code = await self._once()
            if self._stopping:
                return
            quick = quick + 1 if asyncio.get_running_loop().time() - started < QUICK_SECONDS else 1
            if quick >= CRASHES_AT_MOST:
                raise Fatal(
                    f"the worker {self.stages} ended {quick} times in a row; the end of {self.log_path}:\n{self._tail()}"
                )
            self.on_restart(
                f"the worker {self.stages} ended with code {code} and is started again (log: {self.log_path})"
            )
            await asyncio.sleep(min(quick, 5) * 0.5)

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
            else:
                self.on_line(line)
        return await self._process.wait()

    def _tail(self) -> str:
        lines = self.log_path.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-8:])

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL where it does not leave."""
        self._stopping = True
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
