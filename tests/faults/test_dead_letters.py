"""Records that nobody can read: a few go to the dead letters and stop nobody, a flood stops the stage and loses nothing."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import pytest
import pytest_asyncio

from ingest.files import raw_of_row
from rasid.kafka.rebuild import read_topic
from rasid.localstack import Servers
from rasid.messages import EnrichedArticle, RawArticle, TextArticle, encode
from rasid.topics import CHECKED, DEAD, ENRICHED, RAW, TEXT
from sinks.dead_letters import read_dead_letter
from tests.faults.conftest import Start
from tests.faults.support import messages, produce, raw_values, records, until
from tests.texts import rows

Environ = Mapping[str, str]
STAGES = "text,dedupe,extract,ledger,notify"
BAD = {
    "no msgpack": b"\xff\xfe<html>" + "ليس خبرا".encode(),
    "empty": b"",
    "another message": encode(TextArticle(
        article_id="x", version=1, feed_id="f", outlet="o", url="", title="", text="", published=1,
        published_from="feed", fetched=1, language="ar",
    )),
    "of a newer Rasid": encode(RawArticle(v=99, article_id="x", version=1, feed_id="f", outlet="o", url="")),
    "cut off": encode(RawArticle(article_id="x", version=1, feed_id="f", outlet="o", url="u", title="عنوان"))[:-3],
}  # fmt: skip
"""What can stand on a topic and is no raw article."""


@pytest_asyncio.fixture
async def environ(servers: Servers, kafka_topics: Callable[..., Awaitable[str]]) -> AsyncIterator[Environ]:
    """The environment of a worker as `rasid up` starts it, on topics of this test alone."""
    prefix = await kafka_topics(1)
    yield {
        "RASID_KAFKA": servers.kafka,
        "RASID_TOPIC_PREFIX": prefix,
        "RASID_PARTITIONS": "1",
        "RASID_ALERTS_FILE": "none",
        "RASID_PARENT": str(os.getpid()),
    }


def _articles(count: int) -> list[RawArticle]:
    return [raw_of_row(row) for row in rows(count)]


async def test_bad_records_between_good_ones_are_put_aside_whole(environ: Environ, start: Start) -> None:
    kafka, prefix = environ["RASID_KAFKA"], environ["RASID_TOPIC_PREFIX"]
    good = _articles(20)
    bad = [(f"bad-{name}", value) for name, value in BAD.items()]
    await produce(kafka, prefix, RAW, [*raw_values(good[:10]), *bad, *raw_values(good[10:])])
    worker = start("work", "--stages", STAGES, **environ)

    async def all_through() -> bool:
        assert worker.process.poll() is None, worker.told()
        return len(await records(kafka, prefix, ENRICHED)) == len(good)

    await until(all_through, "the good articles come through")
    enriched = await messages(kafka, prefix, ENRICHED, EnrichedArticle)
    assert {one.article.article_id for one in enriched} == {one.article_id for one in good}

    letters = [read_dead_letter(record) for record in await records(kafka, prefix, DEAD)]
    assert [(one.key.decode(), one.value) for one in letters if one.key] == bad, "the original bytes, in order"
    assert [(one.topic, one.stage, one.offset) for one in letters] == [
        ("articles.raw", "text", 10 + number) for number in range(len(bad))
    ]
    assert all(one.reason and one.at for one in letters)
    assert letters[3].reason.startswith("written by a newer Rasid")
    assert f"rasid: dead letter from stage text: {letters[0].reason}" in worker.out, "the person at the screen hears it"


@pytest.mark.parametrize(("topic", "stage"), [(TEXT, "dedupe"), (CHECKED, "extract")], ids=lambda one: str(one))
async def test_every_stage_puts_aside_what_it_cannot_read(
    topic: object, stage: str, environ: Environ, start: Start
) -> None:
    kafka, prefix = environ["RASID_KAFKA"], environ["RASID_TOPIC_PREFIX"]
    await produce(kafka, prefix, topic, [("bad", b"\xc1")])  # type: ignore[arg-type]
    worker = start("work", "--stages", stage, **environ)

    async def buried() -> bool:
        assert worker.process.poll() is None, worker.told()
        return bool(await records(kafka, prefix, DEAD))

    await until(buried, "the record is in the dead letters")
    (letter,) = [read_dead_letter(record) for record in await records(kafka, prefix, DEAD)]
    assert (letter.stage, letter.value) == (stage, b"\xc1")


async def test_a_flood_of_bad_records_stops_the_stage_and_loses_nothing(environ: Environ, start: Start) -> None:
    kafka, prefix = environ["RASID_KAFKA"], environ["RASID_TOPIC_PREFIX"]
    good = _articles(30)
    bad = [(f"bad-{number}", b"\xc1 %d" % number) for number in range(400)]
    await produce(kafka, prefix, RAW, [*raw_values(good[:20]), *bad, *raw_values(good[20:])])
    worker = start("work", "--stages", STAGES, **environ)
    assert worker.ended() == 1, worker.told()
    assert "went to the dead letters (limit 50%, RASID_DEAD_SHARE)" in worker.err
    assert "Traceback" not in worker.err
    assert "rasid worker stops: " in worker.out, "`up` ends instead of starting it again and again"

    worker = start("work", "--stages", STAGES, **{**environ, "RASID_DEAD_SHARE": "1"})

    async def all_through() -> bool:
        assert worker.process.poll() is None, worker.told()
        enriched = await messages(kafka, prefix, ENRICHED, EnrichedArticle)
        return {one.article.article_id for one in enriched} == {one.article_id for one in good}

    await until(all_through, "the good articles come through when somebody has decided to go on")
    options = {"bootstrap_servers": kafka}
    letters = [read_dead_letter(one) async for one in read_topic(options, prefix + DEAD.name)]
    assert {one.value for one in letters} == {value for _, value in bad}, "every bad one is kept"
