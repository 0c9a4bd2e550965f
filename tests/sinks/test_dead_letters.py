"""Dead letters: nothing of the record is lost, and a flood of them stops the stage."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasid.errors import Fatal, Invalid
from sinks.dead_letters import HEADERS, DeadShare, dead_letter, read_dead_letter

FIELDS: dict[str, Any] = {
    "topic": "articles.raw",
    "partition": 3,
    "offset": 2**40,
    "stage": "text",
    "reason": "ليست رسالة: not a RawArticle",
    "version": 1_456_790_400_000,
    "at": 1_456_790_500_000,
}


@dataclass
class Record:
    key: bytes | None
    value: bytes | None
    headers: Any


@given(st.none() | st.binary(), st.none() | st.binary())
def test_the_bytes_come_back_as_they_were(key: bytes | None, value: bytes | None) -> None:
    letter = read_dead_letter(Record(*dead_letter(key, value, **FIELDS)))
    assert (letter.key, letter.value) == (key, value)


def test_the_headers_are_bytes_and_come_back() -> None:
    key, value, headers = dead_letter(b"k", b"v", **FIELDS)
    assert [name for name, _ in headers] == list(HEADERS)
    assert all(isinstance(one, bytes) for _, one in headers)
    letter = read_dead_letter(Record(key, value, tuple(headers)))
    assert {name: getattr(letter, name) for name in FIELDS} == FIELDS


def test_a_reason_with_half_a_letter_or_without_end_is_no_second_failure() -> None:
    _, _, headers = dead_letter(b"", b"", **FIELDS | {"reason": "\ud800" + "س" * 5000})
    assert len(dict(headers)["reason"].decode("utf-8")) == 2000


@pytest.mark.parametrize("name", HEADERS)
def test_a_record_without_a_header_is_named(name: str) -> None:
    key, value, headers = dead_letter(b"", b"", **FIELDS)
    with pytest.raises(Invalid, match=f"lacks the header '{name}'"):
        read_dead_letter(Record(key, value, [pair for pair in headers if pair[0] != name]))


def test_a_header_that_is_no_number_is_invalid() -> None:
    key, value, headers = dead_letter(b"", b"", **FIELDS)
    with pytest.raises(Invalid, match="no number"):
        read_dead_letter(Record(key, value, [*headers, ("offset", b"x")]))
    with pytest.raises(Invalid, match="lacks"):
        read_dead_letter(Record(key, value, None))


def test_the_first_bad_records_stop_nobody() -> None:
    share = DeadShare(limit=0.5)
    share.add(0, 49)
    with pytest.raises(Fatal, match=r"100% of the last 50 records .*RASID_DEAD_SHARE"):
        share.add(0, 1)


def test_a_share_at_the_limit_passes_and_above_it_stops() -> None:
    share = DeadShare(limit=0.5)
    share.add(100, 100)
    with pytest.raises(Fatal):
        share.add(0, 1)


def test_only_the_last_records_count() -> None:
    share = DeadShare(limit=0.5)
    share.add(100, 90)
    share.add(200, 0)
    assert share.share == 0.0
    share.add(0, 100)
    assert share.share == 0.5


def test_a_limit_of_one_never_stops() -> None:
    share = DeadShare(limit=1.0)
    share.add(0, 10_000)
    assert share.share == 1.0
