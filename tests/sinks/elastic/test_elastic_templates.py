"""Templates and the letters they fold, without a server; set-up against one that only records."""

import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from rasid.errors import Fatal, Retry, Usage
from sinks.elastic import letters, templates
from sinks.elastic.client import make_client
from sinks.elastic.names import group, key, known_names
from tests.sinks.elastic.fake import HEADERS

NAMES = [family.name for family in templates.FAMILIES]


@pytest.mark.parametrize("name", NAMES)
def test_each_family_is_strict_and_carries_its_analysers(name: str) -> None:
    body = templates.component(name)
    assert body["template"]["mappings"]["dynamic"] == "strict"
    assert body["version"] >= 2
    assert body["_meta"]["holds"]
    filters = body["template"]["settings"]["index"]["analysis"]["char_filter"]
    assert len(filters["rasid_letters"]["mappings"]) == len(letters.table())


def test_monthly_families_are_read_through_an_alias_and_do_not_catch_each_other() -> None:
    bodies = {family.name: templates.index_template(family, "rasid") for family in templates.FAMILIES}
    assert bodies["articles"]["index_patterns"] == ["rasid-articles-*"]
    assert bodies["articles"]["template"] == {"aliases": {"rasid-articles": {}}}
    assert bodies["places"]["index_patterns"] == ["rasid-places"]
    assert "template" not in bodies["places"]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("الرَّقَّة", "الرقه"),
        ("ﺣﻠﺐ", "حلب"),
        ("ﻻ", "لا"),
        ("کرکوک", "كركوك"),
        ("بـــغداد", "بغداد"),
        ("حل\u200cب\u200f", "حلب"),
        ("ا\u0654دلب", "ادلب"),
        ("مئة وشؤون", "ميه وشوون"),
        ("١٢٫٥ ۱۲", "12.5 12"),
        ("حلب_الشهباء", "حلب الشهباء"),
        ("SANA", "sana"),
    ],
)
def test_letters_are_folded(text: str, folded: str) -> None:
    assert letters.fold(text) == folded


@given(st.text(st.characters(min_codepoint=0x600, max_codepoint=0xFEFF)))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert letters.fold(letters.fold(text)) == letters.fold(text)


def test_no_replacement_holds_a_character_that_is_replaced_itself() -> None:
    table = letters.table()
    assert [one for one in table if any(letter in table for letter in table[one])] == []
    assert not any(unicodedata.combining(letter) for value in table.values() for letter in value)


def test_whole_words_are_folded_stand_once_and_begin_with_the_letter_of_a_proclitic() -> None:
    words = templates.whole_words()
    assert [
        word for word in words if letters.fold(word) != word or word[0] not in "وفبلك" or words.count(word) > 1
    ] == []
    patterns = templates.component("articles")["template"]["settings"]["index"]["analysis"]["filter"]
    assert "WHOLE" not in str(patterns)
    assert words[0] in patterns["rasid_without_preposition"]["pattern"]


def test_names_of_the_gazetteer_are_known_with_their_aliases() -> None:
    assert {key("حلب"), key("دير الزور"), key("صنعاء")} <= known_names()
    assert group(["قصف", "على", "بدير", "الزّور"], known_names()) == [
        ("قصف", False),
        ("على", False),
        ("دير الزور", True),
    ]


@asynccontextmanager
async def recording(answers: dict[str, tuple[int, Any]]) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """A server that takes all and knows nothing; `answers` maps "METHOD /path" to status and body."""
    put: dict[str, Any] = {}

    async def handle(request: web.Request) -> web.Response:
        status, body = answers.get(
            f"{request.method} {request.path}", (404, {}) if request.method == "GET" else (200, {})
        )
        if request.method == "PUT":
            put[request.path] = await request.json()
        if request.method == "GET" and "template" not in request.path:
            status = 200
        return web.json_response(body, status=status, headers=HEADERS)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", put
    finally:
        await runner.cleanup()


NO_HANDLER = {"error": "no handler found for uri [/_ilm/policy/rasid-monthly] and method [PUT]"}
FORBIDDEN = {
    "error": {"type": "security_exception", "reason": "unauthorized", "root_cause": [{"reason": "unauthorized"}]}
}
BAD = {"error": {"type": "mapper_parsing_exception", "reason": "no such analyser", "root_cause": [{"reason": "x"}]}}


@pytest.mark.parametrize("offered", [True, False])
async def test_the_lifecycle_is_applied_where_the_server_has_one(offered: bool) -> None:
    answers = {} if offered else {"PUT /_ilm/policy/rasid-monthly": (400, NO_HANDLER)}
    async with recording(answers) as (url, put):
        client = make_client(url)
        await templates.set_up(client, "rasid")
        await client.close()
    settings = put["/_component_template/rasid-settings"]["template"]["settings"]["index"]
    assert settings.get("lifecycle") == ({"name": "rasid-monthly"} if offered else None)
    assert {f"/_index_template/rasid-{name}" for name in NAMES} <= set(put)


@pytest.mark.parametrize(
    ("path", "status", "body", "wanted"),
    [
        ("PUT /_component_template/rasid-articles", 400, BAD, Fatal),
        ("PUT /_ilm/policy/rasid-monthly", 403, FORBIDDEN, Fatal),
        ("GET /_component_template/rasid-settings", 401, {}, Fatal),
        ("PUT /_index_template/rasid-stages", 503, {}, Retry),
        ("PUT /_index_template/rasid-stages", 429, {}, Retry),
    ],
)
async def test_a_refusal_is_an_error_with_a_sentence(
    path: str, status: int, body: Any, wanted: type[Exception]
) -> None:
    async with recording({path: (status, body)}) as (url, _):
        client = make_client(url)
        with pytest.raises(wanted, match="Elasticsearch"):
            await templates.set_up(client, "rasid")
        await client.close()


async def test_a_server_that_is_away_is_asked_later() -> None:
    client = make_client("http://127.0.0.1:9")
    with pytest.raises(Retry, match="does not answer"):
        await templates.set_up(client, "rasid")
    await client.close()


@pytest.mark.parametrize("prefix", ["", "Rasid", "ra sid", "-x", "راصد"])
async def test_a_prefix_that_cannot_begin_an_index_name_is_a_wrong_use(prefix: str) -> None:
    client = make_client("http://127.0.0.1:9")
    with pytest.raises(Usage, match="RASID_INDEX_PREFIX"):
        await templates.set_up(client, prefix)
    await client.close()


@pytest.mark.parametrize("url", ["127.0.0.1:9200", "ftp//x", ""])
def test_an_address_that_is_none_is_a_wrong_use(url: str) -> None:
    with pytest.raises(Usage, match="RASID_ELASTICSEARCH"):
        make_client(url)


def test_a_certificate_file_that_is_missing_is_named() -> None:
    with pytest.raises(Usage, match=r"ca\.pem"):
        make_client("https://127.0.0.1:9200", ca="/nowhere/ca.pem")
