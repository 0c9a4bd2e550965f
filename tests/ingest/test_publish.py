"""Publishing without a broker; with one: tests/contract/test_ingest_kafka.py."""

import pytest

from ingest.publish import KafkaPublisher, smaller
from ingest.state import FeedState, KafkaStore
from rasid.errors import Invalid, Retry
from rasid.messages import Passage, RawArticle

ARTICLE = RawArticle(
    article_id="a",
    version=1,
    feed_id="f",
    outlet="o",
    url="",
    page=b"x" * 2000,
    entry=b"text",
    page_content_type="text/html",
    trail=(Passage(stage="poll", status="ok", at=1),),
)


def test_what_is_left_out_is_told_in_the_trail() -> None:
    cut = smaller(ARTICLE)
    assert (cut.article_id, cut.page, cut.page_content_type, cut.entry) == ("a", b"", "", b"text")
    assert cut.trail[-1].reason == "page of 2,000 bytes left out: the record was too large for Kafka"
    bare = smaller(cut)
    assert (bare.entry, bare.trail[-1].reason[:16]) == (b"", "entry of 4 bytes")
    with pytest.raises(Invalid, match="too large"):
        smaller(bare)


async def test_a_broker_that_is_away_is_a_reason_to_try_again() -> None:
    async with KafkaPublisher("127.0.0.1:1") as publisher, KafkaStore("127.0.0.1:1") as store:
        with pytest.raises(Retry, match="Kafka"):
            await publisher.publish([ARTICLE])
        with pytest.raises(Retry, match="Kafka"):
            await store.save(FeedState(feed_id="f"))
