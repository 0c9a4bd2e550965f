"""Articles of a JSON Lines file as clean articles, in the order of the file: what dedupe and its benchmark read."""

from collections.abc import Callable, Iterator

from ingest.files import raw_of_row
from rasid.errors import Invalid
from rasid.jsonl import read_articles
from rasid.messages import TextArticle


def text_articles(path: str, strict: bool, complain: Callable[[str], None]) -> Iterator[TextArticle]:
    """The articles of a file (plain, gzip or `-`); a bad line is told and skipped, or raised with `strict`.

    An article without a date gets the date of the one before it: the order of arrival is all that is known of it.

    Raises:
        Usage: the file cannot be read.
        Invalid: with `strict`, the first bad line; the message has its number.
    """
    latest = 0
    for number, row in read_articles(path, strict, complain):
        try:
            raw = raw_of_row(row)
        except Invalid as error:
            if strict:
                raise Invalid(f"{path}, line {number}: {error}") from error
            complain(f"{path}, line {number}: {error}; skipped")
            continue
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
