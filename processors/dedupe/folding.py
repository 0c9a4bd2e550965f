"""Folding of whole texts for comparison, without offsets.

It stands beside processors/folding.py on purpose: that one keeps a map back to the original text and works word by
word; this one folds a whole article in about ten microseconds by one table look-up over its code units, and nobody
needs to find the place again. Both drop and join the same letters.
"""

import re
import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint16]

_JOINED = {
    **dict.fromkeys("أإآٱ", "ا"),
    **dict.fromkeys("ىئیېۍێ", "ي"),
    "ؤ": "و",
    **dict.fromkeys("ةہھە", "ه"),
    **dict.fromkeys("کگ", "ك"),
    "ڤ": "ف",
    "پ": "ب",
    "چ": "ج",
    "ژ": "ز",
}
_DROPPED = frozenset("ءـ")
_KEPT_MARKS = {".": ".", ",": ",", "٫": ".", "٬": ",", "%": "%", "٪": "%"}
"""Marks that `words` keeps, because they belong to numbers."""
_RESIDUE = re.compile(
    r"&?\b(?:quot|amp|nbsp|lt|gt|laquo|raquo|ldquo|rdquo|hellip|apos|#x?[0-9a-fA-F]{1,6});|<[^<>]{1,300}>"
)
_BAD_PAIRS_MIN = 0.15
"""Share of Ø, Ù, Ú, Û in Arabic text that was read as Windows-1252; below a hundredth in any real text."""


@cache
def _tables() -> tuple[Codes, Codes]:
    """Tables over UTF-16 code units: for letters only (0: drop), and for words (32: gap, 0: drop)."""
    letters = np.zeros(65536, np.uint16)
    words = np.full(65536, 32, np.uint16)
    for unit in range(65536):
        character = chr(unit)
        category = unicodedata.category(character)
        if category[0] in "LN" and character not in _DROPPED:
            letters[unit] = words[unit] = ord(_fold(character, category))
        elif category in ("Mn", "Cf", "Cs", "Lm") or character in _DROPPED:
            words[unit] = 0
    for mark, kept in _KEPT_MARKS.items():
        words[ord(mark)] = ord(kept)
    return letters, words


def _fold(character: str, category: str) -> str:
    if category == "Nd":
        return str(unicodedata.digit(character))
    plain = unicodedata.normalize("NFKC", character).lower()
    if len(plain) != 1 or ord(plain) > 0xFFFF:
        return character
    return _JOINED.get(plain, plain)


def fold_list(words: str) -> str:
    """Folds a word list of this package without building the tables."""
    table: dict[int, str | None] = {ord(letter): joined for letter, joined in _JOINED.items()}
    return words.translate(table | dict.fromkeys(map(ord, _DROPPED)))


def letters(codes: Codes) -> Codes:
    """Folded letters and digits of a text (as `code_units` gives it), nothing else: no spaces, no marks."""
    folded = _tables()[0][codes]
    kept: Codes = folded[folded != 0]
    return kept


def words(codes: Codes) -> str:
    """Folded text with a space for each gap; of the marks only those of numbers are left (. , %)."""
    folded = _tables()[1][codes]
    kept: bytes = folded[folded != 0].tobytes()
    return kept.decode("utf-16-le", "replace")


def code_units(text: str) -> Codes:
    """UTF-16 code units of a text, repaired: no tags and entities, no UTF-8 read as Windows-1252, plain letter forms."""
    if "<" in text or ";" in text:
        text = _RESIDUE.sub(" ", text)
    codes = _units(text)
    if np.count_nonzero((codes - np.uint16(0xD8)) <= 3) > _BAD_PAIRS_MIN * len(codes):
        text = _reread(text)
        codes = _units(text)
    if np.any((codes >= 0xFB50) & (codes <= 0xFEFC)):
        codes = _units(unicodedata.normalize("NFKC", text))
    return codes


def _units(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def _reread(text: str) -> str:
    """UTF-8 that was read as Windows-1252 (or Latin-1), read again; what cannot be read is dropped."""
    data = bytearray()
    for character in text:
        try:
            data += character.encode("cp1252")
        except UnicodeEncodeError:
            data += character.encode("latin-1" if ord(character) < 256 else "utf-8", "ignore")
    return data.decode("utf-8", "ignore")
