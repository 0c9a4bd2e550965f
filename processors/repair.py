"""What goes wrong with the letters on the way to us, mended for matching only.

The article's text is never changed: evidence must be an exact substring of what came in. Repair gives a second text that is
easier to read, and for each of its letters the offset in the original (folding.Folded).

    mojibake   UTF-8 read as Windows-1252 or Windows-1256 («Ø§Ù„», «ط§ظ„»), Windows-1256 read as Latin-1 («ÇáÌíÔ»)
    entities   «&quot;», the residue «quot;» or «amp;», «&nbsp;»
    glue       see `split_glued`: words that lost the space between them
"""

import re
from collections.abc import Callable, Collection

from processors.folding import Folded

_ENTITY = re.compile(
    r"&?(?<![A-Za-z])(quot|nbsp|amp|laquo|raquo|ldquo|rdquo|hellip|apos|lsquo|rsquo|ndash|mdash|#3[49]|#160);"
)
_ENTITIES = {"nbsp": " ", "#160": " ", "amp": "&", "laquo": "«", "raquo": "»", "hellip": "…", "apos": "'", "#39": "'",
             "lsquo": "'", "rsquo": "'", "ndash": "-", "mdash": "-"}  # fmt: skip
_AS_1252 = re.compile("[ØÙÚÛ][\u0080-\u00bf\u0152-\u0178\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]")
_AS_1256 = re.compile(
    "[طظ][\u0080-\u00bf\u0152\u0153\u0192\u02c6\u060c\u061b\u061f\u0679-\u06d2\u2013-\u203a\u20ac\u2122¤-¿]"
)
_AS_LATIN = re.compile("[À-ÿ]{3,}")


def repair(text: str) -> Folded | None:
    """The text with mojibake and entity residue mended, or None where nothing is wrong (nearly always)."""
    mended = _unmangle(text)
    source = mended.text if mended else text
    if ";" not in source or not _ENTITY.search(source):
        return mended
    offsets = mended.offsets if mended else range(len(text) + 1)
    letters: list[str] = []
    kept: list[int] = []
    last = 0
    for match in _ENTITY.finditer(source):
        letters.append(source[last : match.start()])
        kept.extend(offsets[last : match.start()])
        letters.append(_ENTITIES.get(match[1], '"'))
        kept.append(offsets[match.start()])
        last = match.end()
    letters.append(source[last:])
    kept.extend(offsets[last:])
    return Folded("".join(letters), tuple(kept))


def _unmangle(text: str) -> Folded | None:
    """The first way of misreading bytes that explains most of the text, undone."""
    for pattern, undo in ((_AS_1252, _from_1252), (_AS_1256, _from_1256), (_AS_LATIN, _from_latin)):
        found = pattern.findall(text)
        if found and sum(map(len, found)) * 3 > sum(map(str.isalpha, text)):
            return undo(text)
    return None


def _byte_1252(letter: str) -> bytes:
    # Five bytes have no letter in Windows-1252; programs that misread leave them as control characters.
    return bytes([ord(letter)]) if ord(letter) < 0x100 else letter.encode("cp1252", "ignore")


def _utf8_read_as(text: str, to_byte: Callable[[str], bytes]) -> Folded:
    letters: list[str] = []
    offsets: list[int] = []
    at = 0
    while at < len(text):
        pair = b"".join(to_byte(letter) for letter in text[at : at + 2])
        step = 1
        letter = text[at]
        if len(pair) == 2 and 0xC2 <= pair[0] <= 0xDF and 0x80 <= pair[1] <= 0xBF:
            letter, step = pair.decode("utf-8"), 2
        letters.append(letter)
        offsets.append(at)
        at += step
    return Folded("".join(letters), (*offsets, len(text)))


def _from_1252(text: str) -> Folded:
    return _utf8_read_as(text, _byte_1252)


def _from_1256(text: str) -> Folded:
    return _utf8_read_as(text, lambda letter: letter.encode("cp1256", "ignore"))


def _from_latin(text: str) -> Folded:
    mended = "".join(
        letter.encode("latin-1").decode("cp1256") if "\u0080" <= letter <= "\u00ff" else letter for letter in text
    )
    return Folded(mended, tuple(range(len(text) + 1)))


_GLUED_FIRST = (
    "في",
    "من",
    "على",
    "علي",
    "الى",
    "إلى",
    "عن",
    "بعد",
    "قبل",
    "بين",
    "خلال",
    "هذا",
    "هذه",
    "التي",
    "الذي",
    "ضد",
)
_AFTER_GLUE = 5
"""Letters of the second word, article and all: «فيالعراق» is two words, «فيالق» (corps) is one."""


def split_glued(word: str, known: Collection[str] = ()) -> int:
    """Where a written word falls into two that lost their space; 0 where it is one.

    Three signs: «ة», which ends a word; a preposition or pronoun before «ال»; «ال» after the plural ending «ات», or between two
    words that the article also writes apart (`known`).
    """
    if len(word) < 7:
        return 0
    end = word.find("ة", 1, -3)
    if end > 0 and word[end + 1] not in "ًٌٍَُِّْـ":
        return end + 1
    at = word.find("ال", 2, len(word) - _AFTER_GLUE + 1)
    while at > 0:
        first = word[:at]
        if first in _GLUED_FIRST or (at >= 5 and first.endswith("ات")) or (first in known and word[at:] in known):
            return at
        at = word.find("ال", at + 1, len(word) - _AFTER_GLUE + 1)
    return 0
