"""The text stage: from a raw article to clean text, or to the reason why there is none. Pure; the sketch is added later."""

import re
from collections.abc import Mapping

from ingest import charset
from ingest.dates import parse_date
from ingest.language import language_of
from ingest.markup import clean, to_line, to_lines
from ingest.page import PageText, drop_leads, main_text
from rasid.errors import Invalid
from rasid.messages import RawArticle, TextArticle
from rasid.outlets import Feed, Outlet

MIN_LETTERS = 12
"""Fewer letters in title and text together say nothing."""
MIN_PAGE = 100
"""Characters; a page with less text is an error page or a video page."""
TEASER_SHARE = 0.8
"""A page whose text is shorter than this share of the feed's own text was read badly: the feed's text is taken."""
_TITLE_TAIL = re.compile(r"\s+[-|–—•:]\s+([^-|–—•]{2,40})$")
_FOLD = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه"})


def to_text(raw: RawArticle, outlet: Outlet, feed: Feed | None = None) -> TextArticle:
    """Clean title and text, date, language; `rejected` says why an article goes no further.

    The page's text is taken where there is one, else the entry's; an article that has a headline only (a flash) has its
    headline as text. A text given from outside (`raw.text`) is taken as it is, and only its language is looked at.

    Raises:
        Invalid: the record names no article (an impossible id, another outlet).
    """
    if not raw.article_id or raw.version < 0:
        raise Invalid("a raw article without id or with an impossible version")
    if raw.outlet != outlet.id:
        raise Invalid(f"the article is of outlet {raw.outlet!r}, it was given {outlet.id!r}")
    page = PageText() if raw.text or not raw.page else _page(raw, feed)
    title, text = (to_line(raw.title), raw.text) if raw.text else _title_and_text(raw, outlet, page)
    published, origin = parse_date(raw.published, outlet.zone, raw.version)
    if origin == "fetched" and page.published:
        published, origin = parse_date(page.published, outlet.zone, raw.version, origin="page")
    language = language_of(f"{title}\n{text}")
    rejected = _rejected(raw, title, text, language)
    return TextArticle(
        article_id=raw.article_id,
        version=raw.version,
        feed_id=raw.feed_id,
        outlet=raw.outlet,
        url=raw.url,
        title=title,
        text=text,
        published=published,
        published_from=origin,
        fetched=raw.version,
        language=language,
        rejected=rejected,
        trail=raw.trail,
    )


def clean_title(title: str, outlet: Outlet) -> str:
    """The title on one line, without the outlet's name behind it and without its own repetition."""
    title = to_line(charset.repair(title))
    if (tail := _TITLE_TAIL.search(title)) and _same(tail[1], outlet.name, outlet.id):
        title = title[: tail.start()]
    half = re.fullmatch(r"(.{10,200}?)\s*[-|–—:]?\s*\1", title)
    return half[1] if half else title


def drop_headline(text: str, title: str) -> str:
    """The text without its headline at the start.

    Only a whole paragraph that equals the title is dropped, or the first of two titles in a row: a first sentence that
    merely begins like the title carries the news.
    """
    first, _, rest = text.partition("\n")
    while rest and title and _folded(first) == _folded(title):
        text = rest
        first, _, rest = text.partition("\n")
    if len(title) > 15 and text.startswith(title) and text[len(title) :].lstrip(" .:،-").startswith(title):
        text = text[len(title) :].lstrip(" .:،-")
    return text


def _page(raw: RawArticle, feed: Feed | None) -> PageText:
    rules: Mapping[str, object] = feed.page if feed else {}
    try:
        return main_text(raw.page, raw.page_content_type, raw.url, rules)
    except Exception:  # lxml and trafilatura on pages of the wild: the entry's text is still there
        return PageText()


def _title_and_text(raw: RawArticle, outlet: Outlet, page: PageText) -> tuple[str, str]:
    title = clean_title(raw.title or page.title, outlet)
    entry = drop_headline(drop_leads(to_lines(charset.repair(raw.entry.decode("utf-8", "replace")))), title)
    body = drop_headline(page.text, title)
    text = body if len(body) >= max(MIN_PAGE, TEASER_SHARE * len(entry)) else entry
    text = clean(text)
    return title, text if _letters(text) >= MIN_LETTERS else title


def _rejected(raw: RawArticle, title: str, text: str, language: str) -> str:
    letters = _letters(text) + (_letters(title) if title != text else 0)
    if letters < MIN_LETTERS:
        why = next((passage.reason for passage in raw.trail if passage.reason), "")
        return f"no text: {letters} letters" + (f" ({why})" if why else "")
    if language != "ar":
        return f"not Arabic ({language})"
    return ""


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text[:5000]))


def _same(tail: str, *names: str) -> bool:
    return _folded(tail) in {_folded(name) for name in names} or any(
        _folded(tail) in re.split(r"\W+\(|\)", _folded(name)) for name in names
    )


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", " ", re.sub(r"[\u064b-\u0652\u0640]", "", text.translate(_FOLD))).strip().lower()
