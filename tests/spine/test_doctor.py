"""`rasid doctor` on machines that lack something."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import seeds
from rasid import doctor, outlets
from rasid.cli.doctor import command
from rasid.doctor import Check, mode
from rasid.errors import Usage
from rasid.localstack import download, place
from rasid.localstack.process import free_ports
from rasid.outlets import FeedsFile
from rasid.settings import load_settings


@pytest.fixture(autouse=True)
def healthy(tmp_path, monkeypatch):
    """A machine whose seeds can be read and whose folders are new."""
    monkeypatch.setattr(place, "server_account", lambda: None)
    monkeypatch.setattr(outlets, "load", lambda _path: FeedsFile({}, ()))
    monkeypatch.setenv("RASID_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("RASID_DATA", str(tmp_path / "data"))
    for name in ("RASID_KAFKA", "RASID_ELASTICSEARCH", "RASID_JAVA_HOME"):
        monkeypatch.delenv(name, raising=False)


def run(*arguments: str) -> tuple[int, dict[str, dict[str, object]], str]:
    result = CliRunner().invoke(command, ["--json", *arguments])
    told = json.loads(result.stdout)
    return result.exit_code, {check["name"]: check for check in told["checks"]}, told["mode"]


@pytest.mark.parametrize(
    ("lacking", "expected"),
    [([], "servers"), (["no"], "servers"), (["servers"], "in-process"), (["servers", "always"], "none")],
)
def test_the_gravest_lack_decides_how_up_can_run(lacking, expected):
    checks = [Check("fine", True, "", needed="always"), *(Check("lack", False, "", needed=need) for need in lacking)]
    assert mode(checks) == expected


def test_without_java_up_runs_in_process_and_the_exit_code_is_0(monkeypatch, tmp_path):
    monkeypatch.setenv("RASID_JAVA_HOME", str(tmp_path))
    code, checks, how = run()
    assert (code, how) == (0, "in-process")
    assert not checks["Java"]["ok"]
    assert "RASID_JAVA_HOME" in f"{checks['Java']['detail']} {checks['Java']['todo']}"


def test_without_maven_the_check_says_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert not doctor.check_maven(unpacked=False).ok
    assert "apt install maven" in doctor.check_maven(unpacked=False).todo
    assert doctor.check_maven(unpacked=True).ok


def test_a_missing_seed_file_means_that_nothing_runs(monkeypatch):
    monkeypatch.setattr(doctor, "SEEDS", ("lexicon/absent.tsv",))
    code, checks, how = run()
    assert (code, how) == (1, "none")
    assert "lexicon/absent.tsv" in checks["seeds"]["detail"]


def test_a_broken_feeds_file_is_shown_with_its_error(monkeypatch):
    def broken(_path):
        raise Usage("feeds.toml: line 3 is no TOML")

    monkeypatch.setattr(outlets, "load", broken)
    assert run()[1]["seeds"]["detail"] == "feeds.toml: line 3 is no TOML"


def test_the_seeds_it_asks_for_are_in_the_project():
    folder = Path(next(iter(seeds.__path__)))
    assert [name for name in doctor.SEEDS if not (folder / name).is_file()] == []


def test_named_servers_that_do_not_answer_are_an_error_and_java_is_not_asked_for(monkeypatch):
    (port,) = free_ports(1)
    monkeypatch.setenv("RASID_KAFKA", f"127.0.0.1:{port}")
    monkeypatch.setenv("RASID_ELASTICSEARCH", f"http://127.0.0.1:{port}")
    code, checks, _ = run()
    assert code == 1
    assert not checks["RASID_KAFKA"]["ok"]
    assert not checks["RASID_ELASTICSEARCH"]["ok"]
    assert "Java" not in checks


def test_a_nonsense_url_is_an_error_and_no_crash():
    assert not doctor.check_elasticsearch(load_settings(elasticsearch="nonsense")).ok
    assert not doctor.check_kafka("nonsense").ok


def test_named_servers_that_answer_are_fine(servers):
    assert doctor.check_kafka(f"127.0.0.1:1, {servers.kafka}").ok
    assert doctor.check_elasticsearch(load_settings(elasticsearch=servers.elasticsearch)).ok


def test_a_full_disk_means_in_process(tmp_path):
    check = doctor.check_disk(tmp_path, 10**12)
    assert not check.ok
    assert mode([check]) == "in-process"


def test_a_data_folder_that_cannot_be_made_means_that_nothing_runs(tmp_path):
    (tmp_path / "file").touch()
    assert not doctor.check_data(load_settings(data=tmp_path / "file/data")).ok
    assert doctor.check_data(load_settings(data=tmp_path / "a/b")).ok


@pytest.mark.parametrize(
    ("limit", "used", "expected"),
    [(None, None, 4000.0), ("max\n", "1\n", 4000.0), ("1000000000\n", "400000000\n", 600.0)],
)
def test_memory_is_what_the_system_and_the_container_leave(tmp_path, limit, used, expected):
    (tmp_path / "meminfo").write_text("MemTotal: 8000000 kB\nMemAvailable: 3906250 kB\n")
    if limit:
        (tmp_path / "memory.max").write_text(limit)
        (tmp_path / "memory.current").write_text(used)
    assert doctor.available_mb(tmp_path, tmp_path) == expected
    assert doctor.available_mb(tmp_path / "absent", tmp_path) is None


def test_the_text_has_one_line_a_check_and_says_what_to_do(monkeypatch):
    monkeypatch.setattr(doctor, "SEEDS", ("absent.tsv",))
    lines = CliRunner().invoke(command, []).stdout.splitlines()
    (line,) = [line for line in lines if "absent.tsv" in line]
    assert line.startswith("missing seeds")
    assert line.endswith("restore them from git")
    assert lines[-1] == "`rasid up` cannot run."


def test_what_is_not_fetched_yet_is_no_lack(monkeypatch):
    monkeypatch.setattr(download, "unpacked", lambda _cache: None)
    check = run()[1]["local servers"]
    assert check["ok"]
    assert "947 MB" in check["detail"]
