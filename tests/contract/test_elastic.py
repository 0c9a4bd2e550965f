"""Templates, writing and search on a real Elasticsearch."""

import asyncio
import tomllib
from bisect import bisect_right
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from elasticsearch import AsyncElasticsearch

from rasid.messages import EnrichedArticle, Passage
from sinks.elastic import documents, search, templates
from sinks.elastic.bulk import Action, BulkSink
from sinks.elastic.client import make_client, ping
from sinks.elastic.names import known_names
from tests.sinks.elastic import samples

pytestmark = pytest.mark.servers
TOWNS = tomllib.loads((Path(__file__).parents[1] / "cases" / "search_names.toml").read_text(encoding="utf-8"))["town"]
DAY = 24 * 3600 * 1000


@pytest.fixture
async def client(servers: Any) -> AsyncIterator[AsyncElasticsearch]:
    one = make_client(servers.elasticsearch)
    yield one
    await one.close()


@pytest.fixture
async def prefix(client: AsyncElasticsearch, index_prefix: str) -> AsyncIterator[str]:
    """Templates of a prefix of its own; its indices are deleted at the end."""
    await templates.set_up(client, index_prefix)
    yield index_prefix
    for family in templates.FAMILIES:
        standing = await client.indices.get(
            index=family.pattern(index_prefix), features="aliases", ignore_unavailable=True
        )
        for index in standing.body:
            await client.indices.delete(index=index)
        await client.indices.delete_index_template(name=f"{index_prefix}-{family.name}")
    for name in (*templates.SHARED, *(family.name for family in templates.FAMILIES)):
        await client.cluster.delete_component_template(name=f"{index_prefix}-{name}")


async def index(client: AsyncElasticsearch, prefix: str, *articles: EnrichedArticle) -> None:
    outcomes = await BulkSink(client).write([documents.article_doc(prefix, one) for one in articles])
    assert [outcome.reason for outcome in outcomes if outcome.state != "written"] == []
    await client.indices.refresh(index=f"{prefix}-articles-*")


def story(number: int, text: str, **fields: Any) -> EnrichedArticle:
    return samples.article(text, **{"article_id": f"a{number}", "title": "خبر عاجل", **fields})


async def test_the_server_is_the_version_that_the_client_speaks(client: AsyncElasticsearch) -> None:
    assert (await ping(client)).startswith("9.")


async def test_templates_can_be_put_again_and_a_newer_one_is_kept(client: AsyncElasticsearch, prefix: str) -> None:
    await templates.set_up(client, prefix)
    name = f"{prefix}-articles"
    newer = templates.component("articles") | {"version": 999}
    await client.cluster.put_component_template(name=name, template=newer["template"], version=999)
    await templates.set_up(client, prefix)
    found = await client.cluster.get_component_template(name=name)
    assert found["component_templates"][0]["component_template"]["version"] == 999


async def test_a_standing_index_learns_the_fields_of_a_newer_version(client: AsyncElasticsearch, prefix: str) -> None:
    old = templates.component("places")
    del old["template"]["mappings"]["properties"]["outlets"]
    await client.cluster.put_component_template(name=f"{prefix}-places", template=old["template"], version=1)
    first = documents.place_doc(prefix, msgspec.structs.replace(samples.state(), claims=()))
    sink = BulkSink(client)
    assert [one.state for one in await sink.write([first])] == ["written"]
    full = documents.place_doc(prefix, samples.state())
    assert [one.state for one in await sink.write([full])] == ["invalid"]
    await templates.set_up(client, prefix)
    assert [one.state for one in await sink.write([full])] == ["written"]


async def test_documents_with_every_field_are_taken(client: AsyncElasticsearch, prefix: str) -> None:
    actions = [
        documents.article_doc(prefix, samples.full_article()),
        documents.article_doc(prefix, samples.article(article_id="a2", rejected="language fa")),
        *documents.stage_docs(prefix, samples.full_article()),
        documents.change_doc(prefix, samples.change()),
        documents.alert_doc(prefix, samples.notification()),
        documents.place_doc(prefix, samples.state()),
    ]
    outcomes = await BulkSink(client).write(actions)
    assert [(one.state, one.reason) for one in outcomes] == [("written", "")] * len(actions)
    aliases = await client.indices.get_alias(name=f"{prefix}-articles")
    assert list(aliases.body) == [f"{prefix}-articles-2026.11"]


async def test_an_unknown_field_is_refused_and_the_others_are_written(client: AsyncElasticsearch, prefix: str) -> None:
    good = documents.article_doc(prefix, samples.article())
    bad = Action(good.index, "bad", 1, {**good.doc, "colour": "red"})
    wrong = Action(good.index, "wrong", 1, {**good.doc, "places": "a word"})
    outcomes = await BulkSink(client).write([bad, good, wrong])
    assert [one.state for one in outcomes] == ["invalid", "written", "invalid"]
    assert "colour" in outcomes[0].reason


