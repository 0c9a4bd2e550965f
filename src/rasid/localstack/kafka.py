"""A Kafka of one node, broker and controller in one process (KRaft)."""

import base64
import socket
import struct
import subprocess
import uuid
from pathlib import Path

from rasid.errors import Fatal
from rasid.localstack.java import Java
from rasid.localstack.place import Account, give
from rasid.localstack.process import Program

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=BROKER://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=BROKER://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=BROKER
controller.listener.names=CONTROLLER
# Beside this file: a path may hold a comma, which would part it in two here.
log.dirs=data
# One node cannot keep more than one replica.
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# The default of 50 is for clusters with many groups.
offsets.topic.num.partitions=8
# Topics are made with their partition counts, by rasid.broker.
auto.create.topics.enable=false
# A lone consumer need not wait three seconds for others.
group.initial.rebalance.delay.ms=0
# The default of 128 MB is a quarter of the heap.
log.cleaner.dedupe.buffer.size=16777216
"""

SHORT_SESSION = """\
# A broker that was killed may only come back when its session has ended; the default is 9 s.
broker.session.timeout.ms=5000
broker.heartbeat.interval.ms=1000
"""
"""For stacks that live for a test: tests of faults kill the broker."""

QUICK = ["-XX:TieredStopAtLevel=1"]
"""For stacks that live for a test: compiles less and starts a third faster; long runs are better off without."""


def prepare(
    folder: Path,
    jars: Path,
    java: Java,
    heap: str,
    ports: tuple[int, int],
    account: Account | None,
    quick: bool,
) -> Program:
    """Writes the properties, formats the data folder if it is new, and says what to run.

    Args:
        folder: Kafka's own folder; made if absent.
        jars: folder of Kafka's jars.
        java: version 17 or newer.
        heap: such as "512m".
        ports: for clients and for the controller. They may differ from run to run.
        account: whom it will run as.
        quick: see QUICK and SHORT_SESSION.

    Raises:
        Fatal: the data folder cannot be formatted; the message holds what Kafka said.
    """
    port, controller = ports
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    (folder / "data").mkdir(exist_ok=True)
    properties = PROPERTIES.format(port=port, controller=controller) + (SHORT_SESSION if quick else "")
    (folder / "server.properties").write_text(properties, encoding="utf-8")
    program = str(java.home / "bin" / "java")
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"}
    base = [program, f"-Djava.io.tmpdir={folder / 'tmp'}", "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS", "-cp", f"{jars}/*"]  # fmt: skip
    if not (folder / "data" / "meta.properties").is_file():
        cluster = base64.urlsafe_b64encode(b"\0" + uuid.uuid4().bytes[1:]).decode().rstrip("=")
        _format([base[0], *QUICK, *base[1:]], folder, environ, cluster)
    give(folder, account)
    command = [base[0], f"-Xmx{heap}", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData", *(QUICK if quick else ()), *base[1:],
               "kafka.Kafka", "server.properties"]  # fmt: skip
    return Program("Kafka", command, environ, folder, f"127.0.0.1:{port}", answers)


def _format(java: list[str], folder: Path, environ: dict[str, str], cluster: str) -> None:
    """Formats the data folder for a quorum of this one node."""
    told = subprocess.run(
        [*java, "kafka.tools.StorageTool", "format", "--standalone", "-t", cluster, "-c", "server.properties"],
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    if told.returncode:
        raise Fatal(f"Kafka cannot format {folder / 'data'}: {told.stdout.strip()[-600:]}")


def answers(address: str, timeout: float = 1.0) -> bool:
    """Whether a Kafka broker answers a request for its API versions at `host:port`."""
    host, _, port = address.rpartition(":")
    request = struct.pack(">hhih", 18, 0, 1, -1)  # ApiVersions, version 0, correlation id 1, no client id
    try:
        with socket.create_connection((host, int(port)), timeout) as connection:
            connection.settimeout(timeout)
            connection.sendall(struct.pack(">i", len(request)) + request)
            reply = connection.recv(10)
    except (OSError, ValueError):
        return False
    return len(reply) == 10 and struct.unpack(">iih", reply)[1:] == (1, 0)  # same correlation id, no error
