"""Dead letters: records that can never be worked on, kept byte for byte on `dlq` with headers that say where from and why."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from rasid.errors import Fatal, Invalid

REASON_MAX = 2000
"""Longest reason, in characters."""
HEADERS = ("topic", "partition", "offset", "stage", "reason", "version", "time")


class Record(Protocol):
    """What a Kafka client hands out: aiokafka's ConsumerRecord has these."""

    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Iterable[tuple[str, bytes]]: ...


@dataclass(frozen=True)
class DeadLetter:
    """A dead letter as read back.

    Attributes:
        key, value: the original bytes; None where the record had none.
        topic, partition, offset: where it stood; `topic` without the prefix of this installation.
        stage: that gave up. reason: why, one sentence.
        version: fetch time of the article in ms, 0 where it could not be read.
        at: when it was put aside, ms UTC.
    """

    key: bytes | None
    value: bytes | None
    topic: str
    partition: int
    offset: int
    stage: str
    reason: str
    version: int
    at: int


def dead_letter(
    key: bytes | None,
    value: bytes | None,
    *,
    topic: str,
    partition: int,
    offset: int,
    stage: str,
    reason: str,
    version: int,
    at: int,
) -> tuple[bytes | None, bytes | None, list[tuple[str, bytes]]]:
    """Key, value and headers of the record for `dlq`; all but the headers are the original bytes."""
    texts = (topic, str(partition), str(offset), stage, reason[:REASON_MAX], str(version), str(at))
    # A reason may quote what the feed sent: halves of surrogate pairs have no UTF-8.
    return key, value, [(name, text.encode("utf-8", "replace")) for name, text in zip(HEADERS, texts, strict=True)]


def read_dead_letter(record: Record) -> DeadLetter:
    """The dead letter in a record of `dlq`.

    Raises:
        Invalid: the record lacks a header or has one that is no number where one is needed.
    """
    found = {name: value.decode("utf-8", "replace") for name, value in record.headers or ()}
    missing = [name for name in HEADERS if name not in found]
    if missing:
        raise Invalid(f"a record of dlq lacks the header {missing[0]!r}: it was not written by Rasid")
    try:
        return DeadLetter(
            key=record.key,
            value=record.value,
            topic=found["topic"],
            partition=int(found["partition"]),
            offset=int(found["offset"]),
            stage=found["stage"],
            reason=found["reason"],
            version=int(found["version"]),
            at=int(found["time"]),
        )
    except ValueError as error:
        raise Invalid(f"a record of dlq has a header that is no number: {error}") from error


@dataclass
class DeadShare:
    """Share of dead letters among the last records of a stage: a few bad records pass, a flood stops the stage.

    Attributes:
        limit: share above which the stage stops (RASID_DEAD_SHARE).
        last: number of records looked at.
        least: number of records below which nothing is decided, so that a first bad record stops nobody.
    """

    limit: float
    last: int = 200
    least: int = 50
    _marks: deque[bool] = field(default_factory=deque)

    @property
    def share(self) -> float:
        """Dead letters among the last records, 0 to 1."""
        return sum(self._marks) / len(self._marks) if self._marks else 0.0

    def add(self, good: int, dead: int) -> None:
        """Counts a finished batch.

        Raises:
            Fatal: the share is above the limit.
        """
        self._marks.extend([False] * good + [True] * dead)
        while len(self._marks) > self.last:
            self._marks.popleft()
        if len(self._marks) >= self.least and self.share > self.limit:
            raise Fatal(
                f"{self.share:.0%} of the last {len(self._marks)} records went to the dead letters "
                f"(limit {self.limit:.0%}, RASID_DEAD_SHARE): read their reasons with `rasid dlq list`, mend, start again"
            )
