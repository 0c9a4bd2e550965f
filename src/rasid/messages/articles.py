"""The article, as each stage leaves it."""

import msgspec

from rasid.messages.codec import Message
from rasid.messages.extraction import Extraction
from rasid.messages.verdicts import COPIES, Verdict


class Passage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One stage that an article passed: the trail by which it can be accounted for."""

    stage: str
    """`poll`, `text`, `dedupe`, `extract`, `index`."""
    status: str
    """`ok`, `rejected`, `dead`."""
    at: int
    """When the stage had finished, ms."""
    worker: str = ""
    reason: str = ""


class RawArticle(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A feed entry, and its page where one was fetched, before any parsing that can fail."""

    article_id: str
    version: int
    """Our own fetch time, ms: the newer one of two articles with the same id wins."""
    feed_id: str
    outlet: str
    """Outlet id, as in seeds/outlets.toml."""
    url: str
    """Canonical URL, or "" where the entry has none."""
    entry_id: str = ""
    title: str = ""
    """As in the feed; may hold markup."""
    published: str = ""
    """As in the feed, unparsed."""
    language: str = ""
    """As declared by the feed."""
    entry: bytes = b""
    """Summary or content of the entry (HTML or text), UTF-8."""
    entry_is_full: bool = False
    """The entry holds the whole article, not a teaser."""
    page: bytes = b""
    """The page as it came, any charset; b"" where it was not fetched."""
    page_content_type: str = ""
    """HTTP Content-Type of the page."""
    text: str = ""
    """Clean text given from outside (replay, files); where set, nothing is parsed."""
    trail: tuple[Passage, ...] = ()


class TextArticle(Message, frozen=True, kw_only=True, omit_defaults=True):
    """An article with its clean text, or the reason why it has none."""

    article_id: str
    version: int
    feed_id: str
    outlet: str
    url: str
    title: str
    text: str
    """The main text as its readers saw it: paragraphs separated by newlines, no markup. Offsets point into it."""
    published: int
    """ms UTC: the outlet's date, clipped to the fetch time where it lies in the future."""
    published_from: str
    """Where `published` comes from: `feed`, `page`, `fetched` (none was told), with `+clipped` where clipped."""
    fetched: int
    """ms UTC."""
    language: str
    """`ar`, `fa`, `ur`, `other`."""
    sketch: tuple[int, ...] = ()
    """Sorted 32-bit values; see processors/dedupe/sketch.py."""
    rejected: str = ""
    """Why the article goes no further ("" if it does): it is indexed with this reason and read no more."""
    trail: tuple[Passage, ...] = ()


class CheckedArticle(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The article with the verdict on copies."""

    article: TextArticle
    verdict: Verdict
    trail: tuple[Passage, ...] = ()


class EnrichedArticle(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The article with all that was read in it: what is indexed.

    A rejected article comes here straight from the text stage, without verdict and extraction.
    """

    article: TextArticle
    verdict: Verdict | None = None
    extraction: Extraction | None = None
    trail: tuple[Passage, ...] = ()


def status_of(enriched: EnrichedArticle) -> str:
    """`rejected`, `copy` or `indexed`: the three ways in which an article may end."""
    if enriched.article.rejected:
        return "rejected"
    if enriched.verdict is not None and enriched.verdict.kind in COPIES:
        return "copy"
    return "indexed"


class Outcome(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an article in the end: one record of `articles.indexed`, the basis of every balance."""

    article_id: str
    version: int
    url: str
    outlet: str
    status: str
    """`indexed` (it stands on its own), `copy` (indexed as a copy of another), `rejected`, `dead` (the index refused it)."""
    reason: str = ""
    verdict: str = ""
    cluster: str = ""
    trail: tuple[Passage, ...] = ()
