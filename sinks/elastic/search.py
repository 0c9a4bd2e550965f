"""Queries → hits, newest first, with the sentence that matched; copies folded into their story."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, AsyncElasticsearch

from rasid.errors import Retry, Usage
from rasid.messages import Passage
from sinks.elastic.client import explain
from sinks.elastic.names import group, known_names

SORTS = ("newest", "best")
SENTENCE_MAX = 500
"""Longest sentence shown, in code points; of a longer one the part around the first match."""
MAX_SIZE = 1000
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
"""Marks around a match in the server's answer: noncharacters, so that no article can hold them by right."""
_TERM = re.compile(
    r'(?P<minus>-)?(?:"(?P<straight>[^"]+)"|“(?P<curly>[^”]+)”|«(?P<guillemets>[^»]+)»|(?P<word>[^\s"“”«»]+))'
)


_ENDS = re.compile(r"[\r\n]+|(?<=[؟?!])\s+")


@dataclass(frozen=True)
class Term:
    """A word or phrase of a query."""

    text: str
    phrase: bool = False
    excluded: bool = False


@dataclass(frozen=True)
class Hit:
    """An article found.

    Attributes:
        published: ms UTC.
        sentence: the sentence that matched; the beginning of the text where only the title did.
        marks: (start, end) of the matches in `sentence`, code points.
        copies: further articles of the same story that match as well (0 when copies are shown one by one).
        copy_outlets: who published those, at most ten.
        status: `indexed` or `copy`.
    """

    article_id: str
    title: str
    url: str
    outlet: str
    published: int
    sentence: str
    marks: tuple[tuple[int, int], ...]
    cluster: str
    status: str
    score: float = 0.0
    copies: int = 0
    copy_outlets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indexed:
    """What the index knows of one article.

    Attributes:
        relation: verdict on copies («copy of X»), "" for a new one.
        trail: the stages it passed, oldest first.
    """

    article_id: str
    index: str
    title: str
    url: str
    outlet: str
    published: int
    status: str
    reason: str
    relation: str
    cluster: str
    trail: tuple[Passage, ...]


def parse(query: str, names: Collection[str] = ()) -> list[Term]:
    """The words and quoted phrases of a query; a minus before one excludes it.

    Args:
        names: known place names (names.known_names): their words are kept together as if they were quoted.

    Raises:
        Usage: there is nothing to look for.
    """
    terms: list[Term] = []
    words: list[str] = []
    for found in _TERM.finditer(query):
        phrase = found["straight"] or found["curly"] or found["guillemets"]
        text = (phrase or found["word"] or "").strip()
        if not (any(letter.isalnum() for letter in text) or text == "*"):
            continue
        if phrase is None and found["minus"] is None:
            words.append(text)
            continue
        terms += [Term(name, is_name) for name, is_name in group(words, names)]
        words = []
        terms.append(Term(text, phrase is not None, found["minus"] is not None))
    terms += [Term(name, is_name) for name, is_name in group(words, names)]
    if not terms:
        raise Usage("the query holds no word; name one, or * for all articles")
    return terms


def build(
    query: str,
    *,
    size: int = 10,
    copies: bool = False,
    place: str | None = None,
    since: int | None = None,
    outlet: str | None = None,
    sort: str = "newest",
    names: Collection[str] = (),
) -> dict[str, Any]:
    """The body of the search request; arguments as in `search`, `names` as in `parse`."""
    if sort not in SORTS:
        raise Usage(f"sort is {sort!r}; it must be one of {', '.join(SORTS)}")
    if not 1 <= size <= MAX_SIZE:
        raise Usage(f"size is {size}; it must lie between 1 and {MAX_SIZE}")
    terms = parse(query, names)
    filters: list[dict[str, Any]] = []
    if place:
        filters.append(_in_place(place))
    if since is not None:
        filters.append({"range": {"published": {"gte": since, "format": "epoch_millis"}}})
    if outlet:
        filters.append({"term": {"outlet": outlet}})
    body: dict[str, Any] = {
        "size": size,
        "_source": ["article_id", "title", "url", "outlet", "published", "cluster", "status"],
        "query": {
            "bool": {
                "must": [_clause(term) for term in terms if not term.excluded],
                "must_not": [{"term": {"status": "rejected"}}, *(_clause(term) for term in terms if term.excluded)],
                "filter": filters,
            }
        },
        "sort": [{"published": "desc"}, "_score"] if sort == "newest" else ["_score", {"published": "desc"}],
        "track_scores": True,
        "highlight": _HIGHLIGHT,
    }
    if not copies:
        inner = {"name": "story", "size": 11, "_source": ["outlet", "article_id"], "sort": [{"published": "asc"}]}
        body["collapse"] = {"field": "cluster", "inner_hits": inner}
    return body


