"""What this machine has and lacks for Rasid: one check a function; nothing is started or fetched."""

import importlib.util
import os
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import seeds
from rasid import localstack, outlets
from rasid.errors import RasidError
from rasid.localstack import download, java, kafka, place
from rasid.localstack.process import PORTS, free_ports
from rasid.settings import Settings

PACKAGES = ("aiohttp", "aiokafka", "camel_tools", "elasticsearch", "faust", "feedparser", "msgspec", "trafilatura")
SEEDS = (
    "gazetteer/core.tsv",
    "gazetteer/admin1.tsv",
    "lexicon/people.tsv",
    "lexicon/predicates.tsv",
    "lexicon/classes.tsv",
    "newswire/feeds.toml",
    "rules.toml",
    "sides.toml",
)
SERVERS_MB = 2000
"""Memory for both local servers (360 and 790 MB at their default heaps), the workers and some air."""
FETCH_MB, RUN_MB = 3000, 500
"""Disk for fetching (the zip stays in Maven's folder, 947 MB; unpacked and half-unpacked 2 x 206 MB), and for running."""

Need = Literal["always", "servers", "no"]


@dataclass(frozen=True)
class Check:
    """One finding.

    Attributes:
        name: what was looked at.
        ok: whether it is as it should be.
        detail: what was found.
        todo: what to do where it is not.
        needed: "always": without it nothing runs; "servers": without it `up` runs in process; "no": only told.
    """

    name: str
    ok: bool
    detail: str
    todo: str = ""
    needed: Need = "no"


def mode(checks: list[Check]) -> Literal["servers", "in-process", "none"]:
    """How `rasid up` can run by these findings."""
    lacking = {check.needed for check in checks if not check.ok}
    return "none" if "always" in lacking else "in-process" if "servers" in lacking else "servers"


def examine(settings: Settings) -> Iterator[Check]:
    """All checks in the order in which they are shown; each comes as soon as it is done."""
    yield check_python()
    yield check_packages()
    yield check_seeds(settings)
    yield check_data(settings)
    yield from _check_servers(settings)
    yield check_running(settings)
    yield check_evaluation(settings)


def check_python() -> Check:
    """3.11 or newer."""
    version = ".".join(map(str, sys.version_info[:3]))
    todo = "install Python 3.11 or newer, or name one in RASID_PYTHON"
    return Check("Python", sys.version_info >= (3, 11), f"{version} at {sys.executable}", todo, "always")


def check_packages() -> Check:
    """The libraries of the lock are there (found, not imported)."""
    absent = [name for name in PACKAGES if name not in sys.modules and importlib.util.find_spec(name) is None]
    detail = f"absent: {', '.join(absent)}" if absent else f"{len(PACKAGES)} looked for, all found"
    return Check("packages", not absent, detail, "remove .venv and call ./rasid again", "always")


def check_seeds(settings: Settings) -> Check:
    """The data files are there and the feeds file can be read."""
    folder = Path(next(iter(seeds.__path__)))
    absent = [name for name in SEEDS if not (folder / name).is_file() or not (folder / name).stat().st_size]
    if absent:
        return Check(
            "seeds", False, f"absent or empty in {folder}: {', '.join(absent)}", "restore them from git", "always"
        )
    try:
        file = outlets.load(Path(settings.feeds) if settings.feeds else outlets.default_path())
    except RasidError as error:
        return Check("seeds", False, str(error), "mend the feeds file (RASID_FEEDS)", "always")
    polled = sum(feed.enabled for feed in file.feeds)
    return Check("seeds", True, f"complete; {polled} feeds of {len(file.outlets)} outlets", "", "always")


def check_data(settings: Settings) -> Check:
    """The data folder can be written, or made."""
    folder = settings.data.expanduser().absolute()
    near = next(path for path in (folder, *folder.parents) if path.exists())
    ok = near.is_dir() and os.access(near, os.W_OK)
    return Check("data folder", ok, str(folder), "name a folder of your own in RASID_DATA", "always")


def _check_servers(settings: Settings) -> Iterator[Check]:
    if settings.kafka:
        yield check_kafka(settings.kafka)
    if settings.elasticsearch:
        yield check_elasticsearch(settings)
    if settings.kafka and settings.elasticsearch:
        return
    yield check_java(settings, elasticsearch=not settings.elasticsearch)
    try:
        cache = place.cache_folder(settings)
    except RasidError as error:
        yield Check("cache folder", False, str(error), "name a folder of your own in RASID_CACHE", "servers")
        return
    software = download.unpacked(cache)
    yield check_maven(software is not None)
    if software is None:
        yield Check("local servers", True, f"not fetched yet: `rasid up` fetches {download.WHAT}")
    else:
        yield Check("local servers", True, f"unpacked in {software.kafka.parent}")
    yield check_account()
    yield Check("cache folder", True, f"{cache}, {place.size_of(cache) / 1e6:.0f} MB")
    yield check_disk(cache, FETCH_MB if software is None else RUN_MB)
    yield check_memory()
    yield check_ports()


