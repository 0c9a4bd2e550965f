"""Tolls and other numbers of an article with their context, and which of them are news to a cluster.

The reading layer (processors/numbers.py, casualties.py) reads far more and takes far longer; here a whole article costs
a tenth of a millisecond, because every article passes, and only two questions are asked: is this number a toll, and
does another number stand where this one stands?

Written form of a figure (SketchRecord.figures):
    "dead 23", "hurt >20"    a toll: category, value, ">" for «more than»
    "23 kX0f a9Zq"           another number: value, hashes of the two words before and after it, "-" if there are none
    "@3aB…"                  no number: a filled slot, see names.py
"""

import re
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from processors.dedupe.folding import code_units, words
from processors.dedupe.wordlists import (
    AT_LEAST,
    CASUALTY,
    COUNTED_THINGS,
    DUALS,
    FILLERS,
    MONTHS,
    NUMBER_WORDS,
    PERSONS,
    SCALES,
    SINGLE_PERSONS,
)
from rasid.messages import FigureChange

TOLLS_MAX = 12
NUMBERS_MAX = 14
"""Most figures kept of an article: tolls, and other numbers."""
_BEFORE, _AFTER = 6, 3
"""Words before and after a number among which the word of dying or wounding is looked for."""
_NEAR = 3
"""Words before a number that counts something unknown."""
_ROUND = 0.05
"""Relative distance within which a rounded number and an exact one tell the same."""
_BOUND = 1.25
"""A figure may lie so far above a bound that was told for it."""
_HASH_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_~"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of an article.

    Attributes:
        value: digits, "." for decimals.
        category: `dead`, `hurt`, `missing`, `held`; "" for any other number.
        least: it was told as «more than».
        left, right: hashes of the two content words on either side, "-" where there are not two.
        words: what stands around it, for people.
    """

    value: str
    category: str = ""
    least: bool = False
    left: str = "-"
    right: str = "-"
    words: str = ""

    def __str__(self) -> str:
        if self.category:
            return f"{self.category} {'>' if self.least else ''}{self.value}"
        return f"{self.value} {self.left} {self.right}"


def figures(text: str) -> tuple[str, ...]:
    """The figures of a text in their written form: tolls first, each once."""
    return written(read(words(code_units(text)).split()))


def written(found: Iterable[Figure]) -> tuple[str, ...]:
    """Written form of figures, tolls first, each once, at most TOLLS_MAX and NUMBERS_MAX."""
    tolls: dict[str, None] = {}
    numbers: dict[str, None] = {}
    for figure in found:
        (tolls if figure.category else numbers)[str(figure)] = None
    return (*list(tolls)[:TOLLS_MAX], *list(numbers)[:NUMBERS_MAX])


def parsed(figure: str) -> Figure:
    """A figure from its written form (without the words around it)."""
    parts = figure.split(" ")
    if len(parts) == 2:
        return Figure(parts[1].removeprefix(">"), parts[0], parts[1].startswith(">"))
    return Figure(parts[0], "", False, *parts[1:3])


def read(tokens: Sequence[str]) -> list[Figure]:
    """All figures of a text, from its words as `folding.words` gives them, in order."""
    found: list[Figure] = []
    at = 0
    places = [i for i, token in enumerate(tokens) if token in _OPENING or token[-1] <= "9"]
    for place in places:
        if place < at:
            continue
        figure, at = _figure(tokens, place)
        if figure is not None:
            found.append(figure)
    return found


_OPENING = frozenset({*NUMBER_WORDS, *DUALS, *CASUALTY})
_DIGITS = re.compile(r"[وبلف]?(?:ال)?(\d+(?:[.,]\d+)*)[.,%]*$")


def _figure(tokens: Sequence[str], at: int) -> tuple[Figure | None, int]:
    """The figure that begins at a token, and the token after it."""
    token = tokens[at]
    if token in DUALS:
        return _toll_without_number(tokens, at, "2", DUALS[token]), at + 1
    if token in CASUALTY:
        one = _one(tokens, at)
        return (Figure("1", CASUALTY[token], words=_around(tokens, at, at + 2)), at + 2) if one else (None, at + 1)
    value, end = _value(tokens, at)
    if value is None:
        return None, at + 1
    if _is_date(tokens, at, end, value):
        return None, end
    category = _category(tokens, at, end)
    if category:
        least = any(word in AT_LEAST for word in tokens[max(0, at - 3) : at])
        return Figure(value, category, least, words=_around(tokens, at, end)), end
    left, right = _context(tokens, at, -1), _context(tokens, end - 1, 1)
    return Figure(value, "", False, left, right, _around(tokens, at, end)), end


def _toll_without_number(tokens: Sequence[str], at: int, value: str, category: str) -> Figure | None:
    """«قتيلان» by itself; «شخصان» only beside a word of dying or wounding."""
    category = category or _category(tokens, at, at + 1)
    return Figure(value, category, words=_around(tokens, at, at + 1)) if category else None


def _one(tokens: Sequence[str], at: int) -> bool:
    """«مقتل شخص»: one, told by the bare noun."""
    return at + 1 < len(tokens) and tokens[at + 1] in SINGLE_PERSONS


def _value(tokens: Sequence[str], at: int) -> tuple[str | None, int]:
    """Value of a number in digits or words, and the token after it."""
    match = _DIGITS.match(tokens[at])
    if match:
        value = _digits(match[1])
        end = at + 1
    elif tokens[at] in NUMBER_WORDS:
        total, end = _spelled(tokens, at)
        value = str(total)
    else:
        return None, at + 1
    while end < len(tokens) and tokens[end] in SCALES and "." not in value:
        value = str(int(value) * SCALES[tokens[end]])
        end += 1
    return value, end


def _digits(written_value: str) -> str:
    """«33,288» and «33.288» are thousands, «1,9» and «1.9» decimals; zeros at the front fall away."""
    whole, *rest = written_value.replace(",", ".").split(".")
    while rest and len(rest[0]) == 3:
        whole += rest.pop(0)
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{rest[0]}" if len(rest) == 1 else whole


def _spelled(tokens: Sequence[str], at: int) -> tuple[int, int]:
    """A number in words: «ثلاثة وعشرون», «مئة واثنان وثلاثون»; each further part is joined by «و» or is a ten of a teen."""
    total = NUMBER_WORDS[tokens[at]]
    if total == 10 and at and tokens[at - 1].endswith(("احد", "احدي")):
        total = 11
    end = at + 1
    while end < len(tokens):
        word = tokens[end]
        part = NUMBER_WORDS.get(word)
        if part is None or not ((word.startswith("و") and word != "واحد") or (part == 10 and total < 10)):
            break
        total, end = total + part, end + 1
    return total, end


def _is_date(tokens: Sequence[str], at: int, end: int, value: str) -> bool:
    """Days, years and hours are no figures: they change from one day's copy to the next day's."""
    after = tokens[end] if end < len(tokens) else ""
    before = tokens[at - 1] if at else ""
    year = len(value) == 4 and value[:2] in ("19", "20", "13", "14")
    return (
        after in MONTHS
        or before in MONTHS
        or before in ("عام", "العام", "سنه", "الساعه", "يوم", "لعام", "منذ")
        or (year and before not in CASUALTY)
    )


def _category(tokens: Sequence[str], at: int, end: int) -> str:
    """Category of the toll that a number is, "" if it is none: the nearest word of dying or wounding decides."""
    following = tokens[end] if end < len(tokens) else ""
    if following in CASUALTY and not following.startswith("و"):
        return CASUALTY[following]
    if following in COUNTED_THINGS:
        return ""
    open_count = not following or following in FILLERS or following in PERSONS or following.startswith("و")
    for distance in range(1, min(_BEFORE if open_count else _NEAR, at) + 1):
        word = tokens[at - distance]
        if word in CASUALTY:
            return CASUALTY[word]
        if word in COUNTED_THINGS:
            break
    for word in tokens[end + 1 : end + _AFTER]:
        if word in CASUALTY:
            return CASUALTY[word]
    return ""


def _context(tokens: Sequence[str], at: int, step: int) -> str:
    """Hash of the next two content words on one side, "-" where there are not two."""
    found: list[str] = []
    at += step
    while 0 <= at < len(tokens) and len(found) < 2:
        token = tokens[at]
        if token not in FILLERS and not token[-1].isdigit():
            found.append(token.strip(".,"))
        at += step
    if len(found) < 2:
        return "-"
    code = zlib.crc32(" ".join(found).encode())
    return "".join(_HASH_DIGITS[code >> shift & 63] for shift in (0, 6, 12, 18))


def _around(tokens: Sequence[str], at: int, end: int) -> str:
    return " ".join(tokens[max(0, at - 2) : end + 2])


def same(first: str, second: str, bound: bool = False) -> bool:
    """Whether two values tell the same: equal, one rounded, or one a bound («more than 20») a little below the other.

    `bound`: just one of them was told as «more than» or «about». Two bounds that differ are news.
    """
    if first == second or first.replace(".", "") == second.replace(".", ""):
        return True
    low, high = sorted((float(first), float(second)))
    if bound and low >= 10 and high <= low * _BOUND:
        return True
    rounded = (low >= 1000 and low % 1000 == 0) != (high >= 1000 and high % 1000 == 0)
    return rounded and high - low <= _ROUND * high


def changes(new: Sequence[Figure], old: Collection[str], seen: Iterable[str]) -> tuple[FigureChange, ...]:
    """Figures that are news: a toll that the cluster has not told, or another number in the same context.

    Args:
        new: figures of the new article.
        old: figures of the article it is compared with, in their written form.
        seen: figures of all articles of its cluster, likewise.
    """
    known = {figure for figure in (*old, *seen) if figure[0] != "@"}
    unseen = [figure for figure in new if str(figure) not in known]
    if not unseen:
        return ()
    before = [parsed(figure) for figure in old if figure[0] != "@"]
    told = [parsed(figure) for figure in known]
    found: dict[tuple[str, str], FigureChange] = {}
    for figure in unseen:
        change = (_toll_change if figure.category else _number_change)(figure, new, before, told)
        if change is not None:
            found.setdefault((change.old, change.new), change)
    return tuple(found.values())[:TOLLS_MAX]


def _toll_change(
    figure: Figure, new: Sequence[Figure], old: Collection[Figure], seen: Collection[Figure]
) -> FigureChange | None:
    told = [other for other in seen if other.category == figure.category]
    kept = {other.value for other in new if other.category == figure.category}
    for other in told:
        # a bound or round value that the new text still tells is not the one that this figure stands for
        if same(figure.value, other.value, figure.least != other.least) and (
            other.value == figure.value or other.value not in kept
        ):
            return None
    gone = [other for other in old if other.category == figure.category and other.value not in kept]
    near = min(gone, key=lambda other: abs(float(other.value) - float(figure.value)), default=None)
    return FigureChange(old=near.value if near else "", new=figure.value, context=figure.words)


def _number_change(
    figure: Figure, new: Sequence[Figure], old: Collection[Figure], seen: Collection[Figure]
) -> FigureChange | None:
    if any(same(figure.value, other.value) for other in seen):
        return None
    for other in old:
        beside = (figure.left != "-" and figure.left == other.left) or (
            figure.right != "-" and figure.right == other.right
        )
        if not other.category and beside and not any(same(other.value, mine.value) for mine in new):
            return FigureChange(old=other.value, new=figure.value, context=figure.words)
    return None
