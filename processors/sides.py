"""Names of the parties to the wars, from seeds/sides.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rasid.errors import Fatal


@dataclass(frozen=True)
class Side:
    """A party.

    Attributes:
        code: of the guidelines («SY-GOV», «OTHER:…»).
        ar, en: its name as the subject of a sentence.
        gender: of its verb in Arabic, `f` or `m`.
        allies: codes of sides that take places together with it.
    """

    code: str
    ar: str
    en: str
    gender: str = "m"
    allies: frozenset[str] = frozenset()


UNKNOWN = Side("", "جهة غير معروفة", "an unknown side", "f")


@cache
def sides() -> Mapping[str, Side]:
    """All sides by code.

    Raises:
        Fatal: the file is no table of sides; the message names the entry.
    """
    try:
        table = tomllib.loads(files("seeds").joinpath("sides.toml").read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise Fatal(f"seeds/sides.toml cannot be read: {error}") from error
    allies: dict[str, set[str]] = {code: set() for code in table}
    for code, row in table.items():
        keys = set(row) if isinstance(row, dict) else set()
        if not {"ar", "en", "gender"} <= keys <= {"ar", "en", "gender", "allies"} or row["gender"] not in {"f", "m"}:
            raise Fatal(
                f"seeds/sides.toml: [{code}] needs ar, en and gender (f or m), may have allies, and nothing else"
            )
        for other in row.get("allies", ()):
            if other not in table:
                raise Fatal(f"seeds/sides.toml: [{code}] names the ally {other!r}, which has no entry")
            allies[code].add(other)
            allies[other].add(code)
    return {
        code: Side(code, row["ar"], row["en"], row["gender"], frozenset(allies[code])) for code, row in table.items()
    }


def same_camp(one: str | None, other: str | None) -> bool:
    """The same side, or sides that take places together. Camps are pairs: allies of an ally are no allies."""
    if one is None or other is None:
        return False
    return one == other or (one in sides() and other in sides()[one].allies)


def known(code: str) -> bool:
    """It is a code of the table or `OTHER:<name>`."""
    return code in sides() or (code.startswith("OTHER:") and len(code) > len("OTHER:"))


def side(code: str | None) -> Side:
    """The side of a code; UNKNOWN for None, the code itself as the name of one that nobody knows."""
    if code is None:
        return UNKNOWN
    if code.startswith("OTHER:"):
        name = code.removeprefix("OTHER:")
        feminine = name.split()[:1] and name.split()[0] in {
            "قوات",
            "فصائل",
            "جماعة",
            "حركة",
            "ميليشيا",
            "ميليشيات",
            "كتائب",
            "جبهة",
        }
        return Side(code, name, name, "f" if feminine else "m")
    return sides().get(code) or Side(code, code, code)
