"""The local servers as one thing: start both at a time, wait until they answer, stop, and break them for tests."""

import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from rasid.errors import Fatal
from rasid.localstack import download, elasticsearch, folders, java, kafka
from rasid.localstack.needs import choose_java, missing
from rasid.localstack.place import cache_folder, give, server_account
from rasid.localstack.process import Program, Server, free_ports, guarded
from rasid.settings import Settings

PATIENCE = 180.0
"""Seconds that a server may take to answer: it takes 2 to 8 on an idle machine, a minute on a very busy one."""

STOPPED = "the local servers were stopped while they were starting"


@dataclass(frozen=True)
class Servers:
    """Where servers answer.

    Attributes:
        kafka: `127.0.0.1:port`, or "" where it was not started.
        elasticsearch: `http://127.0.0.1:port`, or "".
    """

    kafka: str
    elasticsearch: str


class LocalStack:
    """Kafka and Elasticsearch of this process; they end with it, also when it is killed. A context manager.

    Args:
        settings: cache, java_home, heaps.
        name: whose data: kept in the cache between runs. A second run of the same name at a time gets its own data.
        fresh: begin with empty data.
        kafka: whether Kafka is wanted.
        elasticsearch: whether Elasticsearch is wanted.
        say: called with lines of progress.
        throwaway: the data goes at the end, and the servers are tuned for a short life (tests).
        owner: process that the servers end with; None is this one.
        patience: seconds that a server may take to answer.
    """

    def __init__(
        self,
        settings: Settings,
        name: str = "main",
        fresh: bool = False,
        kafka: bool = True,
        elasticsearch: bool = True,
        say: Callable[[str], None] = lambda line: None,
        *,
        throwaway: bool = False,
        owner: int | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.servers = Servers("", "")
        self._settings = settings
        self._name = name
        self._fresh = fresh
        self._wanted = [kind for kind, wanted in (("kafka", kafka), ("elasticsearch", elasticsearch)) if wanted]
        self._say = say
        self._throwaway = throwaway
        self._owner = owner or os.getpid()
        self._patience = patience
        self._account = server_account()
        self._held: folders.Held | None = None
        self._given_up = False
        self._changing = threading.Lock()  # one launches or stops at a time: `stop` may come while `start` runs
        self._programs: dict[str, Program] = {}
        self._running: dict[str, Server] = {}

    def __enter__(self) -> "LocalStack":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def folder(self) -> Path:
        """Data, configuration and logs of this stack, while it runs."""
        if self._held is None:
            raise Fatal("the local stack is not started")
        return self._held.path

    def log_of(self, kind: str) -> Path:
        """The log file of "kafka" or "elasticsearch"."""
        return self.folder / f"{kind}.log"

    def start(self) -> Servers:
        """Fetches what is missing, starts the servers and waits until they answer.

        Raises:
            Fatal: something is missing or a server does not start; the message names it and ends with its log.
        """
        if not self._wanted:
            return self.servers
        lack = missing(self._settings, "kafka" in self._wanted, "elasticsearch" in self._wanted)
        if lack:
            raise Fatal(lack.removesuffix("."))
        self._given_up = False
        cache = cache_folder(self._settings)
        found = self._java()
        software = download.fetch(cache, found.home, self._tell)
        self._go_on()
        stacks = cache / "stacks"
        folders.sweep(stacks)
        self._held = folders.hold(stacks, self._name, self._throwaway, self._say, self._owner)
        try:
            if self._fresh or self._held.throwaway:
                folders.clear(self.folder)
            if self._held.throwaway:
                (self.folder / "throwaway").touch()
            self._start_all(software, found)
        except BaseException:
            self.stop()
            raise
        self.servers = Servers(*(self._address(kind) for kind in ("kafka", "elasticsearch")))
        folders.write_json(
            self.folder / folders.STATE,
            {
                "pid": self._owner,
                "started": time.time(),
                "kafka": self.servers.kafka,
                "elasticsearch": self.servers.elasticsearch,
            },
        )
        return self.servers

    def stop(self) -> None:
        """Ends both servers in order, at the same time, and waits until they are gone. May be called twice, and from
        another thread while `start` runs, which then raises Fatal soon.
        """
        self._given_up = True
        with self._changing:
            if self._held is None:
                return
            (self.folder / folders.STATE).unlink(missing_ok=True)
            for server in self._running.values():
                server.ask_to_stop()
            for server in self._running.values():
                server.stop()
            self._running.clear()
            if self._held.throwaway:
                shutil.rmtree(self.folder, ignore_errors=True)
            os.close(self._held.lock)
            self._held = None

    def dead(self) -> list[str]:
        """The servers that ended without being asked to: "kafka", "elasticsearch"."""
        return [kind for kind, server in list(self._running.items()) if not server.alive()]

    def start_again(self, kind: str) -> None:
        """Starts a server that `dead` named again at the same address with the same data, and waits until it answers.

        Raises:
            Fatal: it does not start, or the stack is stopped meanwhile.
        """
        self._start_again(kind)

    def kill_kafka(self) -> None:
        """SIGKILL, as a crash would; the data stays."""
        self._running.pop("kafka").kill()

    def start_kafka(self) -> None:
        """Starts Kafka again at the same address with the same data, and waits until it answers."""
        self._start_again("kafka")

    def kill_elasticsearch(self) -> None:
        """SIGKILL, as a crash would; the data stays."""
        self._running.pop("elasticsearch").kill()

    def start_elasticsearch(self) -> None:
        """Starts Elasticsearch again at the same address with the same data, and waits until it answers."""
        self._start_again("elasticsearch")

    def _go_on(self) -> None:
        if self._given_up:
            raise Fatal(STOPPED)

    def _tell(self, line: str) -> None:
        self._go_on()
        self._say(line)

    def _java(self) -> java.Java:
        found = choose_java(self._settings, "kafka" in self._wanted, "elasticsearch" in self._wanted)
        if isinstance(found, str):
            raise Fatal(found)
        return found

    def _address(self, kind: str) -> str:
        return self._programs[kind].address if kind in self._programs else ""

    def _start_all(self, software: download.Software, found: java.Java) -> None:
        self._say(f"starting {' and '.join(kind.capitalize() for kind in self._wanted)} (about 10 seconds)")
        wanted = tuple(folders.read_json(self.folder / "ports.json").get("ports", ()))
        for attempt in range(3):
            ports = free_ports(4, wanted)
            folders.write_json(self.folder / "ports.json", {"ports": ports})
            # Elasticsearch first: it takes longer.
            if "elasticsearch" in self._wanted:
                self._prepare_elasticsearch(software, found, (ports[2], ports[3]))
            if "kafka" in self._wanted:
                self._prepare_kafka(software, found, (ports[0], ports[1]))
            try:
                self._wait(list(self._wanted))
            except Fatal:
                if attempt == 2 or not any(server.clashed() for server in self._running.values()):
                    raise
                self._say("another program took a port meanwhile; trying others")
                for server in self._running.values():
                    server.stop()
                wanted = ()
            else:
                return

    def _prepare_kafka(self, software: download.Software, found: java.Java, ports: tuple[int, int]) -> None:
        heap, folder = self._settings.local_kafka_heap, self.folder / "kafka"
        program = kafka.prepare(folder, software.kafka, found, heap, ports, self._account, self._throwaway)
        self._launch("kafka", program)

    def _prepare_elasticsearch(self, software: download.Software, found: java.Java, ports: tuple[int, int]) -> None:
        heap, folder = self._settings.local_elasticsearch_heap, self.folder / "elasticsearch"
        home = software.elasticsearch
        program = elasticsearch.prepare(folder, home, found, heap, ports, self._account, self._throwaway)
        self._launch("elasticsearch", program)

    def _launch(self, kind: str, program: Program) -> None:
        with self._changing:
            self._go_on()
            assert self._held is not None
            log = self.log_of(kind)
            if log.exists():
                log.replace(log.with_suffix(".log.old"))
            with log.open("wb") as output:
                process = guarded(
                    program.command,
                    output,
                    environ=program.environ,
                    folder=program.folder,
                    account=self._account,
                    owner=self._owner,
                    remove=self.folder / kind if self._held.throwaway else None,
                    hold=(self._held.lock,),
                )
            self._programs[kind] = program
            self._running[kind] = Server(program, log, process)

    def _start_again(self, kind: str) -> None:
        give(self.folder / kind, self._account)
        self._launch(kind, self._programs[kind])
        self._wait([kind])

    def _wait(self, kinds: list[str]) -> None:
        told = 0
        while kinds:
            for kind in list(kinds):
                server = self._running.get(kind)
                if server is None or self._given_up:
                    raise Fatal(STOPPED)
                if server.ready(self._patience):
                    kinds.remove(kind)
                    self._say(f"{server.program.name} answers at {server.program.address} ({server.seconds:.1f} s)")
                elif server.seconds > 30 * (told + 1):
                    told += 1
                    self._say(
                        f"{server.program.name} is still starting ({server.seconds:.0f} s); its log: {server.log}"
                    )
            if kinds:
                time.sleep(0.1)


def running(settings: Settings, name: str | None = None) -> Servers | None:
    """Servers that another run of this user has started and that still answer, or None.

    Args:
        settings: the cache.
        name: of the stack; None: the newest that answers.
    """
    for path, state in folders.states(cache_folder(settings) / "stacks"):
        servers = Servers(str(state.get("kafka", "")), str(state.get("elasticsearch", "")))
        if name is not None and path.parent.name != name:
            continue
        if (servers.kafka and not kafka.answers(servers.kafka)) or (
            servers.elasticsearch and not elasticsearch.answers(servers.elasticsearch)
        ):
            continue
        return servers
    return None