async def test_an_odd_value_costs_no_article(client: AsyncElasticsearch, prefix: str) -> None:
    good = documents.article_doc(prefix, samples.article())
    odd = {"casualties": [{"killed_min": 10**12, "phrase": "x" * 8000}], "control": [{"date": "قبل أيام"}]}
    odd |= {"url": documents.cut("س" * 20_000), "text": "ن" * 40_000}
    outcomes = await BulkSink(client).write([Action(good.index, "odd", 1, {**good.doc, **odd})])
    assert [(one.state, one.reason) for one in outcomes] == [("written", "")]


async def test_an_older_version_is_stale_and_the_same_one_may_be_written_again(
    client: AsyncElasticsearch, prefix: str
) -> None:
    sink = BulkSink(client)
    old, new = (documents.article_doc(prefix, samples.article(version=version)) for version in (1000, 2000))
    assert [one.state for one in await sink.write([new])] == ["written"]
    assert [one.state for one in await sink.write([old])] == ["stale"]
    assert [one.state for one in await sink.write([new])] == ["written"]
    stored = await client.get(index=new.index, id=new.id)
    assert stored["_version"] == 2000


@pytest.mark.parametrize("older_first", [True, False])
async def test_an_article_that_moved_to_another_month_stands_once_in_its_newest_version(
    client: AsyncElasticsearch, prefix: str, older_first: bool
) -> None:
    old = samples.full_article(version=1000, published=samples.NOVEMBER - 40 * DAY)
    new = samples.full_article(version=2000)
    sink = BulkSink(client)
    for article in (old, new) if older_first else (new, old):
        actions = [documents.article_doc(prefix, article), *documents.stage_docs(prefix, article)]
        assert not any(one.invalid for one in await sink.write(actions))
        await client.indices.refresh(index=f"{prefix}-*")
    for family, count in (("articles", 1), ("stages", 2)):
        found = await client.search(index=f"{prefix}-{family}-*", version=True)
        rows = [(hit["_index"], hit["_version"]) for hit in found["hits"]["hits"]]
        assert rows == [(f"{prefix}-{family}-2026.11", 2000)] * count


async def test_a_write_waits_for_an_index_that_is_blocked_as_by_a_full_disk(
    client: AsyncElasticsearch, prefix: str
) -> None:
    action = documents.article_doc(prefix, samples.article())
    await client.indices.create(index=action.index)
    await client.indices.put_settings(index=action.index, settings={"index.blocks.read_only_allow_delete": True})
    paused = asyncio.Event()

    def chance() -> float:
        paused.set()
        return 0.5

    async with asyncio.timeout(60):
        write = asyncio.create_task(BulkSink(client, random=chance).write([action]))
        await paused.wait()
        assert not write.done()
        await client.indices.put_settings(index=action.index, settings={"index.blocks.read_only_allow_delete": None})
        assert [one.state for one in await write] == ["written"]


async def test_a_town_is_found_under_every_proclitic_and_spelling_and_not_in_other_words(
    client: AsyncElasticsearch, prefix: str
) -> None:
    forms = {
        f"{town['name']}/{number}": (form, kind == "found")
        for town in TOWNS
        for kind in ("found", "not_found")
        for number, form in enumerate((*town["found"], *town["not_found"]))
        if form in town[kind]
    }
    texts = {one: f"قال شهود إن {form} ليلا." for one, (form, _) in forms.items()}
    await index(client, prefix, *(story(0, text, article_id=one) for one, text in texts.items()))
    wrong = []
    for town in TOWNS:
        name = town["name"]
        wanted = {one for one, (_, found) in forms.items() if found and one.startswith(name + "/")}
        for query in (name, f'"{name}"'):
            hits = await search.search(client, prefix, query, size=1000)
            found = {hit.article_id for hit in hits if hit.article_id.startswith(name + "/")}
            wrong += [(query, forms[one]) for one in found ^ wanted]
    assert wrong == []


async def test_names_of_the_gazetteer_are_found_under_every_proclitic(client: AsyncElasticsearch, prefix: str) -> None:
    """Recall over all names; the analysers of the server decide, as they do when an article is written and searched."""
    index_name = f"{prefix}-articles-2026.11"
    await client.indices.create(index=index_name)
    names = sorted(known_names())
    forms = [(name, form) for name in names for form in with_proclitics(name)]
    missed = []
    for start in range(0, len(forms), 500):
        part = forms[start : start + 500]
        written = await tokens(client, index_name, "rasid_names", [form for _, form in part])
        asked = await tokens(client, index_name, "rasid_exact", [name for name, _ in part])
        missed += [
            form
            for (_, form), have, want in zip(part, written, asked, strict=True)
            if not (
                len(have) == len(want) and all(word <= candidates for word, candidates in zip(want, have, strict=True))
            )
        ]
    assert len(names) > 1000
    recall = 1 - len(missed) / len(forms)
    assert recall >= 0.99, f"recall {recall:.4f} of {len(forms)} forms; missed {missed[:20]}"


def with_proclitics(name: str) -> list[str]:
    """The forms in which an article may write a name."""
    swallowed = "لل" + name[2:] if name.startswith("ال") else "ل" + name
    one = [name, "ب" + name, "ك" + name, swallowed]
    return [before + form for before in ("", "و", "ف") for form in one]


