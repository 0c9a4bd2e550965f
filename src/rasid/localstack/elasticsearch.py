"""An Elasticsearch of one node, started as its own start script would (the package that brings it lacks the script)."""

import http.client
import json
import shutil
import urllib.error
import urllib.request
from pathlib import Path

from rasid.localstack.java import Java
from rasid.localstack.place import Account, give
from rasid.localstack.process import Program

QUICK = " -XX:TieredStopAtLevel=1"
"""For stacks that live for a test: starts a second faster, at the price of the vector instructions."""


def prepare(
    folder: Path,
    home: Path,
    java: Java,
    heap: str,
    ports: tuple[int, int],
    account: Account | None,
    quick: bool,
) -> Program:
    """Writes the configuration and says what to run.

    Args:
        folder: its own folder for configuration, data and logs; made if absent.
        home: the ES_HOME; only read, so several nodes may share it.
        java: version 21 or newer with all modules.
        heap: such as "512m".
        ports: for HTTP and for transport.
        account: whom it will run as; it refuses to be root.
        quick: see QUICK.
    """
    config = folder / "config"
    for name in ("data", "logs", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    shutil.copytree(home / "config", config, dirs_exist_ok=True)
    (config / "elasticsearch.yml").write_text(_yaml(folder, *ports), encoding="utf-8")
    options = (home / "config" / "jvm.options").read_text(encoding="utf-8").splitlines()
    # Its log of garbage collections may grow to 2 GB.
    (config / "jvm.options").write_text("\n".join(line for line in options if not line.startswith("-Xlog:gc")) + "\n")
    give(folder, account)
    program = str(java.home / "bin" / "java")
    environ = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "ES_HOME": str(home),
        "ES_PATH_CONF": str(config),
        "ES_JAVA_HOME": str(java.home),
        "JAVA": program,
        "JAVA_TYPE": "ES_JAVA_HOME",
        "ES_DISTRIBUTION_TYPE": "zip",
        "ES_TMPDIR": str(folder / "tmp"),
        "HOSTNAME": "localhost",
        "ES_JAVA_OPTS": f"-Xms{heap} -Xmx{heap} -XX:-UsePerfData{QUICK if quick else ''}",
    }
    command = [program, "-Xms4m", "-Xmx64m", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Dcli.name=server", "-Dcli.libs=lib/tools/server-cli",
               f"-Des.path.home={home}", f"-Des.path.conf={config}", "-Des.distribution.type=zip",
               "-Des.java.type=ES_JAVA_HOME", "-cp", f"{home}/lib/tools/server-launcher/*",
               "org.elasticsearch.server.launcher.ServerLauncher"]  # fmt: skip
    return Program("Elasticsearch", command, environ, home, f"http://127.0.0.1:{ports[0]}", answers)


def _yaml(folder: Path, port: int, transport: int) -> str:
    settings = {
        "cluster.name": "rasid-local",
        "node.name": "rasid-local",
        "path.data": str(folder / "data"),
        "path.logs": str(folder / "logs"),
        "discovery.type": "single-node",
        "network.host": "127.0.0.1",
        "http.port": port,
        "transport.port": transport,
        "xpack.security.enabled": False,
        # On a disk that is 95 % full all indices would become read-only, though the node needs little of what is left.
        "cluster.routing.allocation.disk.threshold_enabled": False,
        # It would ask an inference service on the internet what it may use there.
        "xpack.inference.elastic.authorization.enabled": False,
        "xpack.inference.elastic.periodic_authorization_enabled": False,
    }
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in settings.items())


def answers(address: str, timeout: float = 2.0) -> bool:
    """Whether an Elasticsearch answers at this URL and has a master, so that it takes documents."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # loopback never goes through a proxy
    try:
        with opener.open(f"{address}/_cluster/health?timeout=1s&master_timeout=1s", timeout=timeout) as reply:
            return json.load(reply).get("status") in {"green", "yellow", "red"}
    except (OSError, ValueError, urllib.error.URLError, http.client.HTTPException):
        return False
