"""Articles of a JSON Lines file as raw articles, for replay."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ingest.dates import read_instant
from ingest.identity import article_id, clean_url
from rasid.errors import Invalid
from rasid.messages import Passage, RawArticle


def raw_of_row(row: Mapping[str, Any], fetched_ms: int | None = None) -> RawArticle:
    """The raw article of a row with `doc_id, title, text, published, source` and perhaps `url`.

    Args:
        row: `published` is ISO 8601, `YYYY-MM-DD HH:MM:SS` in UTC, or RFC 822.
        fetched_ms: our fetch time; None takes the time of publication, so that a replay runs in the file's own time.

    Returns:
        `text` is set, so nothing is parsed later; `article_id` is the row's `doc_id` where it has one (two rows with one
        URL stay two articles), else made of URL or source and title.

    Raises:
        Invalid: the row is no article; the message says what is missing.
    """
    if not isinstance(row, Mapping):
        raise Invalid("the line is no JSON object")
    text, title = (_string(row, name) for name in ("text", "title"))
    if not text.strip() and not title.strip():
        raise Invalid("the row has neither text nor title")
    published = _string(row, "published")
    instant = read_instant(published, "UTC") if published else None
    if published and instant is None:
        raise Invalid(f"published is {published[:40]!r}; it must be ISO 8601, YYYY-MM-DD HH:MM:SS (UTC) or RFC 822")
    version = fetched_ms if fetched_ms is not None else instant or 0
    source, doc_id = _string(row, "source"), _string(row, "doc_id")
    url = clean_url(_string(row, "url"))
    return RawArticle(
        article_id=doc_id or article_id(url, f"file:{source}", title),
        version=version,
        feed_id=f"file:{source}",
        outlet=source,
        url=url,
        entry_id=doc_id,
        title=title,
        published=datetime.fromtimestamp(instant / 1000, UTC).isoformat() if instant is not None else "",
        text=text or title,
        trail=(Passage(stage="poll", status="ok", at=version),),
    )


def _string(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str | int | float):
        raise Invalid(f"{name} is no text")
    return re.sub(r"\r\n?", "\n", str(value))
