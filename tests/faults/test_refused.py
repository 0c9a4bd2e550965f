"""Commands that cannot do what they are asked: the exit code (1 work failed, 2 wrong use) and one sentence, no traceback."""

import logging
import os
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from rasid import broker
from rasid.cli import main
from rasid.localstack import Servers
from rasid.localstack.process import free_ports
from rasid.topics import planned
from tests.faults.conftest import Start

NO_FEED = '[[outlet]]\nid = "a"\nname = "وكالة المثال"\n'
ONE_FEED = NO_FEED + '[[feed]]\nid = "f"\noutlet = "a"\nurl = "http://127.0.0.1:9/feed"\n'
DISABLED = ONE_FEED + "enabled = false\n"


@pytest.fixture
def dead() -> str:
    """An address at which nobody answers."""
    return f"127.0.0.1:{free_ports(1)[0]}"


def _one_sentence(text: str) -> str:
    """The last line of stderr, which is the only one that is no line of the log."""
    lines = [line for line in text.splitlines() if line and not line.startswith("{")]
    assert len(lines) == 1, text
    assert lines[0].startswith("rasid: ")
    assert "Traceback" not in text
    return lines[0]


WRONG_USE = {
    "a worker without a Kafka": (("work",), {}, "RASID_KAFKA"),
    "a stage that there is not": (("work", "--stages", "txt"), {"RASID_KAFKA": "k:9092"}, "'txt'"),
    "an index stage without an Elasticsearch": (
        ("work", "--stages", "index"), {"RASID_KAFKA": "k:9092"}, "RASID_ELASTICSEARCH",
    ),
    "a poller without a Kafka": (("poll",), {}, "RASID_KAFKA"),
    "a poller with no feeds file": (
        ("poll", "--feeds", "missing.toml"), {"RASID_KAFKA": "k:9092"}, "missing.toml",
    ),
    "a poller without a feed": (("poll", "--feeds", "disabled.toml"), {"RASID_KAFKA": "k:9092"}, "no enabled feed"),
    "up with no feeds file": (("up", "--feeds", "missing.toml"), {}, "missing.toml"),
    "up in process with no feeds file": (("up", "--in-process", "--feeds", "missing.toml"), {}, "missing.toml"),
    "up without a feed": (("up", "--feeds", "none.toml"), {}, "no enabled feed"),
    "up in process without an enabled feed": (
        ("up", "--in-process", "--feeds", "disabled.toml"), {}, "no enabled feed",
    ),
    "up with a feeds file that is none": (("up", "--feeds", "html.toml"), {}, "is no feeds file"),
    "up with a summary that cannot be written": (
        ("up", "--in-process", "--feeds", "one.toml", "--for", "1s", "--summary", "one.toml/s.json"), {}, "summary",
    ),
    "a worker with a feeds file that is none": (
        ("work", "--stages", "text"), {"RASID_KAFKA": "k:9092", "RASID_FEEDS": "html.toml"}, "is no feeds file",
    ),
    "setup without a server": (("setup",), {}, "RASID_KAFKA"),
    "a replay of a file that is missing": (("replay", "missing.jsonl", "-o", "out"), {}, "missing.jsonl"),
    "a setting out of range": (("work",), {"RASID_KAFKA": "k:9092", "RASID_STAGE_BATCH": "0"}, "RASID_STAGE_BATCH"),
    "a log level that there is not": (("up", "--sample"), {"RASID_LOG": "loud"}, "RASID_LOG"),
}  # fmt: skip


