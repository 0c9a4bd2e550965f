"""Articles of a JSON Lines file, in its order: raw ones for a replay, clean ones for dedupe and its benchmark."""

from collections.abc import Callable, Iterator
from typing import Any

from ingest.files import raw_of_row
from rasid.errors import Invalid
from rasid.jsonl import read_articles
from rasid.messages import RawArticle, TextArticle


def raw_articles(
    path: str, strict: bool, complain: Callable[[str], None]
) -> Iterator[tuple[int, dict[str, Any], RawArticle]]:
    """Line number, row and article of each good line of a file (plain, gzip or `-`); a bad one is told and skipped.

    Raises:
        Usage: the file cannot be read.
        Invalid: with `strict`, the first bad line; the message has its number.
    """
    for number, row in read_articles(path, strict, complain):
        try:
            raw = raw_of_row(row)
        except Invalid as error:
            if strict:
                raise Invalid(f"{path}, line {number}: {error}") from error
            complain(f"{path}, line {number}: {error}; skipped")
            continue
        yield number, row, raw


def text_articles(path: str, strict: bool, complain: Callable[[str], None]) -> Iterator[TextArticle]:
    """The articles of a file as the text stage would give them; files, bad lines and errors as in `raw_articles`.

    An article without a date gets the date of the one before it: the order of arrival is all that is known of it.
    """
    latest = 0
    for _, _, raw in raw_articles(path, strict, complain):
        latest = raw.version if raw.published else latest
        yield TextArticle(
            article_id=raw.article_id,
            version=latest,
            feed_id=raw.feed_id,
            outlet=raw.outlet,
            url=raw.url,
            title=raw.title,
            text=raw.text,
            published=latest,
            published_from="feed" if raw.published else "fetched",
            fetched=latest,
            language="ar",
        )
