"""Letter folding for matching: one spelling for the many that news writes, with a map back to the original.

What is folded: hamza carriers (أ إ آ ٱ → ا, ؤ → و, ئ → ي), ى → ي, ة → ه, Persian and Kurdish letters (ک گ → ك, ی → ي, پ → ب …),
presentation forms (ﻻ → لا), digits of three scripts → 0-9, Latin capitals. What is dropped: diacritics, tatweel, zero-width
and direction marks. The bare hamza «ء» stays: without it «ماء» would be «ما».

camel_tools.utils has normalisers and dediac_ar, but its charsets module builds its tables on import (0.35 s, more than the
whole start may take), and its functions give no offsets back.
"""

import unicodedata
from dataclasses import dataclass

_LETTERS = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ٲ": "ا", "ٳ": "ا", "ؤ": "و", "ئ": "ي", "ى": "ي", "ة": "ه",
    "ک": "ك", "گ": "ك", "ڪ": "ك", "ی": "ي", "ې": "ي", "ێ": "ي", "ے": "ي", "پ": "ب", "چ": "ج", "ژ": "ز", "ڤ": "ف",
    "ڵ": "ل", "ڕ": "ر", "ۆ": "و", "ۇ": "و", "ە": "ه", "ھ": "ه", "ہ": "ه", "ۀ": "ه", "ۃ": "ه",
    "٪": "%", "٫": ".", "٬": ",",
}  # fmt: skip
_DROPPED = (
    *range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06DD), *range(0x06DF, 0x06E9),
    *range(0x06EA, 0x06EE), 0x0640, 0x00AD, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A),
    0xFEFF,
)  # fmt: skip


def _table() -> dict[int, str]:
    table = dict.fromkeys(_DROPPED, "")
    table.update({ord(letter): folded for letter, folded in _LETTERS.items()})
    table.update({0x0660 + digit: str(digit) for digit in range(10)})
    table.update({0x06F0 + digit: str(digit) for digit in range(10)})
    table.update({ord("A") + n: chr(ord("a") + n) for n in range(26)})
    for code in (*range(0xFB50, 0xFDFC), *range(0xFE70, 0xFEFD)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if plain != chr(code):
            table[code] = plain.strip().translate(table)
    return table


_FOLD = _table()


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in another form, with the way back.

    Attributes:
        text: the new form.
        offsets: for each code point of `text`, and for its end, the offset in the original; never falls.
    """

    text: str
    offsets: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The piece of the original that `text[start:end]` came from; dropped marks at its end belong to it."""
        return self.offsets[start], self.offsets[end]


def fold_word(word: str) -> str:
    """The form of a word for matching; works on any text where offsets do not matter."""
    return word.translate(_FOLD)


def folded_words(text: str) -> frozenset[str]:
    """The folded words of a list written with spaces: how word lists in code are spelled."""
    return frozenset(fold_word(text).split())


def fold(text: str) -> Folded:
    """The folded text with the offset of each of its letters in `text` (code points)."""
    letters: list[str] = []
    offsets: list[int] = []
    get = _FOLD.get
    for offset, letter in enumerate(text):
        folded = get(ord(letter), letter)
        letters.append(folded)
        offsets.extend([offset] * len(folded))
    offsets.append(len(text))
    return Folded("".join(letters), tuple(offsets))


_PROCLITICS = ("وال", "فال", "بال", "كال", "لل", "ال")


def bare(folded: str) -> str:
    """A folded word without the article and the proclitics written on it: «والمدينة» → «مدينه».

    Proclitics without the article are left alone: in «وادي» or «باب» they are part of the word.
    """
    for proclitic in _PROCLITICS:
        if folded.startswith(proclitic) and len(folded) - len(proclitic) >= 2:
            return folded[len(proclitic) :]
    return folded
