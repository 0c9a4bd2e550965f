"""Feed documents and pages of the sample newswire, as bytes in each site's encoding."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from string import Template
from xml.sax.saxutils import escape, quoteattr

from rasid.newswire.articles import Article, Site, default_folder, served_paragraphs
from rasid.outlets import Outlet

MONTHS = (
    "كانون الثاني/يناير",
    "شباط/فبراير",
    "آذار/مارس",
    "نيسان/أبريل",
    "أيار/مايو",
    "حزيران/يونيو",
    "تموز/يوليو",
    "آب/أغسطس",
    "أيلول/سبتمبر",
    "تشرين الأول/أكتوبر",
    "تشرين الثاني/نوفمبر",
    "كانون الأول/ديسمبر",
)
TRACKING = "?utm_source=rss&utm_medium=feed"
SUMMARY_WORDS = 24


def page_path(article: Article) -> str:
    """Path of an article's page on the server."""
    return f"/{article.outlet}/{article.key}.html"


def feed_type(site: Site) -> str:
    """Content-Type of the site's feed."""
    return f"application/{site.format}+xml; charset={site.encoding}"


def feed_document(
    outlet: Outlet, site: Site, shown: Sequence[Article], base: str, shift: timedelta = timedelta(0)
) -> bytes:
    """The feed with the articles `shown`, newest first; `base` is `http://host:port`, `shift` is added to all dates."""
    write = _atom if site.format == "atom" else _rss
    return write(outlet, site, shown, base, shift).encode(site.encoding)


def _link(article: Article, site: Site, base: str) -> str:
    return base + page_path(article) + (TRACKING if "tracked-links" in site.quirk else "")


def _content(article: Article, site: Site) -> str:
    """What the feed holds of an article: all its paragraphs as HTML, or its first words."""
    if site.content == "full":
        return "\n".join(f"<p>{escape(part)}</p>" for part in served_paragraphs(article, site))
    words = article.text.split()
    return " ".join(words[:SUMMARY_WORDS]) + ("…" if len(words) > SUMMARY_WORDS else "")


def _rss(outlet: Outlet, site: Site, shown: Sequence[Article], base: str, shift: timedelta) -> str:
    items = []
    for one in shown:
        body = _content(one, site)
        tag = "content:encoded" if site.content == "full" else "description"
        items.append(
            f"<item><title>{escape(one.title)}</title><link>{escape(_link(one, site, base))}</link>"
            f'<guid isPermaLink="false">{one.outlet}-{one.key}</guid>'
            f"<pubDate>{format_datetime(one.time + shift)}</pubDate><{tag}>{escape(body)}</{tag}></item>"
        )
    return (
        f'<?xml version="1.0" encoding="{site.encoding}"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{escape(outlet.name)}</title><link>{base}/{outlet.id}/</link>"
        f"<description>{escape(outlet.name)}: آخر الأخبار</description><language>ar</language>\n"
        + "\n".join(items)
        + "\n</channel></rss>\n"
    )


def _atom(outlet: Outlet, site: Site, shown: Sequence[Article], base: str, shift: timedelta) -> str:
    entries = []
    for one in shown:
        moment = (one.time + shift).isoformat()
        entries.append(
            f'<entry><title>{escape(one.title)}</title><link rel="alternate" href={quoteattr(_link(one, site, base))}/>'
            f"<id>tag:{outlet.id}.invalid,2016:{one.key}</id><published>{moment}</published><updated>{moment}</updated>"
            f'<content type="html">{escape(_content(one, site))}</content></entry>'
        )
    updated = (shown[0].time + shift).isoformat() if shown else "1970-01-01T00:00:00+00:00"
    return (
        f'<?xml version="1.0" encoding="{site.encoding}"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar">'
        f"<title>{escape(outlet.name)}</title><id>tag:{outlet.id}.invalid,2016:feed</id>"
        f'<link href="{base}/{outlet.id}/"/><updated>{updated}</updated>\n' + "\n".join(entries) + "\n</feed>\n"
    )


def arabic_date(moment: datetime) -> str:
    """A date as the pages print it: day, month in Levantine and Egyptian, year, time."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year} {moment:%H:%M}"


def template(outlet: str, folder: Path | None = None) -> Template:
    """The page template of an outlet: seeds/newswire/pages/<outlet>.html, with `$name` for each field."""
    return Template(((folder or default_folder()) / "pages" / f"{outlet}.html").read_text(encoding="utf-8"))


def page_document(
    layout: Template,
    article: Article,
    outlet: Outlet,
    site: Site,
    related: Sequence[Article],
    base: str,
    shift: timedelta = timedelta(0),
) -> bytes:
    """An article's page; `related` are the articles of its "read also" links."""
    moment = article.time + shift
    parts = [f"<p>{escape(part)}</p>" for part in served_paragraphs(article, site)]
    links = [f'<a href="{page_path(one)}">{escape(one.title)}</a>' for one in related]
    text = layout.substitute(
        title=escape(article.title),
        outlet=escape(outlet.name),
        encoding=site.encoding,
        canonical=base + page_path(article),
        iso=moment.isoformat(),
        date=arabic_date(moment),
        first="\n".join([*parts[:1], article.html]).strip(),
        rest="\n".join(parts[1:]),
        body="\n".join([*parts[:1], *([article.html] if article.html else []), *parts[1:]]),
        also="\n".join(f"<li>{link}</li>" for link in links),
        one_also=links[0] if links else "",
    )
    return text.encode(site.encoding)
