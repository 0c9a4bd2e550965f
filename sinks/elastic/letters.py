"""Which letters and marks are one and the same for search: one table for the char filter and for Python.

The char filter `rasid_letters` of templates/arabic.json is filled with it, so no analysis plug-in is needed.
Facts on what Lucene's own Arabic normaliser leaves alone (presentation forms, Persian letters, zero-width
characters) are measured with its real classes; the contract tests repeat that on the server.
"""

import unicodedata
from functools import cache

_INVISIBLE = (0xAD, 0x61C, 0x640, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A))
"""Soft hyphen, Arabic letter mark, tatweel, byte order mark, zero-width and direction marks."""
_MARKS = (
    *range(0x610, 0x61B),
    *range(0x64B, 0x660),
    0x670,
    *range(0x6D6, 0x6DD),
    *range(0x6DF, 0x6E9),
    *range(0x6EA, 0x6EE),
)
"""Vowel signs, shadda, hamza above and below as combining marks, Koranic signs."""
_LETTERS = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ٲ": "ا", "ٳ": "ا",
    "ى": "ي", "ی": "ي", "ې": "ي", "ێ": "ي", "ے": "ي", "ئ": "ي",
    "ؤ": "و", "ۆ": "و", "ۇ": "و", "ۋ": "و",
    "ة": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه", "ۀ": "ه", "ۃ": "ه",
    "ک": "ك", "ڪ": "ك", "گ": "ك", "ڭ": "ك",
    "پ": "ب", "چ": "ج", "ڤ": "ف", "ژ": "ز", "ڕ": "ر", "ڵ": "ل",
}  # fmt: skip
_OTHER = {"_": " ", "٫": ".", "٬": ",", "ـ": ""}
"""The underscore joins the words of a hashtag; the standard tokenizer would keep them as one word."""


@cache
def table() -> dict[str, str]:
    """Each character that is replaced before words are cut, with its replacement ("" where it is dropped)."""
    pairs = {chr(code): "" for code in (*_INVISIBLE, *_MARKS)} | _LETTERS | _OTHER
    for zero in (0x660, 0x6F0):
        pairs |= {chr(zero + digit): str(digit) for digit in range(10)}
    for code in (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if plain != chr(code):
            # A presentation form of a vowel sign stands on a space, which must not cut the word.
            pairs[chr(code)] = "".join(pairs.get(letter, letter) for letter in plain).strip()
    return pairs


def mappings() -> list[str]:
    """The table as rules of Elasticsearch's `mapping` char filter."""
    return [f"{_escape(key)}=>{_escape(value)}" for key, value in table().items()]


def fold(text: str) -> str:
    """The text with all letters folded, lower case: as the field `exact` compares words."""
    return "".join(table().get(letter, letter) for letter in unicodedata.normalize("NFC", text)).lower()


def _escape(text: str) -> str:
    return "".join(f"\\u{ord(letter):04X}" for letter in text)
