"""The feeds file: outlets with the sides each favours, and their feeds (TOML; docs/feeds.md has the format)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import seeds
from rasid.errors import Usage


@dataclass(frozen=True)
class Outlet:
    """Who publishes.

    Attributes:
        id: short ASCII name, key of everything an outlet owns.
        name: as people know it, Arabic or Latin.
        country: ISO 3166 alpha-2.
        zone: IANA time zone of dates that tell none.
        kind: agency, party, state, independent, monitor.
        favours: sides whose gains it tells as its own; () for a neutral one.
    """

    id: str
    name: str
    country: str = ""
    zone: str = "UTC"
    kind: str = "independent"
    favours: tuple[str, ...] = ()


@dataclass(frozen=True)
class Feed:
    """A feed document to poll.

    Attributes:
        id: key of its state.
        url: http or https.
        interval: seconds between polls, 0 for the default.
        full_text: the feed holds whole articles: pages are not fetched.
        page: settings for reading pages: `content` (XPath of the main text), `remove` (XPaths to cut).
        enabled: False keeps a feed in the file without polling it; `note` says why.
    """

    id: str
    outlet: str
    url: str
    language: str = "ar"
    interval: float = 0.0
    full_text: bool = False
    page: Mapping[str, Any] = field(default_factory=dict)
    enabled: bool = True
    note: str = ""


@dataclass(frozen=True)
class FeedsFile:
    """What a feeds file holds."""

    outlets: Mapping[str, Outlet]
    feeds: tuple[Feed, ...]


def default_path() -> Path:
    """The feeds file that comes with the project."""
    return Path(next(iter(seeds.__path__))) / "feeds.toml"


def load_enabled(path: Path) -> FeedsFile:
    """Reads a feeds file that is to be polled.

    Raises:
        Usage: as `load`, and when no feed is enabled.
    """
    feeds = load(path)
    if not any(feed.enabled for feed in feeds.feeds):
        raise Usage(f"{path} has no enabled feed; add a [[feed]] or set enabled = true")
    return feeds


def load(path: Path) -> FeedsFile:
    """Reads a feeds file.

    Raises:
        Usage: the file is missing, is no TOML, names a feed or outlet twice, or a feed of an unknown outlet.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Usage(f"cannot read the feeds file {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Usage(f"{path} is no feeds file: {error}") from error
    try:
        outlets = [Outlet(**{**row, "favours": tuple(row.get("favours", ()))}) for row in raw.get("outlet", [])]
        feeds = [Feed(**row) for row in raw.get("feed", [])]
    except TypeError as error:
        raise Usage(f"{path}: a row has a key that is unknown or lacks one that is needed: {error}") from error
    for kind, ids in (("outlet", [o.id for o in outlets]), ("feed", [f.id for f in feeds])):
        doubles = sorted({one for one in ids if ids.count(one) > 1})
        if doubles:
            raise Usage(f"{path}: the {kind} {doubles[0]!r} stands there twice")
    by_id = {outlet.id: outlet for outlet in outlets}
    strangers = [feed for feed in feeds if feed.outlet not in by_id]
    if strangers:
        raise Usage(
            f"{path}: the feed {strangers[0].id!r} names the outlet {strangers[0].outlet!r}, which no [[outlet]] describes"
        )
    return FeedsFile(outlets=by_id, feeds=tuple(feeds))