def check_kafka(bootstrap: str) -> Check:
    """One of the named brokers answers (without TLS)."""
    hosts = [host.strip() for host in bootstrap.split(",") if host.strip()]
    answering = [host for host in hosts if kafka.answers(host, timeout=3.0)]
    detail = f"{', '.join(answering)} answers" if answering else f"no answer from {bootstrap}"
    todo = "start it, or unset RASID_KAFKA to use a local one"
    return Check("RASID_KAFKA", bool(answering), detail, todo, "always")


def check_elasticsearch(settings: Settings) -> Check:
    """The named Elasticsearch answers, and takes the key."""
    url = settings.elasticsearch
    headers = {"Authorization": f"ApiKey {settings.elasticsearch_api_key}"} if settings.elasticsearch_api_key else {}
    todo = "start it, or unset RASID_ELASTICSEARCH to use a local one"
    try:
        context = (
            ssl.create_default_context(cafile=settings.elasticsearch_ca or None) if url.startswith("https") else None
        )
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5, context=context):
            return Check("RASID_ELASTICSEARCH", True, f"{url} answers", "", "always")
    except urllib.error.HTTPError as error:
        error.close()
        return Check(
            "RASID_ELASTICSEARCH", False, f"{url} answers {error.code}", "look at RASID_ELASTICSEARCH_API_KEY", "always"
        )
    except (OSError, ValueError) as error:
        return Check("RASID_ELASTICSEARCH", False, f"no answer from {url}: {error}", todo, "always")


def check_java(settings: Settings, elasticsearch: bool = True) -> Check:
    """A Java for the servers that would be started."""
    found = localstack.choose_java(settings, elasticsearch=elasticsearch)
    if isinstance(found, java.Java):
        return Check("Java", True, f"{found.version} at {found.home}", "", "servers")
    detail, _, todo = found.partition(": ")
    return Check("Java", False, detail, todo, "servers")


def check_maven(unpacked: bool) -> Check:
    """Maven, as long as the servers are not fetched."""
    program = shutil.which("mvn")
    if unpacked:
        return Check("Maven", True, f"{program or 'absent'}; not needed any more", "", "servers")
    return Check("Maven", program is not None, program or "absent", "Debian: apt install maven", "servers")


def check_account() -> Check:
    """Root can start the servers as another user."""
    account = place.server_account()
    if account is None:
        return Check("server user", True, "you", "", "servers")
    try:
        subprocess.run(["true"], user=account.uid, group=account.gid, extra_groups=[], check=True, timeout=10)
    except (OSError, subprocess.SubprocessError) as error:
        return Check(
            "server user", False, f"root cannot become {account.name} ({error})", "run as an ordinary user", "servers"
        )
    return Check("server user", True, f"{account.name}, because you are root", "", "servers")


def check_disk(folder: Path, needed_mb: int) -> Check:
    """Enough space where the servers and their data lie."""
    free = shutil.disk_usage(folder).free / 1e6
    todo = f"free {needed_mb} MB, or name a folder on another disk in RASID_CACHE"
    return Check("disk", free >= needed_mb, f"{free:.0f} MB free at {folder}", todo, "servers")


def check_memory() -> Check:
    """Enough memory for the servers, by what the system says is available and by the limit of the container."""
    available = available_mb()
    if available is None:
        return Check("memory", True, "this system does not say how much is available")
    todo = f"{SERVERS_MB} MB are wanted: close programs, or lower RASID_LOCAL_ELASTICSEARCH_HEAP"
    return Check("memory", available >= SERVERS_MB, f"{available:.0f} MB available", todo)


def available_mb(proc: Path = Path("/proc"), cgroup: Path = Path("/sys/fs/cgroup")) -> float | None:
    """Megabytes that can still be had, or None where the system does not say."""
    try:
        lines = (proc / "meminfo").read_text(encoding="ascii").splitlines()
        available = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        return None
    try:
        limit = int((cgroup / "memory.max").read_text(encoding="ascii"))
        used = int((cgroup / "memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):  # no container, or "max"
        return available / 1e6
    return min(available, max(0, limit - used)) / 1e6


def check_ports() -> Check:
    """Ports for the local servers."""
    try:
        free_ports(4)
    except RasidError as error:
        return Check("ports", False, str(error), "end programs that hold them", "servers")
    return Check("ports", True, f"free ones between {PORTS.start} and {PORTS.stop - 1} on 127.0.0.1", "", "servers")


def check_running(settings: Settings) -> Check:
    """Whether a `rasid up` of this user runs."""
    try:
        servers = localstack.running(settings)
    except RasidError:
        servers = None
    where = ", ".join(filter(None, (servers.kafka, servers.elasticsearch))) if servers else ""
    return Check("running", True, f"local servers at {where}" if where else "no local servers just now")


def check_evaluation(settings: Settings) -> Check:
    """The evaluation data, which only tests and measurements need."""
    folder = settings.eval_data
    there = (folder / "gold").is_dir()
    detail = str(folder) if there else f"none at {folder}; only measurements and some tests need them"
    return Check("evaluation data", there, detail, "name their folder in RASID_EVAL_DATA if you have them")
