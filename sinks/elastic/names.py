"""Place names in a query: they are looked for as they are written, because the stemmer takes them for other words.

«حماة» and «حماية» have one stem, «الرقة» and «رق» too; general words gain by stemming, names lose.
"""

import csv
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

import seeds
from sinks.elastic.letters import fold

LONGEST = 4
"""Words of the longest name that is looked for in a query."""
_PROCLITICS = ("وب", "ول", "وك", "فب", "فل", "فك", "ب", "ل", "ك", "و", "ف")
_BEFORE_ARTICLE = ("ولل", "فلل", "لل")
"""«ل» swallows the alef of the article: «للرقة»."""


@cache
def known_names() -> frozenset[str]:
    """All Arabic names and aliases of seeds/gazetteer/core.tsv, as `key` writes them; empty without that file."""
    path = Path(next(iter(seeds.__path__))) / "gazetteer" / "core.tsv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    except OSError:
        return frozenset()
    names = (name for row in rows for name in (row["name_ar"], *(row.get("aliases") or "").split("|")))
    return frozenset(key(name) for name in names if name.strip())


def key(name: str) -> str:
    """The name for comparing: letters folded, a final hamza after alef dropped (as the analyser `rasid_exact` does)."""
    return " ".join(word[:-1] if len(word) > 3 and word.endswith("اء") else word for word in fold(name).split())


def group(words: Sequence[str], names: Collection[str]) -> list[tuple[str, bool]]:
    """The words of a query with those of a known name put together.

    Args:
        words: as typed, in their order.
        names: known names, as `key` writes them.

    Returns:
        (text, is a name), in their order. A name typed with a proclitic («بحلب») stands there without it, unless the
        whole word is a name itself («بكاس»).
    """
    found: list[tuple[str, bool]] = []
    at = 0
    while at < len(words):
        for count in range(min(LONGEST, len(words) - at), 0, -1):
            name = _name(" ".join(words[at : at + count]), names)
            if name:
                found.append((name, True))
                at += count
                break
        else:
            found.append((words[at], False))
            at += 1
    return found


def _name(text: str, names: Collection[str]) -> str:
    """The known name that the text is, without its proclitic; "" if it is none."""
    folded = key(text)
    if folded in names:
        return text
    bare = [folded.removeprefix(one) for one in _PROCLITICS if folded.startswith(one)]
    bare += ["ال" + folded.removeprefix(one) for one in _BEFORE_ARTICLE if folded.startswith(one)]
    return next((one for one in bare if one in names), "")