async def search(
    client: AsyncElasticsearch,
    prefix: str,
    query: str,
    *,
    size: int = 10,
    copies: bool = False,
    place: str | None = None,
    since: int | None = None,
    outlet: str | None = None,
    sort: str = "newest",
) -> list[Hit]:
    """Articles that hold all words and phrases of the query, rejected ones left out.

    Args:
        query: words, of which known place names are looked for as they are written; phrases in quotation marks
            ("…" or «…»), whose words may carry a proclitic; `-word` excludes; `*` is all.
        copies: show each copy; else one hit a story, its newest member that matches.
        place: gazetteer id, or a name as an article or the gazetteer writes it, among the places read in the article.
        since: ms UTC; articles published before are left out.
        sort: `newest` or `best`.

    Raises:
        Usage: the query or an option cannot be.
        Retry: Elasticsearch does not answer.
    """
    body = build(
        query, size=size, copies=copies, place=place, since=since, outlet=outlet, sort=sort, names=known_names()
    )
    answer = await _ask(client, f"{prefix}-articles-*", body)
    return [_hit(row) for row in answer["hits"]["hits"]]


async def lookup(client: AsyncElasticsearch, prefix: str, article_id: str) -> Indexed | None:
    """The newest version of an article with its trail; None where the index lacks it.

    Raises:
        Retry: Elasticsearch does not answer.
    """
    by_id = {
        "size": 1,
        "query": {"ids": {"values": [article_id]}},
        "sort": [{"version": "desc"}],
        "_source": {"excludes": ["text"]},
    }
    found = (await _ask(client, f"{prefix}-articles-*", by_id))["hits"]["hits"]
    if not found:
        return None
    rows = {"size": 100, "query": {"term": {"article_id": article_id}}, "sort": [{"version": "desc"}, {"at": "asc"}]}
    stages = [row["_source"] for row in (await _ask(client, f"{prefix}-stages-*", rows))["hits"]["hits"]]
    newest: dict[str, dict[str, Any]] = {}
    for stage in stages:
        newest.setdefault(stage["stage"], stage)
    source = found[0]["_source"]
    verdict = source.get("verdict", {})
    return Indexed(
        article_id=article_id,
        index=found[0]["_index"],
        title=source.get("title", ""),
        url=source.get("url", ""),
        outlet=source.get("outlet", ""),
        published=source.get("published", 0),
        status=source["status"],
        reason=source.get("reason", ""),
        relation=f"{verdict['kind']} of {verdict['of']}" if verdict.get("of") else "",
        cluster=source.get("cluster", ""),
        trail=tuple(_passage(one) for one in sorted(newest.values(), key=lambda one: int(one.get("at", 0)))),
    )


_HIGHLIGHT: dict[str, Any] = {
    "pre_tags": [_OPEN],
    "post_tags": [_CLOSE],
    "fields": {
        "text": {
            "type": "unified",
            "matched_fields": ["text", "text.names"],
            "number_of_fragments": 1,
            "fragment_size": 0,
            "boundary_scanner": "sentence",
            "boundary_scanner_locale": "ar",
            "order": "score",
            "no_match_size": 200,
        }
    },
}


