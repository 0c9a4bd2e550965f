"""The memory of a stage after an assignment: what its state topic holds, in the order in which it was decided."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from rasid.kafka import agent
from rasid.messages import Outcome, encode
from rasid.settings import load_settings
from rasid.topics import SKETCHES


@dataclass(frozen=True)
class Record:
    key: bytes
    value: bytes
    offset: int = 0


class FakeStage:
    """Keeps what it is given."""

    name = "fake"
    inputs: dict[Any, Any] = {}  # noqa: RUF012
    state = SKETCHES, Outcome

    def restore(self, partition: int, messages: Iterable[Any]) -> None:
        self.memory = {partition: list(messages)}


def _record(name: str, version: int) -> Record:
    return Record(
        name.encode(), encode(Outcome(article_id=name, version=version, url="", outlet="o", status="indexed"))
    )


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([("a", 1), ("b", 1), ("c", 1)], [("a", 1), ("b", 1), ("c", 1)]),
        ([("a", 1), ("b", 1), ("a", 1)], [("a", 1), ("b", 1)]),  # worked on again after a crash: not decided anew
        ([("a", 1), ("b", 1), ("a", 2)], [("b", 1), ("a", 2)]),  # a newer version was decided later
    ],
)
async def test_the_newest_record_of_each_key_in_the_order_of_the_decisions(
    records: list[tuple[str, int]], expected: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(*_arguments: Any) -> AsyncIterator[Record]:
        for name, version in records:
            yield _record(name, version)
        yield Record(b"bad", b"\xc1")

    monkeypatch.setattr(agent, "read_partition", read)
    stage = FakeStage()
    one = agent.Agent(None, stage, load_settings(), {}, asyncio.Event())  # type: ignore[arg-type]
    await one._restore({0})
    assert [(message.article_id, message.version) for message in stage.memory[0]] == expected
