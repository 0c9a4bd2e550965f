"""The articles of the sample newswire: loading, checking, and as rows for `rasid replay`."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import seeds
from rasid.errors import Usage
from rasid.outlets import Feed, Outlet
from rasid.outlets import load as load_feeds

KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
FORMATS = ("rss", "atom")
CONTENTS = ("full", "summary")
QUIRKS = ("doubled-headline", "glued", "tracked-links", "no-text")


@dataclass(frozen=True)
class Article:
    """One article.

    Attributes:
        key: stable ASCII slug, the last part of its URL.
        outlet: id of the outlet.
        time: when it was published in the story, with its offset from UTC.
        title: headline.
        text: paragraphs, with an empty line between two; "" only with the quirk `no-text`.
        copy_of: key of the article it was made from (copy, update or correction), "" for none.
        quirk: what is odd about this article beyond what is odd about its site.
        html: markup put after the first paragraph of its page (a picture with its caption, a table).
    """

    key: str
    outlet: str
    time: datetime
    title: str
    text: str
    copy_of: str = ""
    quirk: tuple[str, ...] = ()
    html: str = ""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of the text, each on one line."""
        return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", self.text) if part.strip())


@dataclass(frozen=True)
class Site:
    """How an outlet serves its articles: `format` rss or atom, `content` of the feed full or summary."""

    outlet: str
    format: str
    content: str
    encoding: str = "utf-8"
    quirk: tuple[str, ...] = ()


@dataclass(frozen=True)
class Newswire:
    """A whole story: `articles` in order of time, feeds whose URLs still hold `{port}`."""

    outlets: Mapping[str, Outlet]
    feeds: tuple[Feed, ...]
    sites: Mapping[str, Site]
    articles: tuple[Article, ...]

    def article(self, key: str) -> Article:
        """The article with this key; KeyError when there is none."""
        return {one.key: one for one in self.articles}[key]

    def of_outlet(self, outlet: str) -> tuple[Article, ...]:
        """An outlet's articles in order of time."""
        return tuple(one for one in self.articles if one.outlet == outlet)


def default_folder() -> Path:
    """The story that comes with the project."""
    return Path(next(iter(seeds.__path__))) / "newswire"


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a mapping; Usage when it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Usage(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Usage(f"{path} is no valid TOML: {error}") from error


def load(folder: Path | None = None) -> Newswire:
    """Reads a story: feeds.toml, sites.toml and days/*.toml of the folder.

    Raises:
        Usage: a file is missing or wrong; the message names the file or article and what to mend.
    """
    folder = folder or default_folder()
    feeds = load_feeds(folder / "feeds.toml")
    try:
        sites = [
            Site(**{**row, "quirk": tuple(row.get("quirk", ()))})
            for row in read_toml(folder / "sites.toml").get("site", [])
        ]
    except TypeError as error:
        raise Usage(f"{folder / 'sites.toml'}: a row has an unknown key or lacks one: {error}") from error
    articles: list[Article] = []
    for path in sorted((folder / "days").glob("*.toml")):
        articles += [_article(path, row) for row in read_toml(path).get("article", [])]
    newswire = Newswire(
        outlets=feeds.outlets,
        feeds=feeds.feeds,
        sites={site.outlet: site for site in sites},
        articles=tuple(sorted(articles, key=lambda one: one.time)),
    )
    problems = [*_site_problems(newswire), *_article_problems(newswire)]
    if problems:
        raise Usage(f"{folder}: {problems[0]}")
    return newswire


def _article(path: Path, row: Mapping[str, Any]) -> Article:
    try:
        article = Article(**{**row, "text": str(row["text"]).strip(), "quirk": tuple(row.get("quirk", ()))})
    except (TypeError, KeyError) as error:
        raise Usage(f"{path}: the article {row.get('key', '?')!r} has an unknown key or lacks one: {error}") from error
    if not isinstance(article.time, datetime) or article.time.tzinfo is None:
        raise Usage(f"{path}: the time of {article.key!r} must be a TOML date and time with its offset")
    return article


def _site_problems(newswire: Newswire) -> list[str]:
    problems = []
    for outlet in newswire.outlets:
        site = newswire.sites.get(outlet)
        if site is None or not any(feed.outlet == outlet for feed in newswire.feeds):
            problems.append(f"the outlet {outlet!r} needs a [[site]] and a [[feed]]")
        elif site.format not in FORMATS or site.content not in CONTENTS or set(site.quirk) - set(QUIRKS):
            problems.append(f"the site of {outlet!r} has a format, content or quirk that is not known")
    return problems


def _article_problems(newswire: Newswire) -> list[str]:
    problems = []
    times: dict[str, datetime] = {}
    for one in newswire.articles:
        if not KEY.fullmatch(one.key):
            problems.append(f"the key {one.key!r} must be small ASCII letters, digits and hyphens")
        if one.key in times:
            problems.append(f"the key {one.key!r} stands there twice")
        if one.outlet not in newswire.outlets:
            problems.append(f"{one.key!r} names the outlet {one.outlet!r}, which feeds.toml does not describe")
        if one.copy_of and one.copy_of not in times:
            problems.append(f"{one.key!r} is a copy of {one.copy_of!r}, which no earlier article has as its key")
        if set(one.quirk) - set(QUIRKS):
            problems.append(f"{one.key!r} has a quirk that is not one of {', '.join(QUIRKS)}")
        if not one.title.strip() or bool(one.text) == ("no-text" in one.quirk):
            problems.append(f"{one.key!r} needs a title, and a text unless it has the quirk no-text")
        times[one.key] = one.time
    return problems


def served_paragraphs(article: Article, site: Site) -> tuple[str, ...]:
    """The paragraphs as the outlet shows them, with the quirks of the site and of the article applied."""
    quirks = {*site.quirk, *article.quirk}
    paragraphs = article.paragraphs
    if "glued" in quirks:
        # A content system that drops the space after a full stop.
        paragraphs = tuple(re.sub(r"(?<=[ء-ي»])\. (?=[ء-ي«])", ".", part) for part in paragraphs)
    if "doubled-headline" in quirks and paragraphs:
        paragraphs = (article.title, *paragraphs)
    return paragraphs


def as_jsonl_rows(newswire: Newswire, shift: timedelta = timedelta(0)) -> list[dict[str, str]]:
    """Rows for `rasid replay`, in order of time, texts as the pages show them.

    Each row has `doc_id` (the key), `title`, `text`, `published` (ISO 8601 with offset, moved by `shift`) and
    `source` (the outlet's id).
    """
    return [
        {
            "doc_id": one.key,
            "title": one.title,
            "text": "\n".join(served_paragraphs(one, newswire.sites[one.outlet])),
            "published": (one.time + shift).isoformat(),
            "source": one.outlet,
        }
        for one in newswire.articles
    ]
