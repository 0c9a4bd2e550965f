"""Layer 3: numbers and vague quantities of an article, in digits and in words.

Grammar behind it: number words have two genders and two cases («ثلاثة/ثلاث», «عشرون/عشرين»); compounds go units before
tens, joined by «و» («ثلاثة وعشرون»), hundreds and thousands before both («ألف ومئة وخمسون»); a dual noun is number and noun
in one («قتيلان»); words before («أكثر من», «ما لا يقل عن», «نحو») and after («على الأقل») change the bounds. What the
number counts decides what it is: a date, an age, a distance, a sum, a brigade and a share are no counts of people.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from processors.folding import fold_word
from processors.reading import NumberHit, Reading, Token
from processors.words import in_order, listed, person, without_and, words

_UNITS = {
    fold_word(word): value
    for value, spellings in enumerate(
        (
            "واحد واحدة", "اثنان اثنين اثنتان اثنتين إثنان إثنين", "ثلاثة ثلاث", "أربعة أربع", "خمسة خمس", "ستة ست", "سبعة سبع",
            "ثمانية ثماني ثمان", "تسعة تسع", "عشرة عشر",
        ),
        start=1,
    )
    for word in spellings.split()
}  # fmt: skip
_TENS = {
    fold_word(stem + ending): value
    for value, stem in zip(range(20, 100, 10), in_order("عشر ثلاث أربع خمس ست سبع ثمان تسع"), strict=True)
    for ending in ("ون", "ين")
}
_HUNDREDS = {
    "مئه": 100,
    "ميه": 100,
    "مايه": 100,
    "مئتان": 200,
    "مئتين": 200,
    "ميتان": 200,
    "ميتين": 200,
    "مايتان": 200,
    "مايتين": 200,
    "مئتا": 200,
    "ميتا": 200,
    "مئتي": 200,
    "ميتي": 200,
}
_HUNDRED_WORDS = frozenset({"مئه", "ميه", "مايه"})
_THOUSANDS = {"الف": 1000, "الفا": 1000, "الاف": 1000, "الفي": 2000, "الفان": 2000, "الفين": 2000}
_MILLIONS = {
    "مليون": 1_000_000,
    "مليونا": 1_000_000,
    "ملايين": 1_000_000,
    "مليونان": 2_000_000,
    "مليوني": 2_000_000,
    "مليونين": 2_000_000,
}
_HALF = {"نصف": 2, "ربع": 4}
_VAGUE = {"عشرات": 10, "مئات": 100, "ميات": 100, "الاف": 1000, "ملايين": 1_000_000}
_ORDINALS = frozenset(
    fold_word(article + word)
    for word in in_order(
        "أول أولى ثاني ثانية ثالث ثالثة رابع رابعة خامس خامسة سادس سادسة سابع سابعة ثامن ثامنة تاسع تاسعة عاشر عاشرة حادي"
    )
    for article in ("ال", "")
)
_MONTHS = listed(
    fold_word(
        "يناير فبراير مارس أبريل إبريل نيسان مايو أيار يونيو يونيه حزيران يوليو يوليه تموز أغسطس آب سبتمبر أيلول أكتوبر نوفمبر ديسمبر "
        "شباط آذار جانفي فيفري أفريل جوان جويلية أوت"
    )
)


def _by_last_word(*phrases: str) -> dict[str, list[list[str]]]:
    table: dict[str, list[list[str]]] = {}
    for phrase in phrases:
        words = phrase.split()
        table.setdefault(words[-1], []).append(words)
    return table


_AT_LEAST_BEFORE = _by_last_word(
    "اكثر من", "ما لا يقل عن", "لا يقل عن", "مالايقل عن", "ما يزيد علي", "ما يزيد عن", "ما يزيد", "ازيد من", "يزيد علي", "يزيد عن",
    "ما يربو علي", "يربو عن", "يفوق", "تفوق", "تجاوز", "يتجاوز", "فاق", "تجاوزت", "فوق",
)  # fmt: skip
_ABOUT_BEFORE = _by_last_word(
    "ما يقارب", "ما يقرب من", "يقارب", "يقرب من", "حوالي", "نحو", "قرابه", "زهاء", "بحدود", "تقريبا"
)
_BETWEEN = frozenset({"بين", "مابين"})
_NO_NOUNS = listed(
    "في علي عن الي منهم بينهم منها بينها بجروح بجراح اثر جراء خلال بعد قبل مع ضمن حتي امس اليوم "
    "هم هو كانوا قتلوا ضد لدي عند كما ثم لكن فيما"
)
_DASHES = frozenset({"-", "–", "—", "/"})


def find_numbers(reading: Reading) -> tuple[NumberHit, ...]:
    """The numbers of an article, in order of the text. Offsets are code points; the hit spans its modifiers."""
    return _Finder(reading.tokens).run()


class _Finder:
    """One pass over the tokens; keeps no state between articles."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.folded = [token.folded for token in tokens]
        self.hits: list[NumberHit] = []

    def run(self) -> tuple[NumberHit, ...]:
        free = 0
        for at, word in enumerate(self.folded):
            hit = self._at(at) if at >= free and _may_begin(word) else None
            if hit is not None:
                self.hits.append(hit)
                free = hit.last
        return tuple(self.hits)

    def _word(self, at: int) -> str:
        return self.folded[at] if 0 <= at < len(self.folded) else ""

    def _at(self, at: int) -> NumberHit | None:
        vague = self._vague(at)
        if vague:
            return vague
        value, last = self._value(at)
        if value is not None:
            return self._counted(at, last, value, value)
        word = without_and(self._word(at))
        who = person(self._word(at))
        if who and who.number == 2 and not who.definite:
            return self._at_least(self._make(at, at + 1, 2, 2, "people", who.noun))
        if word in _ORDINALS and word not in _UNITS:
            return self._make(at, at + 1, None, None, "ordinal", "")
        return None

    # --- values

    def _value(self, at: int) -> tuple[int | None, int]:
        """The number that begins at a token, and the token after it."""
        word = self._word(at)
        if word[:1].isdigit():
            return self._digits(at)
        if word in _HALF and self._word(at + 1) in _MILLIONS:
            return _MILLIONS[self._word(at + 1)] // _HALF[word], at + 2
        if _simple(word) is None:
            word = without_and(word)
            if _simple(word) is None:
                return None, at
        total, last = self._group(at, word)
        # «ألف ومئة وخمسون»: what follows with «و» is smaller than what stands.
        while self._word(last).startswith("و"):
            tail = self._word(last)[1:]
            digits = tail.isdigit()
            if digits or _simple(tail) is None:
                break
            part, after = self._group(last, tail)
            if part >= total or not _adds(total, part):
                break
            total, last = total + part, after
        return total, last

    def _digits(self, at: int) -> tuple[int | None, int]:
        word = self._word(at).rstrip(".,")
        grouped = word.replace(",", "").replace(".", "")
        if not grouped.isdigit():
            return None, at
        parts = word.replace(",", ".").split(".")
        if len(parts) > 1 and any(len(part) != 3 for part in parts[1:]):
            # «2.5 مليون»: a decimal number is no count.
            return int(parts[0]), at + 1
        value, last = int(grouped), at + 1
        scale = self._scale(last)
        if scale and value < 1000:
            return value * scale, last + 1
        return value, last

    def _scale(self, at: int) -> int:
        word = self._word(at)
        if word in _THOUSANDS and _THOUSANDS[word] == 1000:
            return 1000
        return 1_000_000 if word in ("مليون", "مليونا", "ملايين") else 0

    def _group(self, at: int, word: str) -> tuple[int, int]:
        """One member of a compound: «خمسة عشر», «ثلاث مئة», «عشرة آلاف», «مئة ألف»."""
        value = _simple(word) or 0
        last = at + 1
        following = self._word(last)
        if value < 10 and following in ("عشر", "عشره"):
            value, last, following = value + 10, last + 1, self._word(last + 1)
        if 3 <= value <= 9 and following in _HUNDRED_WORDS:
            value, last, following = value * 100, last + 1, self._word(last + 1)
        if value < 1000:
            scale = self._scale(last)
            # «عشرة آلاف»; units before tens before the scale: «خمسة وعشرون ألفا».
            if scale:
                return value * scale, last + 1
            if value < 10 and following.startswith("و") and following[1:] in _TENS:
                scale = self._scale(last + 1)
                value += _TENS[following[1:]]
                return (value * scale, last + 2) if scale else (value, last + 1)
        return value, last

    # --- vague quantities

    def _vague(self, at: int) -> NumberHit | None:
        word = without_and(self._word(at))
        plain = _without_article(word)
        if plain in _VAGUE and not (plain == "الاف" and word != "الاف" and word != "الالاف"):
            low, last = _VAGUE[plain], at + 1
            following = self._word(last)
            if plain != "الاف" and following in ("الاف", "الالاف"):
                low, last = low * 1000, last + 1
            elif following in ("الملايين", "ملايين"):
                low, last = low * 1_000_000, last + 1
            return self._noun(self._make(at, last, low, None, "count", ""))
        if word == "الالاف":
            return self._noun(self._make(at, at + 1, 1000, None, "count", ""))
        if word in words("hazy") and not (plain.startswith("عدد") and self._word(at + 1).startswith("ال")):
            # «عدد الشهداء 59» is no vague quantity.
            last = at + 1
            while self._word(last) in ("من", "كبير", "كبيره", "قليل", "غير", "محدد", "معروف"):
                last += 1
            return self._noun(self._make(at, last, None, None, "count", ""))
        return None

    # --- bounds and kind

    def _counted(self, first: int, last: int, low: int, high: int | None) -> NumberHit | None:
        joined = self._range(first, last)
        if joined:
            high, last = joined
        at_least = self._before(first, _AT_LEAST_BEFORE)
        begin = first - (at_least or self._before(first, _ABOUT_BEFORE))
        if at_least:
            high = None
        hit = self._noun(self._make(begin, last, low, high, self._kind(first, last, low), ""))
        return self._at_least(hit)

    def _at_least(self, hit: NumberHit) -> NumberHit:
        """Without an upper bound where «على الأقل» or «فأكثر» follows within a few words."""
        for after in range(hit.last, min(hit.last + 5, len(self.folded))):
            word = self._word(after)
            if word == "علي" and self._word(after + 1) == "الاقل":
                return replace(hit, high=None)
            if word == "فاكثر":
                return replace(hit, high=None)
            if word in (".", "\n", "؛") or word[:1].isdigit() or (word.startswith("و") and person(word)):
                break
        return hit

    def _before(self, first: int, phrases: dict[str, list[list[str]]]) -> int:
        """Words of the first phrase that ends right before a token, 0 for none; its first word may carry «و»."""
        word = self._word(first - 1)
        for parts in phrases.get(word) or phrases.get(without_and(word)) or ():
            at = first - len(parts)
            found = self.folded[max(at, 0) : first]
            if found == parts or (at >= 0 and [without_and(found[0]), *found[1:]] == parts):
                return len(parts)
        return 0

    def _range(self, first: int, last: int) -> tuple[int, int] | None:
        """«بين 10 و15», «من 10 إلى 15», «10-15»: the upper bound and the token after it."""
        opener = self._word(first - 1)
        following = self._word(last)
        if opener in _BETWEEN or (opener == "ما" and self._word(first - 2) in _BETWEEN):
            at = last + 1 if following in ("و", "الي") else last
            word = self._word(at)
            if word.startswith("و") and len(word) > 1:
                value = int(word[1:]) if word[1:].isdigit() else _simple(word[1:])
                return (value, at + 1) if value else None
            value, after = self._value(at)
            return (value, after) if value else None
        if following in ("الي", *_DASHES):
            value, after = self._value(last + 1)
            low = self._value(first)[0]
            if value and low and low < value and person(self._word(after)):
                return value, after
        return None

    def _kind(self, first: int, last: int, value: int) -> str:
        at = first - 2 if self._word(first - 1) == "(" else first - 1
        before, after = without_and(self._word(at)), self._word(last)
        month_before, month_after = (
            _is_month(before),
            _is_month(after) or (after in _DASHES and _is_month(self._word(last + 1))),
        )
        if month_after or (month_before and value <= 31) or (1900 <= value <= 2100 and self._is_year(before, after)):
            return "date"
        if after in words("percent") or (after == "في" and self._word(last + 1) in words("percent")):
            return "percent"
        if before in words("brigade") and self._word(first)[:1].isdigit() and not person(after):
            return "unit"
        if after in words("unit"):
            return "distance"
        if after in words("money"):
            return "money"
        if after in words("time") or before == "الساعه":
            return "age" if self._is_age(first, after) else "time"
        return "count"

    def _is_year(self, before: str, after: str) -> bool:
        if before in ("من", "نحو", "حوالي", "قرابه", "زهاء", "عن", "علي") or after == "من":
            return False
        return (
            before in words("date")
            or _is_month(before)
            or before in ("/", "منذ", "صيف", "شتاء", "خريف", "ربيع")
            or not person(after)
        )

    def _is_age(self, first: int, after: str) -> bool:
        if after not in ("عاما", "سنه", "عام", "اعوام", "سنوات"):
            return False
        near = self.folded[max(0, first - 4) : first]
        return "العمر" in near or "عمره" in near or "عمرها" in near or "(" in near

    def _noun(self, hit: NumberHit) -> NumberHit:
        """The hit with the people noun that follows: «22 من رجال الأمن», «خمسة آخرون»."""
        if hit.what != "count":
            return hit
        at = hit.last
        while self._word(at) in ("من", "(", ")", "«", "»", '"'):
            at += 1
        word = self._word(at)
        who = person(word)
        if who and not who.conj:
            return replace(hit, what="people", noun=who.noun)
        if not word[:1].isalpha() or word.startswith("و") or word in _NO_NOUNS:
            return hit
        written = self.tokens[at].text.startswith("ال")
        return replace(hit, noun=word.removeprefix("ال") if written else word)

    def _make(self, first: int, last: int, low: int | None, high: int | None, what: str, noun: str) -> NumberHit:
        return NumberHit(self.tokens[first].start, self.tokens[last - 1].end, first, last, low, high, what, noun)


