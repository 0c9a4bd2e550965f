"""Where servers and data lie, and what is missing."""

from pathlib import Path

import pytest

from rasid.errors import Fatal
from rasid.localstack import download, java, needs, place
from rasid.localstack.place import Account
from rasid.settings import load_settings

ROOT = Account(65534, 65534, "nobody")


def test_an_ordinary_user_gets_the_cache_of_the_settings(tmp_path, monkeypatch):
    monkeypatch.setattr(place, "server_account", lambda: None)
    (tmp_path / "closed").mkdir(mode=0o700)
    assert place.cache_folder(load_settings(cache=tmp_path / "closed/c")) == tmp_path / "closed/c"


def test_root_gets_a_folder_that_the_user_of_the_servers_can_reach(tmp_path, monkeypatch):
    monkeypatch.setattr(place, "server_account", lambda: ROOT)
    monkeypatch.setattr(place, "ROOT_CACHE", tmp_path / "var")
    (tmp_path / "closed").mkdir(mode=0o700)
    assert place.cache_folder(load_settings(cache=tmp_path / "closed/c")) == tmp_path / "var"


def test_root_keeps_a_cache_that_others_can_reach(tmp_path, monkeypatch):
    monkeypatch.setattr(place, "server_account", lambda: ROOT)
    monkeypatch.setattr(place, "passable", lambda _path: True)
    assert place.cache_folder(load_settings(cache=tmp_path / "open")) == tmp_path / "open"


def test_a_cache_that_cannot_be_made_is_fatal(tmp_path, monkeypatch):
    monkeypatch.setattr(place, "server_account", lambda: None)
    (tmp_path / "file").touch()
    with pytest.raises(Fatal, match="RASID_CACHE"):
        place.cache_folder(load_settings(cache=tmp_path / "file/c"))


def test_a_folder_is_passable_only_if_all_above_are(tmp_path):
    inner = tmp_path / "a/b"
    inner.mkdir(parents=True)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        if folder.owner() == inner.owner():
            folder.chmod(0o711)
    expected = all(folder.stat().st_mode & 0o001 for folder in tmp_path.parents)
    assert place.passable(inner) == expected
    (tmp_path / "a").chmod(0o700)
    assert not place.passable(inner)


def test_the_size_of_a_folder_is_that_of_its_files(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a/x").write_bytes(b"12345")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    assert place.size_of(tmp_path / "a") == 5
    assert place.size_of(tmp_path / "absent") == 0


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with Java 25 and Maven, and nothing unpacked."""
    monkeypatch.setattr(needs, "server_account", lambda: None)
    monkeypatch.setattr(place, "server_account", lambda: None)
    monkeypatch.setattr(java, "find", lambda *_arguments, **_named: java.Java(Path("/j"), 25, frozenset()))
    monkeypatch.setattr(download, "unpacked", lambda _cache: None)
    monkeypatch.setattr(download, "POM", tmp_path / "pom.xml")
    (tmp_path / "pom.xml").touch()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/mvn").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return load_settings(cache=tmp_path / "cache", kafka="", elasticsearch="")


def test_nothing_is_missing_where_java_and_maven_are(machine):
    assert needs.missing(machine) == ""


def test_a_missing_maven_is_one_sentence_that_says_what_to_install(machine, monkeypatch):
    monkeypatch.setenv("PATH", "")
    sentence = needs.missing(machine)
    assert "apt install maven" in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_maven_is_not_needed_once_the_servers_are_unpacked(machine, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(download, "unpacked", lambda _cache: download.Software(Path("k"), Path("e")))
    assert needs.missing(machine) == ""


def test_a_missing_java_is_one_sentence(machine, monkeypatch):
    monkeypatch.setattr(java, "find", lambda *_arguments, **_named: "Java 21 or newer is needed")
    assert needs.missing(machine) == "Java 21 or newer is needed."


def test_an_installation_without_the_pom_says_so(machine):
    download.POM.unlink()
    assert "run Rasid from a checkout." in needs.missing(machine)


def test_nothing_is_missing_where_both_servers_run_elsewhere(machine, monkeypatch):
    monkeypatch.setattr(java, "find", lambda *_arguments, **_named: "no Java")
    elsewhere = machine.model_copy(update={"kafka": "h:9092", "elasticsearch": "http://h:9200"})
    assert needs.missing(elsewhere) == ""
    assert needs.missing(elsewhere, elasticsearch=True) == "no Java."


def test_a_java_that_only_root_can_reach_is_refused_for_root(machine, monkeypatch):
    monkeypatch.setattr(needs, "server_account", lambda: ROOT)
    monkeypatch.setattr(needs, "passable", lambda _path: False)
    assert "closed to other users" in needs.missing(machine)


def test_the_pom_is_where_it_is_looked_for():
    assert download.POM.is_file()