@pytest.fixture
def quiet_logs() -> Iterator[None]:
    """Puts back what a command in this process does to the logs."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    yield
    for handler in root.handlers:
        if handler not in before[0]:
            handler.close()
    root.handlers[:], root.level = before
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.mark.usefixtures("quiet_logs")
@pytest.mark.parametrize("case", WRONG_USE)
def test_wrong_use_is_one_sentence_and_exit_code_2(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("none", NO_FEED), ("one", ONE_FEED), ("disabled", DISABLED), ("html", "<html>خطأ</html>")):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    arguments, environ, expected = WRONG_USE[case]
    for name in [name for name in os.environ if name.startswith("RASID_")]:
        monkeypatch.delenv(name)
    for name, value in {"RASID_CACHE": str(tmp_path), "RASID_DATA": str(tmp_path), **environ}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["rasid", *arguments])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert expected in _one_sentence(capsys.readouterr().err)


ABSENT = {
    "work": (("work", "--stages", "text"), "no Kafka answers at {dead}"),
    "poll": (("poll",), "no Kafka answers at {dead}"),
    "setup": (("setup",), "no Kafka answers at {dead}"),
    "up": (("up", "--for", "1s"), "no Kafka answers at {dead}"),
    "replay": (("replay", "in.jsonl", "-o", "out"), "no Kafka answers at {dead}"),
    "where": (("where", "some-id"), "no Kafka answers at {dead}"),
}


@pytest.mark.parametrize("case", ABSENT)
def test_an_absent_kafka_is_one_sentence_and_exit_code_1(case: str, start: Start, dead: str, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("", encoding="utf-8")
    arguments, expected = ABSENT[case]
    command = start(*arguments, RASID_KAFKA=dead)
    assert command.ended(60) == 1, command.told()
    assert expected.format(dead=dead) in _one_sentence(command.err)
    assert "starting Elasticsearch" not in command.out + command.err, "the other server was not started in vain"


@pytest.mark.parametrize("arguments", [("work", "--stages", "text"), ("poll",)], ids=" ".join)
def test_a_metrics_port_in_use_is_one_sentence_and_exit_code_1(
    arguments: tuple[str, ...], start: Start, dead: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = start(*arguments, RASID_KAFKA=dead, RASID_METRICS_PORT=str(port))
        assert command.ended(60) == 1, command.told()
    assert f"no metrics on port {port} (Address already in use)" in _one_sentence(command.err)


ABSENT_ELASTICSEARCH = {
    "up": ("up", "--for", "1s"),
    "replay": ("replay", "in.jsonl", "-o", "out"),
    "setup": ("setup",),
    "where": ("where", "some-id"),
}


@pytest.mark.parametrize("case", ABSENT_ELASTICSEARCH)
def test_an_absent_elasticsearch_is_one_sentence_and_exit_code_1(
    case: str, servers: Servers, start: Start, dead: str, topic_prefix: str, tmp_path: Path
) -> None:
    (tmp_path / "in.jsonl").write_text("", encoding="utf-8")
    environ = {"RASID_ELASTICSEARCH": f"http://{dead}", "RASID_TOPIC_PREFIX": topic_prefix}
    if case not in {"setup", "where"}:
        environ["RASID_KAFKA"] = servers.kafka
    command = start(*ABSENT_ELASTICSEARCH[case], **environ)
    assert command.ended(60) == 1, command.told()
    assert re.search("Elasticsearch (does|did) not answer", _one_sentence(command.err))


@pytest.mark.parametrize("arguments", [("work", "--stages", "text"), ("poll",), ("up", "--for", "1s")], ids=" ".join)
async def test_a_wrong_partition_count_is_one_sentence_and_exit_code_1(
    arguments: tuple[str, ...], servers: Servers, start: Start, topic_prefix: str
) -> None:
    await broker.ensure_topics(servers.kafka, topic_prefix, topics=planned(1))
    command = start(
        *arguments,
        RASID_KAFKA=servers.kafka,
        RASID_ELASTICSEARCH=servers.elasticsearch,
        RASID_TOPIC_PREFIX=topic_prefix,
    )
    try:
        assert command.ended(60) == 1, command.told()
    finally:
        await broker.delete_topics(servers.kafka, topic_prefix)
    sentence = _one_sentence(command.err)
    assert "has 1 partitions and must have 8" in sentence
    assert "--alter --topic" in sentence, "it says what mends it"
