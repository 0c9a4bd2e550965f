"""Messages keep what they hold, and say clearly when bytes are none of theirs."""

import msgspec
import pytest

from rasid import messages
from rasid.errors import Invalid
from rasid.messages import Passage, RawArticle, SketchRecord, TextArticle, Verdict, decode, encode


def _raw() -> RawArticle:
    return RawArticle(
        article_id="a1", version=7, feed_id="f", outlet="o", url="http://o.example/1", entry="نص".encode(),
        trail=(Passage(stage="poll", status="ok", at=7),),
    )  # fmt: skip


def test_a_message_comes_back_as_it_went() -> None:
    assert decode(encode(_raw()), RawArticle) == _raw()


def test_the_schema_version_is_always_written() -> None:
    assert msgspec.msgpack.decode(encode(_raw()))["v"] == messages.SCHEMA_VERSION


def test_a_message_of_a_newer_rasid_is_refused() -> None:
    newer = msgspec.structs.replace(_raw(), v=messages.SCHEMA_VERSION + 1)
    with pytest.raises(Invalid, match="newer Rasid"):
        decode(encode(newer), RawArticle)


@pytest.mark.parametrize(
    "data", [b"", None, b"\xff\xfe", b"<html>", b"\x80", encode(Passage(stage="x", status="", at=1))]
)
def test_other_bytes_are_invalid(data: bytes | None) -> None:
    with pytest.raises(Invalid):
        decode(data, TextArticle)


def test_a_field_that_an_older_writer_did_not_know_gets_its_default() -> None:
    old = msgspec.msgpack.decode(encode(_raw()))
    del old["trail"]
    assert decode(msgspec.msgpack.encode(old), RawArticle).trail == ()


def test_a_sketch_record_stays_small() -> None:
    verdict = Verdict(kind="copy", cluster="c" * 20, of="c" * 20, new_in_old=0.9, old_in_new=0.8, first_outlet="wakala")
    record = SketchRecord(
        article_id="a" * 20, version=1, outlet="wakala", url="http://wakala.example/news/12345", published=1,
        sketch=tuple(range(2**31, 2**31 + 150)), verdict=verdict,
    )  # fmt: skip
    assert len(encode(record)) <= 1024