def _clause(term: Term) -> dict[str, Any]:
    """A word is found by its stem or, with any proclitic, as it is written; a phrase only as it is written."""
    if term.text == "*":
        return {"match_all": {}}
    kind = "match_phrase" if term.phrase else "match"
    fields = {"title.names": 3.0, "text.names": 1.5}
    if not term.phrase:
        fields |= {"title": 2.0, "text": 1.0}
    options = {} if term.phrase else {"operator": "and"}
    queries = [{kind: {name: {"query": term.text, "boost": boost, **options}}} for name, boost in fields.items()]
    return {"dis_max": {"queries": queries, "tie_breaker": 0.3}}


def _in_place(place: str) -> dict[str, Any]:
    names = [{"match_phrase": {f"places.{name}.names": place}} for name in ("name", "name_ar")]
    exact = [{"term": {"places.id": place}}, {"term": {"places.name_en": place}}]
    return {"bool": {"should": [*exact, *names], "minimum_should_match": 1}}


async def _ask(client: AsyncElasticsearch, index: str, body: dict[str, Any]) -> dict[str, Any]:
    try:
        answer = await client.perform_request(
            "POST",
            f"/{index}/_search",
            params={"ignore_unavailable": "true", "allow_no_indices": "true"},
            headers={"accept": "application/json", "content-type": "application/json"},
            body=body,
        )
    except (ApiError, TransportError) as error:
        raise Retry(f"Elasticsearch did not answer the search: {explain(error)}") from error
    found: dict[str, Any] = answer.body
    return found


def _hit(row: dict[str, Any]) -> Hit:
    source = row["_source"]
    fragments = row.get("highlight", {}).get("text", [""])
    sentence, marks = _unmark(_line(fragments[0]))
    story = row.get("inner_hits", {}).get("story", {}).get("hits", {})
    others = [one["_source"]["outlet"] for one in story.get("hits", ()) if one["_id"] != row["_id"]]
    return Hit(
        article_id=source["article_id"],
        title=source.get("title", ""),
        url=source.get("url", ""),
        outlet=source.get("outlet", ""),
        published=int(source["published"]),
        sentence=sentence,
        marks=marks,
        cluster=source.get("cluster", ""),
        status=source["status"],
        score=float(row.get("_score") or 0.0),
        copies=max(0, int(story.get("total", {}).get("value", 1)) - 1),
        copy_outlets=tuple(dict.fromkeys(others)),
    )


def _line(fragment: str) -> str:
    """The sentence of the fragment that holds the first match.

    The server's scanner ends a sentence at neither a line break (a heading is a line of its own) nor at «؟».
    """
    parts = [part.strip() for part in _ENDS.split(fragment) if part.strip()]
    return next((part for part in parts if _OPEN in part), parts[0] if parts else "")


def _unmark(fragment: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The fragment without marks, at most SENTENCE_MAX long, and where the matches stand in it."""
    plain: list[str] = []
    marks: list[tuple[int, int]] = []
    length = start = 0
    for piece in re.split(f"([{_OPEN}{_CLOSE}])", fragment):
        if piece == _OPEN:
            start = length
        elif piece == _CLOSE:
            marks.append((start, length))
        else:
            plain.append(piece)
            length += len(piece)
    text = "".join(plain)
    if length <= SENTENCE_MAX:
        return text, tuple(marks)
    first = marks[0][0] if marks else 0
    begin = max(0, min(first - SENTENCE_MAX // 3, length - SENTENCE_MAX))
    end = begin + SENTENCE_MAX
    inside = tuple((a - begin, b - begin) for a, b in marks if a >= begin and b <= end)
    return text[begin:end], inside


def _passage(row: dict[str, Any]) -> Passage:
    return Passage(
        stage=row["stage"],
        status=row["status"],
        at=int(row.get("at", 0)),
        worker=row.get("worker", ""),
        reason=row.get("reason", ""),
    )
