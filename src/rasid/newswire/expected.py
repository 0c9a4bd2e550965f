"""What should come out of the sample newswire (seeds/newswire/expected.toml), for tests and measurements."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasid.errors import Usage
from rasid.newswire.articles import Newswire, default_folder, read_toml


@dataclass(frozen=True)
class ExpectedChange:
    """A transition of the ledger, which sends one alert.

    Attributes:
        place: bare Arabic name, `admin1` its governorate.
        holder: side that holds it, "" for nobody known; `or_holder` lists others that are right too.
        previous: holder before, "" where no article told.
        standing: claimed, reported, confirmed, disputed, reversed, corrected.
        cause: key of the article that causes it; `or_cause` lists others that are right too.
        why: the reason by the rules; `open` where the rules leave room.
    """

    place: str
    admin1: str
    holder: str
    standing: str
    cause: str
    why: str
    previous: str = ""
    or_holder: tuple[str, ...] = ()
    or_cause: tuple[str, ...] = ()
    open: str = ""


@dataclass(frozen=True)
class ExpectedToll:
    """A toll that rises: `killed` figures in order, `keys` the articles that bring each."""

    place: str
    admin1: str
    killed: tuple[int, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Never:
    """A place that must never change hands, and the articles that tempt a reader."""

    place: str
    keys: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Expected:
    """The whole outcome; `changes` are the alerts too, in order."""

    clusters: tuple[tuple[str, ...], ...]
    relation: Mapping[str, str]
    tolls: tuple[ExpectedToll, ...]
    changes: tuple[ExpectedChange, ...]
    rejected: Mapping[str, str]
    never: tuple[Never, ...]

    def at(self, place: str) -> tuple[ExpectedChange, ...]:
        """The changes at one place, in order."""
        return tuple(one for one in self.changes if one.place == place)


def load_expected(newswire: Newswire, folder: Path | None = None) -> Expected:
    """Reads expected.toml and checks that it speaks of articles of this newswire.

    Raises:
        Usage: the file cannot be read, lacks a field, or names an article that is not there.
    """
    path = (folder or default_folder()) / "expected.toml"
    raw = read_toml(path)
    try:
        expected = Expected(
            clusters=tuple(tuple(row["keys"]) for row in raw.get("cluster", [])),
            relation=raw.get("relation", {}),
            tolls=tuple(ExpectedToll(**_tuples(row)) for row in raw.get("toll", [])),
            changes=tuple(ExpectedChange(**_tuples(row)) for row in raw.get("change", [])),
            rejected={row["key"]: row["why"] for row in raw.get("rejected", [])},
            never=tuple(Never(**_tuples(row)) for row in raw.get("never", [])),
        )
    except (TypeError, KeyError) as error:
        raise Usage(f"{path}: a row has an unknown key or lacks one: {error}") from error
    known = {one.key for one in newswire.articles}
    strangers = sorted(_named(expected) - known)
    if strangers:
        raise Usage(f"{path}: no article has the key {strangers[0]!r}")
    return expected


def _tuples(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def _named(expected: Expected) -> set[str]:
    lists = [
        *expected.clusters,
        *(one.keys for one in expected.tolls),
        *(one.keys for one in expected.never),
        tuple(expected.relation),
        tuple(expected.rejected),
        tuple(one.cause for one in expected.changes),
        *(one.or_cause for one in expected.changes),
    ]
    return {key for keys in lists for key in keys}
