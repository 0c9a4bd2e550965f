"""Elasticsearch is killed in the middle of a write and started again: every document arrives, once."""

import asyncio
from collections.abc import Callable

from rasid.localstack import LocalStack
from sinks.elastic import documents, templates
from sinks.elastic.bulk import BulkSink
from sinks.elastic.client import make_client
from tests.sinks.elastic import samples

COUNT = 1000


async def test_a_write_outlives_the_death_of_the_server(own_stack: Callable[..., LocalStack]) -> None:
    stack = await asyncio.to_thread(own_stack, kafka=False)
    assert stack.servers is not None
    client = make_client(stack.servers.elasticsearch, timeout=5)
    paused = asyncio.Event()

    def chance() -> float:
        paused.set()
        return 0.5

    try:
        await templates.set_up(client, "killed")
        articles = [samples.article(article_id=f"a{number}") for number in range(COUNT)]
        actions = [documents.article_doc("killed", one) for one in articles]
        sink = BulkSink(client, max_count=2, longest_pause=1.0, random=chance)
        assert (await sink.write(actions[:1]))[0].state == "written"
        write = asyncio.create_task(sink.write(actions))
        await asyncio.to_thread(stack.kill_elasticsearch)
        async with asyncio.timeout(60):
            await paused.wait()
        await asyncio.to_thread(stack.start_elasticsearch)
        async with asyncio.timeout(120):
            outcomes = await write
        assert {one.state for one in outcomes} == {"written"}
        await client.indices.refresh(index="killed-articles-*")
        assert (await client.count(index="killed-articles-*"))["count"] == COUNT
    finally:
        await client.close()
