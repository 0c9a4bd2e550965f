"""Publishing without a broker; with one: tests/contract/test_ingest_kafka.py."""

import pytest

from ingest.publish import KafkaPublisher, without_page
from ingest.state import FeedState, KafkaStore
from rasid.errors import Retry
from rasid.messages import Passage, RawArticle

ARTICLE = RawArticle(
    article_id="a", version=1, feed_id="f", outlet="o", url="", page=b"x" * 2000, page_content_type="text/html; charset=utf-8",
    trail=(Passage(stage="poll", status="ok", at=1),),
)  # fmt: skip


def test_a_page_that_is_left_out_is_told_in_the_trail() -> None:
    cut = without_page(ARTICLE)
    assert cut.page == b""
    assert cut.page_content_type.startswith("text/html; charset=utf-8; page of 2,000 bytes left out")
    assert "too large" in cut.trail[-1].reason
    assert cut.article_id == "a"


async def test_a_broker_that_is_away_is_a_reason_to_try_again() -> None:
    async with KafkaPublisher("127.0.0.1:1") as publisher, KafkaStore("127.0.0.1:1") as store:
        with pytest.raises(Retry, match="Kafka"):
            await publisher.publish([ARTICLE])
        with pytest.raises(Retry, match="Kafka"):
            await store.save(FeedState(feed_id="f"))
