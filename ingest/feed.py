"""From the bytes of a feed document to its entries."""

import io
import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

import feedparser

from ingest import charset
from ingest.identity import article_id, canonical_url
from ingest.markup import to_lines
from rasid.errors import Invalid

MAX_ENTRIES = 2000
FULL_LETTERS = 600
"""Text of an entry from which on it may be the whole article."""
_ROOT = re.compile(r"<\s*(?:[\w-]+:)?(rss|feed|rdf)\b", re.IGNORECASE)
_HTML = re.compile(r"<\s*(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY\s+(%?\s*[\w.-]+)\s+(\"[^\"]*\"|'[^']*'|[^>\s]+)", re.IGNORECASE)
_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")
_TEASER = re.compile(
    r"(\[\s*(?:…|\.\.\.|&hellip;)\s*\]|…|\.\.\.|(?:اقرأ|إقرأ|قراءة|تابع) (?:المزيد|القراءة|البقية)\W*)\s*$"
)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Entry:
    """One entry as the feed tells it; texts may hold markup.

    Attributes:
        id: GUID or Atom id; a made one where the feed has none or repeats it.
        url: link, absolute, "" if none.
        published: date of publication, unparsed.
        updated: date of the last change, unparsed, "" if none.
        is_full: `content` is the whole article, as far as its length and its end tell.
    """

    id: str
    url: str
    title: str
    published: str = ""
    updated: str = ""
    summary: str = ""
    content: str = ""
    is_full: bool = False


@dataclass(frozen=True)
class ParsedFeed:
    """A feed document.

    Attributes:
        kind: `rss20`, `atom10`, `rdf` … as feedparser names it.
        language: as declared, "" if not.
        warning: what was wrong with it though it could be read; "" if nothing.
    """

    entries: tuple[Entry, ...]
    title: str = ""
    kind: str = ""
    language: str = ""
    warning: str = ""


def parse_feed(body: bytes, content_type: str = "", url: str = "") -> ParsedFeed:
    """Reads RSS 0.9 to 2.0, RDF and Atom, in the charset that the bytes are in.

    Args:
        body: the document, unpacked.
        content_type: HTTP Content-Type.
        url: where it came from, for relative links.

    Raises:
        Invalid: it is no feed, or a dangerous one; the message is the reason.
    """
    if not body.strip():
        raise Invalid("the document is empty (0 bytes)")
    decoded = charset.decode(body, content_type)
    text = _ILLEGAL.sub("", decoded.text)
    _check(text)
    # feedparser gets bytes of one known charset: left alone, it believes a wrong header that happens to decode.
    document = b'<?xml version="1.0" encoding="utf-8"?>' + _PROLOG.sub("", text, count=1).encode("utf-8", "replace")
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        # Without cleaning of HTML: it takes most of the time (43 s for a hostile document), and markup.py drops all of it.
        parsed = feedparser.parse(
            io.BytesIO(document), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # feedparser leaks errors of its parsers (its issue 277)
        raise Invalid(f"feedparser failed: {type(error).__name__}: {error}") from error
    if not parsed.get("version") and not parsed.entries:
        raise Invalid("it looks like a feed, but no entry and no feed version could be read")
    warnings = [decoded.warning] if decoded.warning else []
    if parsed.get("bozo"):
        warnings.append(f"not well-formed: {parsed.get('bozo_exception')}")
    entries = [_entry(raw, url) for raw in parsed.entries]
    if len(entries) > MAX_ENTRIES:
        warnings.append(f"{len(entries)} entries; only the first {MAX_ENTRIES} were taken")
        entries = entries[:MAX_ENTRIES]
    return ParsedFeed(
        entries=_apart(entries),
        title=to_lines(str(parsed.feed.get("title", ""))),
        kind=str(parsed.get("version", "")),
        language=str(parsed.feed.get("language", "")),
        warning="; ".join(warnings),
    )


def _check(text: str) -> None:
    """What must not reach the parser."""
    head = text[:20_000]
    root = _ROOT.search(head)
    if root is None or ((page := _HTML.search(head)) and page.start() < root.start()):
        kind = "an HTML page" if _HTML.search(head) else "no RSS, RDF or Atom document"
        raise Invalid(f"it is {kind}, not a feed (it begins with {' '.join(text[:60].split())!r})")
    for name, value in _ENTITY.findall(text[: root.start()] if root else ""):
        harmless = value[:1] in "\"'" and len(value) < 200 and not re.search(r"&(?!#)|%", value)
        if not harmless or name.startswith("%"):
            raise Invalid(f"it defines the entity {name.strip()!r} by other entities or files (an entity bomb)")


def _entry(raw: Any, base: str) -> Entry:
    contents = [str(one.get("value") or "") for one in dict.get(raw, "content") or ()]
    content = charset.repair(max(contents, key=len, default=""))
    summary = charset.repair(_get(raw, "summary"))
    longer = content if len(content) > len(summary) else summary
    entry_id, link = _get(raw, "id"), _get(raw, "link")
    # A GUID of the form "123" is a permalink by RSS's default; feedparser then gives it as the link.
    url = link if canonical_url(link) or link == entry_id else _joined(base, link)
    return Entry(
        id=entry_id,
        url=next((one for one in (url, entry_id) if canonical_url(one)), ""),
        title=charset.repair(_get(raw, "title")),
        published=_get(raw, "published"),
        updated=_get(raw, "updated"),
        summary=summary,
        content=content,
        is_full=_is_full(longer),
    )


def _get(raw: Any, key: str) -> str:
    """A text of the entry; feedparser's own `get` answers `updated` with `published`, and warns."""
    return str(dict.get(raw, key) or "").strip()


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link) if link else ""
    except ValueError:
        return ""


def _is_full(markup: str) -> bool:
    if len(markup) < FULL_LETTERS:
        return False
    lines = [line for line in to_lines(markup).split("\n") if "appeared first on" not in line]
    text = "\n".join(lines)
    return len(text) >= FULL_LETTERS and not _TEASER.search(text[-60:])


def _apart(entries: list[Entry]) -> tuple[Entry, ...]:
    """Entries with ids that tell them apart: repeated and missing GUIDs get one made of link or title.

    Entries that share a link and a title are one; those that share a link only (a live page, a placeholder link) keep it
    apart by losing the link from their identity.
    """
    id_count: dict[str, int] = {}
    titles_of: dict[str, set[str]] = {}
    for entry in entries:
        id_count[entry.id] = id_count.get(entry.id, 0) + 1
        titles_of.setdefault(canonical_url(entry.url), set()).add(entry.title)
    out: dict[str, Entry] = {}
    for entry in entries:
        shared = bool(entry.url) and len(titles_of[canonical_url(entry.url)]) > 1
        if not entry.id or id_count[entry.id] > 1 or shared:
            named = "\x1f".join(part for part in (canonical_url(entry.url), entry.title) if part)
            entry = replace(entry, id=named or entry.published or entry.summary[:200])
        if shared:
            entry = replace(entry, url="")
        out.setdefault(article_id(entry.url, "", entry.id), entry)
    return tuple(out.values())
