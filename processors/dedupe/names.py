"""Who and where, in the slots of templates: cables to two presidents, notices of two dead, two towns' weather.

Such texts share nearly all their words. What differs stands right after a title or a kind of place: «الرئيس …», «الشهيد …»,
«جمهورية …», «بلدة …». Two texts of one origin name the same ones there, whatever else was cut or added.
"""

import zlib
from collections.abc import Collection, Iterable, Sequence
from itertools import takewhile

from processors.dedupe.folding import fold_list

_PERSONS = fold_list(
    "الرئيس الملك الشهيد الجندي العريف الرقيب الملازم النقيب الرائد المقدم العقيد العميد اللواء المتوفى المدعو المغدور السفير"
).split()
_PLACES = fold_list(
    "جمهورية الجمهورية مملكة سلطنة ولاية مدينة بلدة قرية محافظة منطقة مديرية مخيم مطار مستشفى ميناء"
).split()
_SLOT = {word: number for number, word in enumerate((*_PERSONS, *_PLACES))}
_AFTER = 2
"""Words of a person's name; of a place's name the first."""
_APART = 2
"""Slots with nothing in common that make two texts two: one may be a house's style («الرئيس بشار» and «الرئيس السوري»)."""
_MOST = 10
"""Slots kept of an article."""
MARK = "@"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_~"


def names(tokens: Sequence[str]) -> tuple[str, ...]:
    """The filled slots of a text, as kept among the figures of a record: "@", the slot, then two digits for each word."""
    found: dict[int, str] = {}
    for at in [at for at, token in enumerate(tokens) if token in _SLOT][:_MOST]:
        slot = _SLOT[tokens[at]]
        after = takewhile(
            lambda word: word not in _SLOT, tokens[at + 1 : at + 1 + (_AFTER if slot < len(_PERSONS) else 1)]
        )
        found[slot] = found.get(slot, "") + "".join(map(_digits, after))
    return tuple(f"{MARK}{_DIGITS[slot]}{words}" for slot, words in found.items() if words)


def others(new: Iterable[str], old: Collection[str]) -> bool:
    """Whether two articles fill a slot that both have with nothing in common."""
    before = {kept[1]: _words(kept) for kept in old if kept.startswith(MARK)}
    after = {kept[1]: _words(kept) for kept in new}
    both = [slot for slot in before if slot in after]
    apart = [slot for slot in both if not before[slot] & after[slot]]
    return len(apart) >= _APART and 2 * len(apart) > len(both)


def _words(kept: str) -> set[str]:
    return {kept[at : at + 2] for at in range(2, len(kept), 2)}


def _digits(word: str) -> str:
    code = zlib.crc32(word.strip(".,").encode())
    return _DIGITS[code & 63] + _DIGITS[code >> 6 & 63]
