"""Who has the data of a stack, and which stacks run."""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rasid.errors import Fatal
from rasid.localstack import elasticsearch, folders, kafka, place, stack
from rasid.localstack.stack import Servers
from rasid.settings import load_settings


def hold(stacks: Path, said: list[str] | None = None, owner: int | None = None, patience: float = 30) -> folders.Held:
    tell = (said if said is not None else []).append
    return folders.hold(stacks, "main", False, tell, owner or os.getpid(), patience)


def dead_pid() -> int:
    gone = subprocess.Popen(["true"])
    gone.wait()
    return gone.pid


def test_a_second_run_of_the_same_name_gets_its_own_data_and_says_so(tmp_path):
    said: list[str] = []
    first, second, third = hold(tmp_path), hold(tmp_path, said), hold(tmp_path, said)
    assert first.path == tmp_path / "main"
    assert len({first.path, second.path, third.path}) == 3
    assert not first.throwaway
    assert second.throwaway
    assert "another run has the data of 'main'" in said[0]
    assert str(os.getpid()) in said[0]
    for held in (first, second, third):
        os.close(held.lock)


def test_the_folder_is_free_again_when_the_lock_is(tmp_path):
    os.close(hold(tmp_path).lock)
    held = hold(tmp_path)
    assert held.path == tmp_path / "main"
    os.close(held.lock)


def test_servers_of_a_dead_run_are_waited_for(tmp_path):
    """The guard of a killed run still holds the lock, for as long as its server takes to end."""
    script = "import fcntl, sys; f = open(sys.argv[1], 'r+'); fcntl.flock(f, fcntl.LOCK_EX); print(1, flush=True); sys.stdin.read()"
    (tmp_path / "main").mkdir()
    (tmp_path / "main/lock").write_text(str(dead_pid()))
    guard = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "main/lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with guard:
        assert guard.stdout.readline() == b"1\n"
        with pytest.raises(Fatal, match="servers of an earlier run still have"):
            hold(tmp_path, patience=0)
        guard.stdin.close()
        held = hold(tmp_path)
    assert held.path == tmp_path / "main"
    os.close(held.lock)


def test_throwaway_folders_that_nobody_holds_are_swept_and_others_are_not(tmp_path):
    for name in ("main-1-1", "main-2-1", "my-data", "held-1-1"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "data").touch()
    for name in ("main-1-1", "main-2-1", "held-1-1"):
        (tmp_path / name / "throwaway").touch()
    with (tmp_path / "held-1-1/lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folders.sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["held-1-1", "my-data"]


def test_clearing_keeps_only_the_lock(tmp_path):
    held = hold(tmp_path)
    (held.path / "kafka/data").mkdir(parents=True)
    (held.path / "ports.json").touch()
    folders.clear(held.path)
    assert [path.name for path in held.path.iterdir()] == ["lock"]
    os.close(held.lock)


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Settings with a cache in which state files can be put, and servers that answer as told."""
    monkeypatch.setattr(place, "server_account", lambda: None)
    up: set[str] = set()
    monkeypatch.setattr(kafka, "answers", up.__contains__)
    monkeypatch.setattr(elasticsearch, "answers", up.__contains__)

    def put(name: str, number: int, pid: int | None = None, answering: bool = True) -> Servers:
        servers = Servers(f"127.0.0.1:{number}", f"http://127.0.0.1:{number}")
        folder = tmp_path / "stacks" / name
        folder.mkdir(parents=True)
        state = {
            "pid": pid or os.getpid(),
            "started": number,
            "kafka": servers.kafka,
            "elasticsearch": servers.elasticsearch,
        }
        (folder / "state.json").write_text(json.dumps(state))
        if answering:
            up.update((servers.kafka, servers.elasticsearch))
        return servers

    return load_settings(cache=tmp_path), put


def test_nothing_runs_on_a_new_machine(machine):
    settings, _ = machine
    assert stack.running(settings) is None


def test_the_newest_stack_that_answers_is_found(machine):
    settings, put = machine
    main = put("main", 1)
    newer = put("sample", 2)
    put("silent", 3, answering=False)
    assert stack.running(settings) == newer
    assert stack.running(settings, "main") == main
    assert stack.running(settings, "absent") is None


def test_a_stale_state_file_is_ignored_and_removed(machine, tmp_path):
    settings, put = machine
    put("main", 1, pid=dead_pid())
    assert stack.running(settings) is None
    assert not (tmp_path / "stacks/main/state.json").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": 0}', '{"pid": "x"}', '{"pid": null}'])
def test_a_broken_state_file_is_no_stack(machine, tmp_path, text):
    settings, _ = machine
    (tmp_path / "stacks/main").mkdir(parents=True)
    (tmp_path / "stacks/main/state.json").write_text(text)
    assert stack.running(settings) is None
