"""`rasid search` as people and programs call it, without a server."""

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

import rasid.localstack
import sinks.elastic.search
from rasid.cli import search as cli
from rasid.errors import Fatal, Usage
from rasid.terminal import FSI, PDI
from sinks.elastic.search import Hit, Term, build, parse

HIT = Hit(
    article_id="a1", title="تقدم في\x1b[31m حلب", url="https://example.org/1", outlet="nabaa", published=1_795_600_000_000,
    sentence="قصف\x1b]0;x\x07 حلب ليلا", marks=((10, 13),), cluster="a1", status="indexed", copies=2,
    copy_outlets=("wakala", "جريدة"),
)  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Plays the server: what the command asks for is kept; it finds `asked["hits"]`."""
    kept: dict[str, Any] = {"hits": [HIT]}

    async def search(_client: object, prefix: str, query: str, **options: Any) -> list[Hit]:
        kept.update(prefix=prefix, query=query, **options)
        return kept["hits"]

    monkeypatch.setattr(sinks.elastic.search, "search", search)
    monkeypatch.setenv("RASID_ELASTICSEARCH", "http://127.0.0.1:9")
    return kept


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.command, arguments)


def test_a_hit_is_shown_with_isolated_arabic_and_nothing_that_steers_the_terminal(asked: dict[str, Any]) -> None:
    result = run("حلب")
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        f"2026-11-25 09:46  nabaa  {FSI}تقدم في حلب{PDI}  +2 of the same story (wakala, {FSI}جريدة{PDI})",
        f"    {FSI}قصف حلب ليلا{PDI}",
        "    https://example.org/1",
    ]


def test_the_matches_are_marked() -> None:
    _, sentence, _ = cli.lines(HIT)
    marked = [sentence.plain[span.start : span.end] for span in sentence.spans if "bold" in str(span.style)]
    assert "حلب" in marked


def test_nothing_found_is_said_and_is_no_failure(asked: dict[str, Any]) -> None:
    asked["hits"] = []
    result = run("حلب")
    assert (result.exit_code, result.output) == (0, "nothing found\n")
    assert run("حلب", "--json").output == ""


def test_json_is_one_object_a_line_with_what_stands_in_the_index(asked: dict[str, Any]) -> None:
    asked["hits"] = [HIT, HIT]
    rows = [json.loads(line) for line in run("حلب", "--json").output.splitlines()]
    assert [row["article_id"] for row in rows] == ["a1", "a1"]
    assert rows[0]["marks"] == [[10, 13]]


def test_options_reach_the_search(asked: dict[str, Any]) -> None:
    run(
        "دير",
        "الزور",
        "--size",
        "3",
        "--copies",
        "--since",
        "2026-11-25",
        "--outlet",
        "nabaa",
        "--place",
        "SY-X",
        "--best",
    )
    asked.pop("hits")
    assert asked == {
        "prefix": "rasid", "query": "دير الزور", "size": 3, "copies": True, "since": 1_795_564_800_000, "outlet": "nabaa",
        "place": "SY-X", "sort": "best",
    }  # fmt: skip


def test_without_any_server_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASID_ELASTICSEARCH", "")
    monkeypatch.setattr(rasid.localstack, "running", lambda _settings: None)
    result = run("حلب")
    assert isinstance(result.exception, Fatal)
    assert not isinstance(result.exception, Usage)
    assert str(result.exception) == (
        "no Elasticsearch runs: start `./rasid up` in another terminal, or name one in RASID_ELASTICSEARCH"
    )


@pytest.mark.parametrize(
    ("text", "ms"),
    [("90m", 1_000_000 - 5_400_000), ("24h", 1_000_000 - 86_400_000), ("2026-11-25T03:00:00+03:00", 1_795_564_800_000)],
)
def test_since_is_a_time_ago_or_a_moment(text: str, ms: int) -> None:
    assert cli.since_ms(text, now=1000.0) == ms


@pytest.mark.parametrize("text", ["yesterday", "24", "99999999h", "2026-13-01"])
def test_another_since_is_a_wrong_use(text: str) -> None:
    with pytest.raises(Usage, match="--since"):
        cli.since_ms(text, now=1000.0)


NAMES = frozenset({"دير الزور", "حلب", "بكاس", "الرقه", "الباب"})
QUERIES = {
    "words": ("قصف مدفعي", [Term("قصف"), Term("مدفعي")]),
    "three kinds of quotation marks": ('"أ ب" «ج د» “ه و”', [Term("أ ب", True), Term("ج د", True), Term("ه و", True)]),
    "exclusion": ('قصف -هدنة -"وقف النار"', [Term("قصف"), Term("هدنة", False, True), Term("وقف النار", True, True)]),
    "a quotation mark without its other half": ('قصف "حي', [Term("قصف"), Term("حي")]),
    "a name of two words": ("قصف دير الزور ليلا", [Term("قصف"), Term("دير الزور", True), Term("ليلا")]),
    "a name with its proclitic": (
        "بدير الزور وحلب للرقة",
        [Term("دير الزور", True), Term("حلب", True), Term("الرقه", True)],
    ),
    "a name that begins like a proclitic": ("بكاس", [Term("بكاس", True)]),
    "all": ("*", [Term("*")]),
    "punctuation alone is dropped": ("قصف ، - !", [Term("قصف")]),
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_cut_into_words_phrases_and_names(name: str) -> None:
    query, terms = QUERIES[name]
    assert parse(query, NAMES) == terms


@pytest.mark.parametrize("query", ["", "  ", '""', "- ،"])
def test_a_query_without_a_word_is_a_wrong_use(query: str) -> None:
    with pytest.raises(Usage):
        parse(query)


@pytest.mark.parametrize("options", [{"size": 0}, {"size": 1001}, {"sort": "oldest"}])
def test_options_out_of_range_are_a_wrong_use(options: dict[str, Any]) -> None:
    with pytest.raises(Usage):
        build("حلب", **options)
