"""Fetching the servers, with a made-up Maven."""

import json
import os
import threading
from pathlib import Path

import pytest

from rasid.errors import Fatal
from rasid.localstack import download

MAVEN = """#!/bin/sh
for argument in "$@"; do case $argument in -Drasid.servers=*) to=${argument#-Drasid.servers=};; esac; done
echo called >>"$CALLS"
mkdir -p "$to/kafka" "$to/unpacked/product-1/elasticsearch/lib" "$to/target"
echo jar >"$to/kafka/kafka.jar"
echo jar >"$to/unpacked/product-1/elasticsearch/lib/server.jar"
"""
FAILING = """#!/bin/sh
echo '[ERROR] Could not transfer artifact: Unknown host'
exit 1
"""


@pytest.fixture
def pom(tmp_path: Path) -> Path:
    file = tmp_path / "pom.xml"
    file.write_text("<project/>")
    return file


@pytest.fixture
def maven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Puts a made-up mvn on the PATH and gives the file in which it counts its calls."""
    calls = tmp_path / "calls"

    def put(script: str) -> Path:
        program = tmp_path / "bin" / "mvn"
        program.parent.mkdir(exist_ok=True)
        program.write_text(script)
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
        monkeypatch.setenv("CALLS", str(calls))
        return calls

    return put


def fetch(tmp_path: Path, pom: Path, said: list[str] | None = None) -> download.Software:
    return download.fetch(tmp_path / "cache", Path("/nowhere"), (said if said is not None else []).append, pom)


def test_the_servers_are_fetched_once_and_it_is_said_what_and_how_large(tmp_path, pom, maven):
    calls, said = maven(MAVEN), []
    assert download.unpacked(tmp_path / "cache", pom) is None
    software = fetch(tmp_path, pom, said)
    assert (software.kafka / "kafka.jar").is_file()
    assert (software.elasticsearch / "lib/server.jar").is_file()
    assert "54 MB" in said[0]
    assert "947 MB" in said[0]
    again: list[str] = []
    assert fetch(tmp_path, pom, again) == software
    assert again == []
    assert calls.read_text().count("called") == 1


def test_nothing_but_the_servers_stays(tmp_path, pom, maven):
    maven(MAVEN)
    home = fetch(tmp_path, pom).kafka.parent
    assert sorted(path.name for path in home.iterdir()) == ["complete.json", "elasticsearch", "kafka"]
    assert sorted(path.name for path in home.parent.iterdir()) == [home.name, f"{home.name}.lock"]


@pytest.mark.parametrize("harm", ["remove", "cut", "unseal", "break the seal"])
def test_an_incomplete_copy_is_fetched_again(tmp_path, pom, maven, harm):
    calls = maven(MAVEN)
    software = fetch(tmp_path, pom)
    jar, seal = software.kafka / "kafka.jar", software.kafka.parent / download.COMPLETE
    jar.chmod(0o644)
    {
        "remove": jar.unlink,
        "cut": lambda: os.truncate(jar, 1),
        "unseal": seal.unlink,
        "break the seal": lambda: seal.write_text("{"),
    }[harm]()
    assert download.unpacked(tmp_path / "cache", pom) is None
    fetch(tmp_path, pom)
    assert jar.read_text() == "jar\n"
    assert calls.read_text().count("called") == 2


def test_another_pom_gets_a_folder_of_its_own(tmp_path, pom, maven):
    maven(MAVEN)
    first = fetch(tmp_path, pom)
    pom.write_text("<project><!-- newer --></project>")
    assert fetch(tmp_path, pom) != first
    assert first.kafka.is_dir()


def test_two_callers_at_a_time_fetch_once(tmp_path, pom, maven):
    calls, results = maven(MAVEN), []
    threads = [threading.Thread(target=lambda: results.append(fetch(tmp_path, pom))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(set(map(str, results))) == 1
    assert calls.read_text().count("called") == 1


def test_a_failing_maven_is_fatal_with_its_last_lines_and_leaves_nothing(tmp_path, pom, maven):
    maven(FAILING)
    with pytest.raises(Fatal, match="Unknown host") as caught:
        fetch(tmp_path, pom)
    log = next((tmp_path / "cache/servers").glob("*.log"))
    assert str(log) in str(caught.value)
    assert not [path for path in (tmp_path / "cache/servers").iterdir() if path.is_dir()]


def test_a_maven_that_brings_no_elasticsearch_is_fatal(tmp_path, pom, maven):
    maven("#!/bin/sh\nexit 0\n")
    with pytest.raises(Fatal, match="could not be unpacked"):
        fetch(tmp_path, pom)


def test_without_maven_it_is_said_what_to_install(tmp_path, pom, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Fatal, match="apt install maven"):
        fetch(tmp_path, pom)


def test_without_a_pom_it_is_said_where_it_would_be(tmp_path):
    with pytest.raises(Fatal, match=r"absent\.xml is absent.*checkout"):
        fetch(tmp_path, tmp_path / "absent.xml")


def test_every_user_may_read_what_was_unpacked(tmp_path, pom, maven):
    maven(MAVEN.replace("mkdir", "umask 077; mkdir", 1))
    software = fetch(tmp_path, pom)
    assert (software.kafka / "kafka.jar").stat().st_mode & 0o004
    assert software.kafka.stat().st_mode & 0o005 == 0o005
    sealed = json.loads((software.kafka.parent / download.COMPLETE).read_text())
    assert sealed == {"kafka/kafka.jar": 4, "elasticsearch/lib/server.jar": 4}
