"""The bulk writer against a server that fails in every way known of Elasticsearch and of what stands before it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from rasid.errors import Fatal, Retry
from sinks.elastic.bulk import Action, BulkSink, Outcome
from sinks.elastic.client import make_client, ping
from tests.sinks.elastic.fake import FakeElasticsearch, serve

DOCS = [Action("rasid-articles-2026.11", f"d{n}", 10 + n, {"title": f"خبر {n}"}) for n in range(4)]


@asynccontextmanager
async def sink_for(url: str, seconds: float = 10.0, **options: Any) -> AsyncIterator[BulkSink]:
    client = make_client(url, timeout=seconds)
    try:
        yield BulkSink(client, **{"first_pause": 0.001, "longest_pause": 0.002, **options})
    finally:
        await client.close()


def states(outcomes: list[Outcome]) -> str:
    return " ".join(outcome.state for outcome in outcomes)


async def play(script: list[str], **options: Any) -> tuple[FakeElasticsearch, list[Outcome]]:
    async with asyncio.timeout(30), serve(script=script, **options) as fake, sink_for(fake.url, 0.3) as sink:
        return fake, await sink.write(DOCS)


ALL = "written written written written"
CASES = {
    # name: (script, outcomes, documents in each request)
    "all is well": ([], ALL, [4]),
    "only what was refused is sent again": (["items: ok, busy, ok, busy"], ALL, [4, 2]),
    "one item keeps being busy": (["items: busy", "items: busy", "items: busy"], ALL, [4, 1, 1, 1]),
    "a bad item neither stops nor delays the others": (["items: ok, strict, ok, ok"], "written invalid written written", [4]),
    "a bad one beside a busy one": (["items: parse, busy, ok, ok"], "invalid written written written", [4, 1]),
    "a conflict is a success": (["items: conflict, ok, ok, ok"], "stale written written written", [4]),
    "the disk is full for a while": (["items: flood, flood, flood, flood"] * 3, ALL, [4, 4, 4, 4]),
    "an index is read-only for a while": (["items: read-only, ok, ok, ok"] * 2, ALL, [4, 1, 1]),
    "a shard is away": (["items: no shard, no shard, ok, ok"], ALL, [4, 2]),
    "no room for the shards of a new month": (["items: no room, no room, no room, no room"], ALL, [4, 4]),
    "the key lacks a right": (["items: rights, ok, ok, ok"], ALL, [4, 1]),
    "the request is answered 429": (["429", "429"], ALL, [4, 4, 4]),
    "the request is answered 503": (["503", "502", "500"], ALL, [4, 4, 4, 4]),
    "a proxy answers 404": (["404"], ALL, [4, 4]),
    "the cluster is blocked": (["block"], ALL, [4, 4]),
    "the connection drops": (["drop", "drop"], ALL, [4, 4, 4]),
    "no answer comes": (["hang"], ALL, [4, 4]),
    "a stranger answers": (["html"], ALL, [4, 4]),
    "the answer lacks items": (["short"], ALL, [4, 4]),
    "the request is too large once": (["413"], ALL, [4, 2, 2]),
    "too large, then busy": (["413", "503", "items: busy"], ALL, [4, 2, 2, 1, 2]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
async def test_each_document_gets_its_outcome_whatever_the_server_does(name: str) -> None:
    script, outcomes, sizes = CASES[name]
    fake, found = await play(list(script))
    assert states(found) == outcomes
    assert [outcome.id for outcome in found] == [action.id for action in DOCS]
    assert [len(ids) for ids in fake.requests] == sizes
    written = {outcome.id for outcome in found if outcome.state == "written"}
    assert {action.id for action in DOCS if fake.stored.get(action.id) == (action.version, action.doc)} == written


async def test_a_refused_document_says_why() -> None:
    _, outcomes = await play(["items: strict"])
    assert outcomes[0].invalid
    assert "strict_dynamic_mapping_exception" in outcomes[0].reason
    assert "colour" in outcomes[0].reason


async def test_one_document_that_spoils_the_whole_request_is_found_by_halving() -> None:
    fake, outcomes = await play([], poison="d2")
    assert states(outcomes) == "written written invalid written"
    assert "d2" not in fake.stored


async def test_a_single_document_that_is_too_large_is_invalid_and_the_others_are_written() -> None:
    fake, outcomes = await play([], limit=0)
    assert states(outcomes) == "invalid invalid invalid invalid"
    assert [len(ids) for ids in fake.requests] == [4, 2, 1, 1, 2, 1, 1]
    assert "413" in outcomes[0].reason


@pytest.mark.parametrize("step", ["401", "403", "media"])
async def test_wrong_credentials_or_a_wrong_server_stop_the_worker_and_condemn_no_document(step: str) -> None:
    with pytest.raises(Fatal):
        await play([step])


async def test_batches_are_cut_by_count_and_by_bytes() -> None:
    async with serve() as fake, sink_for(fake.url, max_count=3) as sink:
        await sink.write(DOCS)
        assert [len(ids) for ids in fake.requests] == [3, 1]
    async with serve() as fake, sink_for(fake.url, max_bytes=300) as sink:
        big = [Action("i", str(n), 1, {"text": "س" * 50}) for n in range(3)]
        assert states(await sink.write(big)) == "written written written"
        assert [len(ids) for ids in fake.requests] == [1, 1, 1]


async def test_an_older_version_loses_also_within_one_batch() -> None:
    newer, older = Action("i", "a", 9, {"n": 9}), Action("i", "a", 3, {"n": 3})
    for order in ([newer, older], [older, newer]):
        async with serve() as fake, sink_for(fake.url) as sink:
            outcomes = await sink.write(order)
            assert sorted(outcome.state for outcome in outcomes) == ["stale", "written"]
            assert fake.stored["a"] == (9, {"n": 9})
            assert states(await sink.write([older])) == "stale"


@pytest.mark.parametrize("bad", ["", "س" * 300])
async def test_an_id_that_the_server_would_refuse_does_not_reach_it(bad: str) -> None:
    async with serve() as fake, sink_for(fake.url) as sink:
        assert states(await sink.write([DOCS[0], Action("i", bad, 1, {})])) == "written invalid"
        assert fake.requests == [["d0"]]


async def test_a_document_that_is_no_json_is_invalid_and_alone() -> None:
    async with serve() as fake, sink_for(fake.url) as sink:
        outcomes = await sink.write(
            [Action("i", "x", 1, {"n": object()}), DOCS[0], Action("i", "y", 1, {"t": "\ud800"})]
        )
        assert states(outcomes) == "invalid written invalid"


async def test_nothing_to_write_asks_nobody() -> None:
    async with serve() as fake, sink_for(fake.url) as sink:
        assert await sink.write([]) == []
        assert fake.requests == []


def closed_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{one.getsockname()[1]}"


async def test_the_stop_ends_the_waiting_for_a_server_that_is_away() -> None:
    stop, paused = asyncio.Event(), asyncio.Event()

    def chance() -> float:
        paused.set()
        return 0.5

    async with (
        asyncio.timeout(30),
        sink_for(closed_port(), stop=stop, random=chance, first_pause=3600, longest_pause=3600) as sink,
    ):
        write = asyncio.create_task(sink.write(DOCS))
        await paused.wait()
        assert not write.done()
        stop.set()
        with pytest.raises(Retry, match="does not answer"):
            await write


async def test_the_stop_ends_a_request_that_hangs() -> None:
    stop = asyncio.Event()
    async with asyncio.timeout(30), serve(script=["hang"]) as fake, sink_for(fake.url, 3600, stop=stop) as sink:
        write = asyncio.create_task(sink.write(DOCS))
        await fake.seen.wait()
        stop.set()
        with pytest.raises(Retry):
            await write


async def test_a_batch_under_way_is_finished_after_the_stop_and_the_next_one_is_not_begun() -> None:
    stop = asyncio.Event()
    stop.set()
    async with serve() as fake, sink_for(fake.url, stop=stop) as sink:
        assert states(await sink.write(DOCS)) == ALL
    async with serve() as fake, sink_for(fake.url, stop=stop, max_count=2) as sink:
        with pytest.raises(Retry):
            await sink.write(DOCS)
        assert len(fake.requests) == 1


async def test_a_full_disk_is_told_in_one_sentence_and_not_at_every_attempt() -> None:
    with capture_logs() as logs:
        await play(["items: flood, flood, flood, flood"] * 20)
    warnings = [line["event"] for line in logs if line["log_level"] == "warning"]
    assert len(warnings) == 1
    assert "Elasticsearch refuses writes: disk full" in warnings[0]
    assert [line["event"] for line in logs if line["log_level"] == "info"] == ["Elasticsearch takes writes again"]


async def test_pauses_grow_to_their_limit_and_begin_anew_after_a_success() -> None:
    waits: list[float] = []

    class Recording(BulkSink):
        async def _pause(self, attempt: int, trouble: Any) -> None:
            waits.append(attempt)

    async with serve(script=["503", "503", "503", "ok", "503"]) as fake:
        client = make_client(fake.url)
        sink = Recording(client, max_count=2)
        await sink.write(DOCS)
        await client.close()
    assert waits == [0, 1, 2, 0]


@pytest.mark.parametrize(("script", "asked"), [(["503", "429"], 1), (["400"], 0)])
async def test_looking_for_moved_documents_is_tried_again_and_costs_no_document(script: list[str], asked: int) -> None:
    fake, outcomes = await play([], search_script=list(script))
    assert states(outcomes) == ALL
    assert (fake.search_script, fake.searches) == ([], asked)


async def test_ping_tells_who_does_not_answer() -> None:
    client = make_client(closed_port())
    with pytest.raises(Retry, match="Elasticsearch does not answer"):
        await ping(client)
    await client.close()


STEPS = [
    "ok",
    "503",
    "413",
    "drop",
    "short",
    "items: busy, ok, flood",
    "items: ok, strict, conflict",
    "items: no shard",
]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=st.lists(st.sampled_from(STEPS), max_size=8), count=st.integers(1, 9), batch=st.integers(1, 9))
def test_whatever_happens_each_document_has_one_outcome_and_each_written_one_is_stored(
    script: list[str], count: int, batch: int
) -> None:
    async def run() -> None:
        docs = [Action("i", f"k{n}", n, {"n": n}) for n in range(count)]
        async with asyncio.timeout(30), serve(script=list(script)) as fake, sink_for(fake.url, max_count=batch) as sink:
            outcomes = await sink.write(docs)
            assert [outcome.id for outcome in outcomes] == [doc.id for doc in docs]
            assert {outcome.id for outcome in outcomes if outcome.state == "written"} == set(fake.stored)
            assert all(outcome.state in {"written", "stale", "invalid"} for outcome in outcomes)

    asyncio.run(run())
