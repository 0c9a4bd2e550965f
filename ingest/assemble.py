"""From an entry to a raw article: with its page where the feed holds a summary only."""

from typing import Protocol

from ingest.feed import Entry
from ingest.fetch import Fetched, FetchFailed
from ingest.identity import clean_url
from rasid.messages import Passage, RawArticle
from rasid.outlets import Feed

PAGE_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.5"
_HTML = ("", "text/html", "application/xhtml+xml", "application/xml", "text/xml", "text/plain")


class FetchLike(Protocol):
    """What polling needs of a Fetcher."""

    async def fetch(
        self, url: str, etag: str = "", last_modified: str = "", max_bytes: int = 10_000_000, accept: str = "*/*"
    ) -> Fetched:
        """As Fetcher.fetch."""


async def page_of(entry: Entry, feed: Feed, fetcher: FetchLike, max_bytes: int) -> tuple[Fetched | None, str]:
    """The article's page, or None with the reason why there is none ("" where none is needed). Never fails."""
    if feed.full_text or entry.is_full:
        return None, ""
    if not entry.url:
        return None, "page: the entry has no link"
    try:
        answer = await fetcher.fetch(clean_url(entry.url), max_bytes=max_bytes, accept=PAGE_ACCEPT)
    except FetchFailed as error:
        return None, f"page: {error}"
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.status != 200:
        return None, f"page: status {answer.status}"
    if kind not in _HTML:
        return None, f"page: it is {kind}, no HTML"
    return answer, ""


def raw_article(
    feed: Feed, article_id: str, entry: Entry, language: str, page: Fetched | None, reason: str, fetched: int
) -> RawArticle:
    """The article as it goes to `articles.raw`.

    Args:
        language: as the feed declares it.
        page, reason: as `page_of` gave them; the reason stands in the trail.
        fetched: ms, becomes the version.
    """
    content = entry.content if len(entry.content) > len(entry.summary) else entry.summary
    return RawArticle(
        article_id=article_id,
        version=fetched,
        feed_id=feed.id,
        outlet=feed.outlet,
        url=clean_url(entry.url),
        entry_id=entry.id[:500],
        title=entry.title,
        published=entry.published or entry.updated,
        language=language or feed.language,
        entry=content.encode("utf-8", "replace"),
        entry_is_full=feed.full_text or entry.is_full,
        page=page.body if page else b"",
        page_content_type=page.headers.get("content-type", "") if page else "",
        trail=(Passage(stage="poll", status="ok", at=fetched, reason=reason),),
    )
