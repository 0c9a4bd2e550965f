"""Messages as documents: ids, versions, months, and that each field has its place in the templates."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sinks.elastic import documents, templates
from sinks.elastic.documents import Action
from tests.sinks.elastic import samples


def paths(value: Any, before: str = "") -> Iterator[str]:
    """Dotted names of all fields of a document."""
    if isinstance(value, list):
        for one in value:
            yield from paths(one, before)
    elif isinstance(value, dict) and set(value) != {"lat", "lon"}:
        for name, inner in value.items():
            yield from paths(inner, f"{before}.{name}" if before else name)
    else:
        yield before


def mapped(family: str) -> set[str]:
    """Dotted names of all fields of a template."""

    def walk(properties: dict[str, Any], before: str) -> Iterator[str]:
        for name, field in properties.items():
            path = f"{before}{name}"
            if "properties" in field:
                yield from walk(field["properties"], path + ".")
            else:
                yield path

    return set(walk(templates.component(family)["template"]["mappings"]["properties"], ""))


def all_actions() -> dict[str, list[Action]]:
    return {
        "articles": [
            documents.article_doc("p", samples.full_article()),
            documents.article_doc("p", samples.article(rejected="no text")),
        ],
        "stages": documents.stage_docs("p", samples.full_article()),
        "changes": [documents.change_doc("p", samples.change())],
        "alerts": [documents.alert_doc("p", samples.notification())],
        "places": [documents.place_doc("p", samples.state())],
    }


@pytest.mark.parametrize("family", ["articles", "stages", "changes", "alerts", "places"])
def test_each_field_of_a_full_message_has_a_place_in_the_templates_and_none_stands_there_for_nothing(
    family: str,
) -> None:
    written = {path for action in all_actions()[family] for path in paths(action.doc)}
    assert written == mapped(family)


def test_ids_indices_and_versions_follow_from_the_message() -> None:
    found = {name: [(one.index, one.id, one.version) for one in actions] for name, actions in all_actions().items()}
    at = samples.NOVEMBER
    assert found["articles"][0] == ("p-articles-2026.11", "a1", at + 5000)
    assert found["stages"] == [
        ("p-stages-2026.11", "a1:poll", at + 5000),
        ("p-stages-2026.11", "a1:text", at + 5000),
    ]
    assert found["changes"] == [("p-changes-2026.11", "ch1", at)]
    assert found["alerts"] == [("p-alerts-2026.11", "al1:file", at + 9000)]
    assert found["places"] == [("p-places", "SY-X", at)]


@pytest.mark.parametrize(
    ("fields", "status", "cluster"),
    [
        ({"rejected": "language fa"}, "rejected", "a1"),
        ({}, "indexed", "a1"),
        ({"verdict": samples.verdict("new", cluster="a1", of="")}, "indexed", "a1"),
        ({"verdict": samples.verdict("copy")}, "copy", "a0"),
        ({"verdict": samples.verdict("contained")}, "copy", "a0"),
        ({"verdict": samples.verdict("update")}, "indexed", "a0"),
        ({"verdict": samples.verdict("correction")}, "indexed", "a0"),
    ],
)
def test_the_status_tells_rejected_ones_and_copies_apart(fields: dict[str, Any], status: str, cluster: str) -> None:
    doc = documents.article_doc("p", samples.article(**fields)).doc
    assert (doc["status"], doc["cluster"]) == (status, cluster)
    assert doc.get("reason", "") == fields.get("rejected", "")


@pytest.mark.parametrize(
    ("ms", "month"),
    [
        (0, "1970.01"),
        (-1, "1970.01"),
        (10**17, "1970.01"),
        (1_796_083_199_999, "2026.11"),
        (1_796_083_200_000, "2026.12"),
    ],
)
def test_the_month_is_that_of_utc_and_impossible_times_share_one(ms: int, month: str) -> None:
    assert documents.month(ms) == month


@pytest.mark.parametrize(
    ("lat", "lon"), [(None, 1.0), (91.0, 1.0), (1.0, -181.0), (float("nan"), 1.0), (1.0, float("inf"))]
)
def test_a_point_that_is_not_on_earth_is_left_out(lat: float | None, lon: float | None) -> None:
    assert "point" not in documents.place(samples.place(lat=lat, lon=lon))


def test_long_strings_are_cut_by_bytes_and_the_text_is_not() -> None:
    long = "س" * 20_000
    doc = documents.article_doc("p", samples.article(long, url="https://example.org/" + long, title=long)).doc
    assert len(doc["url"].encode()) <= documents.KEYWORD_MAX
    assert doc["text"] == doc["title"] == long


def test_a_stage_that_was_passed_twice_has_one_row_and_the_later_one_stands() -> None:
    first = samples.article(trail=(msgspec.structs.replace(samples.article().article.trail[0], worker="w2"),))
    rows = documents.stage_docs("p", first)
    assert [(row.id, row.doc["worker"]) for row in rows] == [("a1:poll", "w2")]


@given(st.text(), st.integers(0, 50))
def test_cutting_keeps_a_valid_beginning_within_the_limit(text: str, limit: int) -> None:
    short = documents.cut(text, limit)
    assert text.startswith(short)
    assert limit - 4 < len(short.encode()) <= limit or short == text
    assert documents.cut("a\ud800b") == "ab"


def test_every_document_is_json() -> None:
    for actions in all_actions().values():
        for action in actions:
            assert json.loads(msgspec.json.encode(action.doc)) == action.doc
