"""Which Java runs the local servers: `RASID_JAVA_HOME`, `JAVA_HOME`, the usual folders, `PATH`; the newest that fits."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

KAFKA = 17
"""Lowest Java version of Kafka 4."""
ELASTICSEARCH = 21
"""Lowest Java version of Elasticsearch 9."""
ELASTICSEARCH_MODULES = frozenset({"jdk.jlink"})
"""Elasticsearch names this module when it starts; runtimes that were cut down do not have it."""

FOLDERS = (
    Path("/usr/lib/jvm"),
    Path("/Library/Java/JavaVirtualMachines"),
    Path.home() / ".sdkman/candidates/java",
    Path.home() / ".jdks",
)


@dataclass(frozen=True)
class Java:
    """A Java installation.

    Attributes:
        home: folder that holds `bin/java`.
        version: feature release, such as 21.
        modules: names of its modules.
    """

    home: Path
    version: int
    modules: frozenset[str]

    def lacks(self, minimum: int, modules: frozenset[str]) -> str:
        """Why this Java does not fit, or ""."""
        if self.version < minimum:
            return f"is Java {self.version}"
        absent = ", ".join(sorted(modules - self.modules))
        return f"is Java {self.version} without the module {absent}" if absent else ""


def inspect(home: Path) -> Java | None:
    """The Java in a folder, or None where there is none. Reads its `release` file; only without one is Java itself asked."""
    if not os.access(home / "bin" / "java", os.X_OK):
        return None
    try:
        text = (home / "release").read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    fields = dict(re.findall(r'^(\w+)="([^"]*)"$', text, re.MULTILINE))
    if "JAVA_VERSION" in fields and "MODULES" in fields:
        return Java(home, _feature(fields["JAVA_VERSION"]), frozenset(fields["MODULES"].split()))
    return _ask(home)


def _ask(home: Path) -> Java | None:
    try:
        told = subprocess.run(
            [home / "bin" / "java", "--list-modules"], capture_output=True, text=True, timeout=20, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    modules = dict(line.strip().partition("@")[::2] for line in told.splitlines() if "@" in line)
    return Java(home, _feature(modules.get("java.base", "0")), frozenset(modules))


def _feature(version: str) -> int:
    """21 of "21.0.3", 8 of "1.8.0_412", 0 of what is no version."""
    found = re.match(r"(?:1\.)?(\d+)", version)
    return int(found[1]) if found else 0


def homes(environ: Mapping[str, str], folders: Iterable[Path] = FOLDERS) -> Iterator[Path]:
    """Folders in which a Java may be: JAVA_HOME first, then the usual folders, then the one of `java` on the PATH."""
    if environ.get("JAVA_HOME"):
        yield Path(environ["JAVA_HOME"])
    for folder in folders:
        if folder.is_dir():
            for child in sorted(folder.iterdir()):
                yield child
                yield child / "Contents" / "Home"  # macOS
    on_path = shutil.which("java", path=environ.get("PATH", ""))
    if on_path:
        yield Path(on_path).resolve().parents[1]


def installed(environ: Mapping[str, str], folders: Iterable[Path] = FOLDERS) -> list[Java]:
    """Every Java found, each once, in the order of `homes`."""
    found: dict[Path, Java] = {}
    for home in homes(environ, folders):
        java = inspect(home)
        if java is not None:
            found.setdefault(home.resolve(), java)
    return list(found.values())


def find(
    minimum: int,
    modules: frozenset[str] = frozenset(),
    explicit: str = "",
    environ: Mapping[str, str] = os.environ,
    folders: Iterable[Path] = FOLDERS,
) -> Java | str:
    """The Java to use, or the sentence that says why there is none.

    Args:
        minimum: lowest feature release that fits.
        modules: modules that it must have.
        explicit: RASID_JAVA_HOME. Where it is set nothing else is looked at.
        environ: JAVA_HOME is taken where it fits, before the newest of the others; PATH is searched last.
        folders: folders that hold one Java each in their subfolders.
    """
    if explicit:
        java = inspect(Path(explicit))
        if java is None:
            return f"RASID_JAVA_HOME={explicit} holds no bin/java; name the folder of a Java or unset it"
        lack = java.lacks(minimum, modules)
        return f"RASID_JAVA_HOME={explicit} {lack}, and Java {minimum} or newer is needed" if lack else java
    javas = installed(environ, folders)
    fitting = [java for java in javas if not java.lacks(minimum, modules)]
    if not fitting:
        seen = "; ".join(f"{java.home} {java.lacks(minimum, modules)}" for java in javas)
        return (
            f"Java {minimum} or newer is needed and not found ({seen or 'no Java at all'}): install it "
            f"(Debian 13: apt install openjdk-21-jdk-headless; elsewhere a JDK such as Eclipse Temurin 21) "
            f"or name its folder in RASID_JAVA_HOME"
        )
    preferred = environ.get("JAVA_HOME", "")
    if preferred and fitting[0].home == Path(preferred):
        return fitting[0]
    return max(fitting, key=lambda java: java.version)