@lru_cache(maxsize=65536)
def _may_begin(word: str) -> bool:
    """A folded word with which a number or vague quantity can begin; nearly all words of a text are none."""
    if word[:1].isdigit() or word in _HALF or _simple(word) is not None:
        return True
    plain = without_and(word)
    if _simple(plain) is not None or plain in _ORDINALS or plain == "الالاف" or plain in words("hazy"):
        return True
    who = person(word)
    return _without_article(plain) in _VAGUE or (who is not None and who.number == 2)


def _simple(word: str) -> int | None:
    if word.startswith("ال") and word not in _THOUSANDS:
        return None
    for table in (_UNITS, _TENS, _HUNDREDS, _THOUSANDS, _MILLIONS):
        if word in table:
            return table[word]
    if word.endswith(("مئه", "ميه", "مايه")) and len(word) > 4:
        stem = word.removesuffix("مئه").removesuffix("ميه").removesuffix("مايه")
        for unit in (stem, stem + "ه", stem + "ي"):
            if unit in _UNITS:
                return _UNITS[unit] * 100
    return None


def _without_article(word: str) -> str:
    """«العشرات», «بعشرات» → «عشرات»."""
    return word.removeprefix("ال").removeprefix("ب") if word[:2] in ("ال", "بع", "بم", "با") else word


def _is_month(word: str) -> bool:
    return word in _MONTHS or word in ("تشرين", "كانون")


def _adds(total: int, part: int) -> bool:
    """Whether a smaller number joined by «و» belongs to the compound: «مئة وخمسون», not «خمسة وثلاثة»."""
    if total >= 1000:
        return part < 1000
    if total >= 100:
        return part < 100
    return total < 10 and part >= 20
