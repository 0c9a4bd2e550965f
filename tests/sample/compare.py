"""What came out of the sample newswire beside what should have come out: a list of sentences, empty when all is right."""

from collections.abc import Callable, Iterable, Mapping

from processors.folding import fold_word
from rasid.messages import Change, EnrichedArticle
from rasid.newswire.expected import Expected, ExpectedChange


def differences(
    expected: Expected,
    articles: Iterable[EnrichedArticle],
    changes: Iterable[Change],
    key_of: Mapping[str, str],
    *,
    in_order: bool,
) -> list[str]:
    """Compares clusters, relations, rejections and changes.

    Args:
        key_of: article id → key of the newswire.
        in_order: whether the changes of all places must come in the expected order; else only those of each place.
    """
    articles = list(articles)
    found = [*_clusters(expected, articles, key_of), *_rejected(expected, articles, key_of)]
    return found + _changes(expected, list(changes), key_of, in_order)


def _clusters(expected: Expected, articles: list[EnrichedArticle], key_of: Mapping[str, str]) -> list[str]:
    groups: dict[str, set[str]] = {}
    kinds: dict[str, str] = {}
    for one in articles:
        key = key_of[one.article.article_id]
        if one.verdict is not None:
            groups.setdefault(one.verdict.cluster, set()).add(key)
            kinds[key] = one.verdict.kind
    got = {frozenset(group) for group in groups.values() if len(group) > 1}
    want = {frozenset(group) for group in expected.clusters}
    lines = [f"cluster missing: {sorted(group)}" for group in want - got]
    lines += [f"cluster too many: {sorted(group)}" for group in got - want]
    lines += [
        f"{key} is {kinds.get(key)}, not {kind}" for key, kind in expected.relation.items() if kinds.get(key) != kind
    ]
    return lines


def _rejected(expected: Expected, articles: list[EnrichedArticle], key_of: Mapping[str, str]) -> list[str]:
    got = {key_of[one.article.article_id] for one in articles if one.article.rejected}
    return [f"rejected: {sorted(got ^ set(expected.rejected))}"] if got != set(expected.rejected) else []


def _changes(expected: Expected, changes: list[Change], key_of: Mapping[str, str], in_order: bool) -> list[str]:
    got = [_row(change, key_of) for change in changes]
    want = list(expected.changes)
    places = {_bare(one.place) for one in want} | {row[0] for row in got}
    groups: list[Callable[[str], bool]] = [lambda _place: True] if in_order else []
    groups += [lambda place, wanted=place: place == wanted for place in sorted(places)]  # type: ignore[misc]
    lines: list[str] = []
    for belongs in groups[1:] if in_order else groups:
        theirs = [row for row in got if belongs(row[0])]
        ours = [one for one in want if belongs(_bare(one.place))]
        lines += _sequence(ours, theirs)
    if in_order and not lines:
        lines += _sequence(want, got)
    return lines


Row = tuple[str, str, str, str]


def _row(change: Change, key_of: Mapping[str, str]) -> Row:
    cause = next((claim.article_id for claim in change.claims if claim.claim_id == change.cause), "")
    return (
        _bare(change.place.name_ar or change.place.name),
        change.holder or "",
        change.standing,
        key_of.get(cause, cause),
    )


def _sequence(want: list[ExpectedChange], got: list[Row]) -> list[str]:
    if len(want) == len(got) and all(_fits(one, row) for one, row in zip(want, got, strict=True)):
        return []
    ours = [(one.place, one.holder, one.standing, one.cause) for one in want]
    return [
        "changes differ:\n    want "
        + "\n         ".join(map(str, ours))
        + "\n    got  "
        + "\n         ".join(map(str, got))
    ]


def _fits(one: ExpectedChange, row: Row) -> bool:
    place, holder, standing, cause = row
    return (
        place == _bare(one.place)
        and holder in {one.holder, *one.or_holder}
        and standing == one.standing
        and cause in {one.cause, *one.or_cause}
    )


def _bare(name: str) -> str:
    return " ".join(word.removeprefix("ال") for word in fold_word(name).split())
