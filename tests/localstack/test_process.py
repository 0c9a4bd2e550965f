"""Starting a server: its ports, its log, and what is said when it does not start."""

import os
import random
import socket
import sys
from pathlib import Path

import pytest

from rasid.errors import Fatal
from rasid.localstack.process import PORTS, Program, Server, free_ports, guarded, is_free, tail
from tests.localstack.waiting import until


def launch(folder: Path, script: str, answers=lambda _address: False) -> Server:
    program = Program("Kafka", ["sh", "-c", script], dict(os.environ), folder, "127.0.0.1:1", answers)
    log = folder / "kafka.log"
    with log.open("wb") as output:
        process = guarded(program.command, output, environ=program.environ, folder=folder)
    return Server(program, log, process)


def test_a_server_that_ends_at_its_start_is_fatal_with_its_name_log_and_last_lines(tmp_path):
    server = launch(tmp_path, "echo first; echo 'the disk is gone'; exit 3")
    until(lambda: not server.alive(), "ended")
    with pytest.raises(Fatal) as caught:
        server.ready(60)
    assert "the local Kafka ended at its start (exit code 3)" in str(caught.value)
    assert str(tmp_path / "kafka.log") in str(caught.value)
    assert "the disk is gone" in str(caught.value)
    assert not server.clashed()


def test_a_server_that_does_not_answer_in_time_is_fatal(tmp_path):
    server = launch(tmp_path, "echo waiting for something; exec sleep 600")
    until(lambda: "waiting" in tail(server.log), "a line in the log")
    assert server.ready(600) is False
    with pytest.raises(Fatal, match=r"does not answer after 0 s.*\n.*waiting for something"):
        server.ready(0)
    server.kill()


def test_a_server_is_ready_when_it_answers(tmp_path):
    server = launch(tmp_path, "exec sleep 600", answers=lambda address: address == "127.0.0.1:1")
    assert server.ready(600)
    server.stop()
    assert not server.alive()


@pytest.mark.parametrize(
    "line", ["java.net.BindException: Address already in use", "BindHttpException[Failed to bind to 127.0.0.1:9200]"]
)
def test_a_port_that_was_taken_meanwhile_is_recognised(tmp_path, line):
    server = launch(tmp_path, f"echo '{line}'; exit 1")
    until(lambda: not server.alive(), "ended")
    assert server.clashed()


def test_a_program_that_is_not_there_is_told_from_the_log(tmp_path):
    program = Program("Kafka", [str(tmp_path / "no-java")], dict(os.environ), tmp_path, "x", lambda _address: False)
    with (tmp_path / "log").open("wb") as output:
        process = guarded(program.command, output, environ=program.environ, folder=tmp_path)
    server = Server(program, tmp_path / "log", process)
    until(lambda: not server.alive(), "ended")
    with pytest.raises(Fatal, match="no-java"):
        server.ready(60)


def test_a_port_in_use_is_not_chosen(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        assert not is_free(port)
        assert free_ports(1, (port,)) != (port,)
    assert is_free(port)


class Unshuffled(random.Random):
    """Takes the ports in their order."""

    def shuffle(self, x):
        pass


def test_a_port_in_use_is_passed_over_in_the_choice():
    (first,) = free_ports(1, chance=Unshuffled())
    with socket.create_server(("127.0.0.1", first)):
        (second,) = free_ports(1, chance=Unshuffled())
    assert second > first


def test_the_ports_of_the_last_run_are_taken_again_if_all_are_free():
    first = free_ports(3)
    assert free_ports(3, first) == first
    assert free_ports(2, first) != first


def test_ports_lie_below_those_of_outgoing_connections():
    assert all(port in PORTS for port in free_ports(50, chance=random.Random(7)))
    if sys.platform == "linux":
        lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
        assert lowest >= PORTS.stop, "this machine gives out outgoing ports in the range of the local servers"


def test_the_tail_of_a_log_leaves_out_stack_frames_and_cuts_long_lines(tmp_path):
    log = tmp_path / "log"
    log.write_text("old\nERROR: " + "x" * 1000 + "\n\tat org.example.Main(Main.java:1)\n\t... 7 more\nlast\n")
    lines = tail(log, 2).splitlines()
    assert lines[0].startswith("    ERROR: xxx")
    assert len(lines[0]) == 304
    assert lines[1] == "    last"
    assert tail(tmp_path / "absent") == "(no log)"
