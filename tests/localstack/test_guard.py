"""The guard: whatever happens to the owner, the server ends. Made-up servers, real processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rasid.localstack.process import guarded
from tests.localstack.waiting import until

OBEDIENT = "echo $$ >pid; exec sleep 600"
STUBBORN = "trap '' TERM; echo $$ >pid; while :; do sleep 0.2; done"
LAUNCHER = "sh -c 'echo $$ >child; exec sleep 600' & echo $$ >pid; exec sleep 600"

OWNER = """
import os, pathlib, sys, time
from rasid.localstack.process import guarded
folder = pathlib.Path(sys.argv[1])
guarded(["sh", "-c", sys.argv[2]], open(folder / "log", "wb"), environ=os.environ, folder=folder / "work",
        remove=folder / "work" if len(sys.argv) > 3 else None)
time.sleep(600)
"""


def alive(pid: int) -> bool:
    """Whether a process runs; a dead one that nobody has collected yet does not."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def pid_in(file: Path) -> int:
    until(lambda: file.exists() and file.read_text().strip() != "", f"{file.name} written")
    return int(file.read_text())


def start(folder: Path, script: str) -> "tuple[subprocess.Popen[bytes], int]":
    (folder / "work").mkdir()
    with (folder / "log").open("wb") as output:
        guard = guarded(["sh", "-c", script], output, environ=os.environ, folder=folder / "work")
    return guard, pid_in(folder / "work/pid")


def test_a_server_that_is_asked_to_stop_stops(tmp_path):
    guard, server = start(tmp_path, OBEDIENT)
    guard.terminate()
    assert guard.wait(20) == 128 + signal.SIGTERM
    assert not alive(server)


def test_a_kill_ends_a_server_that_does_not_listen(tmp_path):
    guard, server = start(tmp_path, STUBBORN)
    guard.send_signal(signal.SIGUSR1)
    assert guard.wait(20) == 128 + signal.SIGKILL
    assert not alive(server)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGUSR1])
def test_what_a_launcher_started_ends_with_it(tmp_path, number):
    guard, server = start(tmp_path, LAUNCHER)
    child = pid_in(tmp_path / "work/child")
    guard.send_signal(number)
    guard.wait(20)
    assert not alive(server)
    assert not alive(child)


def test_the_exit_code_of_a_server_that_ends_by_itself_is_given(tmp_path):
    with (tmp_path / "log").open("wb") as output:
        assert guarded(["sh", "-c", "exit 7"], output, environ=os.environ, folder=tmp_path).wait(20) == 7


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_server_ends_when_its_guard_is_killed(tmp_path):
    guard, server = start(tmp_path, STUBBORN)
    guard.kill()
    guard.wait(20)
    until(lambda: not alive(server), "the server gone")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("remove", [False, True])
def test_a_server_ends_when_its_owner_is_killed(tmp_path, number, remove):
    (tmp_path / "stack").mkdir()
    folder = tmp_path / "stack"
    (folder / "work").mkdir()
    arguments = [sys.executable, "-c", OWNER, str(folder), OBEDIENT, *(["remove"] if remove else [])]
    owner = subprocess.Popen(arguments)
    server = pid_in(folder / "work/pid")
    owner.send_signal(number)
    owner.wait(20)
    until(lambda: not alive(server), "the server gone")
    if remove:
        until(lambda: not folder.exists(), "the folder gone")
    else:
        assert folder.is_dir()


def test_an_owner_that_is_dead_already_gets_no_server(tmp_path):
    gone = subprocess.Popen(["true"])
    gone.wait()
    with (tmp_path / "log").open("wb") as output:
        guard = guarded(["sleep", "600"], output, environ=os.environ, folder=tmp_path, owner=gone.pid)
    assert guard.wait(20) == 128 + signal.SIGTERM


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_server_of_another_user_ends_when_its_guard_is_killed(tmp_path):
    from rasid.localstack.place import give, server_account

    account = server_account()
    (tmp_path / "work").mkdir()
    give(tmp_path / "work", account)
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    with (tmp_path / "log").open("wb") as output:
        guard = guarded(["sh", "-c", STUBBORN], output, environ=os.environ, folder=tmp_path / "work", account=account)
    server = pid_in(tmp_path / "work/pid")
    assert (Path("/proc") / str(server)).stat().st_uid == account.uid
    guard.kill()
    guard.wait(20)
    until(lambda: not alive(server), "the server gone")