async def tokens(client: AsyncElasticsearch, index_name: str, analyzer: str, texts: list[str]) -> list[list[set[str]]]:
    """For each text its words, each with all forms that stand for it."""
    answer = await client.indices.analyze(index=index_name, analyzer=analyzer, text=texts)
    found: list[list[set[str]]] = [[] for _ in texts]
    starts, at = [], 0
    for text in texts:
        starts.append(at)
        at += len(text) + 1
    by_position: dict[int, tuple[int, set[str]]] = {}
    for token in answer["tokens"]:
        by_position.setdefault(token["position"], (token["start_offset"], set()))[1].add(token["token"])
    for offset, words in by_position.values():
        found[bisect_right(starts, offset) - 1].append(words)
    return found


async def test_the_matching_sentence_is_shown_with_its_marks(client: AsyncElasticsearch, prefix: str) -> None:
    text = "عنوان فرعي\nاجتمع الوزراء صباح اليوم. وأفاد ناشطون بأن قذائف سقطت بـحَلَب وريفها؟ ولم يصدر تعليق.\nفقرة أخرى عن الطقس."
    await index(client, prefix, story(1, text))
    (hit,) = await search.search(client, prefix, "حلب")
    assert hit.sentence == "وأفاد ناشطون بأن قذائف سقطت بـحَلَب وريفها؟"
    assert [hit.sentence[start:end] for start, end in hit.marks] == ["بـحَلَب"]
    (hit,) = await search.search(client, prefix, '"خبر عاجل"')
    assert hit.sentence.startswith("عنوان فرعي")
    assert hit.marks == ()


async def test_copies_are_folded_into_their_story_newest_first(client: AsyncElasticsearch, prefix: str) -> None:
    copy = samples.verdict("copy", cluster="a1", of="a1")
    day = samples.NOVEMBER
    await index(
        client,
        prefix,
        story(1, "انفجار في السوق", published=day),
        story(2, "انفجار في السوق", published=day + 2000, outlet="wakala", verdict=copy),
        story(3, "انفجار في السوق القديم", published=day - 40 * DAY, outlet="jarida", verdict=copy),
        story(4, "انفجار آخر في المدينة", published=day + 1000),
        story(5, "انفجار مرفوض", rejected="language fa"),
    )
    hits = await search.search(client, prefix, "انفجار")
    assert [(hit.article_id, hit.copies, hit.copy_outlets) for hit in hits] == [
        ("a2", 2, ("jarida", "nabaa")),
        ("a4", 0, ()),
    ]
    hits = await search.search(client, prefix, "انفجار", copies=True)
    assert [(hit.article_id, hit.status) for hit in hits] == [
        ("a2", "copy"), ("a4", "indexed"), ("a1", "indexed"), ("a3", "copy"),
    ]  # fmt: skip


async def test_queries_may_hold_phrases_exclusions_and_filters(client: AsyncElasticsearch, prefix: str) -> None:
    day = samples.NOVEMBER
    await index(
        client,
        prefix,
        story(1, "اشتباكات عنيفة قرب المطار القديم", outlet="nabaa", extraction=samples.extraction()),
        story(2, "المطار هادئ والقديم من الأخبار عن اشتباك", outlet="wakala", published=day - 3 * DAY),
    )

    async def ids(query: str, **options: Any) -> list[str]:
        return [hit.article_id for hit in await search.search(client, prefix, query, **options)]

    assert await ids("اشتباك المطار") == ["a1", "a2"]
    assert await ids('"المطار القديم"') == ["a1"]
    assert await ids("«المطار القديم» اشتباك") == ["a1"]
    assert await ids("المطار -هادئ") == ["a1"]
    assert await ids("*", outlet="wakala") == ["a2"]
    assert await ids("*", since=day - DAY) == ["a1"]
    assert await ids("*", place="SY-X") == ["a1"]
    assert await ids("*", place="تل الورد") == ["a1"]
    assert await ids("*", place="الورد تل") == []
    assert await ids("*", size=1) == ["a1"]
    assert await ids("زلزال") == []
    assert await ids("* title:خبر) AND {") == []


async def test_a_search_before_anything_is_indexed_finds_nothing(client: AsyncElasticsearch, prefix: str) -> None:
    assert await search.search(client, prefix, "حلب") == []
    assert await search.lookup(client, prefix, "a1") is None


async def test_what_became_of_an_article_is_told_stage_by_stage(client: AsyncElasticsearch, prefix: str) -> None:
    article = samples.full_article(verdict=samples.verdict("copy"))
    actions = [documents.article_doc(prefix, article), *documents.stage_docs(prefix, article)]
    await BulkSink(client).write(actions)
    await client.indices.refresh(index=f"{prefix}-*")
    found = await search.lookup(client, prefix, "a1")
    assert found is not None
    assert (found.status, found.relation, found.cluster) == ("copy", "copy of a0", "a0")
    assert found.trail == (
        Passage(stage="poll", status="ok", at=samples.NOVEMBER + 5000, worker="w1"),
        Passage(stage="text", status="ok", at=samples.NOVEMBER + 6000, worker="w2", reason="short"),
    )
