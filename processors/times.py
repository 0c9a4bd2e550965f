"""Layer 8: when something happened, as told, against the day of publication.

Days are counted in UTC. «أمس», weekdays, «قبل يومين», «1 حزيران/ يونيو», «في مارس الماضي» and years are read; the nearest
expression in the predicate's clause counts, else the nearest in its sentence. Recent reaches back ten days (guidelines).
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import cast

from processors.folding import fold_word
from processors.marks import Marks
from processors.words import in_order, listed, words

RECENT_DAYS = 10
_WEEKDAYS = {
    fold_word(name): number
    for number, name in enumerate(in_order("الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد"))
}
_MONTH_NAMES = (
    "يناير كانون_الثاني جانفي", "فبراير شباط فيفري", "مارس آذار", "أبريل إبريل نيسان أفريل", "مايو أيار ماي",
    "يونيو يونيه حزيران جوان", "يوليو يوليه تموز جويلية", "أغسطس آب أوت", "سبتمبر أيلول", "أكتوبر تشرين_الأول", "نوفمبر تشرين_الثاني",
    "ديسمبر كانون_الأول",
)  # fmt: skip
_MONTHS = {
    fold_word(name): number
    for number, names in enumerate(_MONTH_NAMES, start=1)
    for name in names.split()
    if "_" not in name
}
_TWO_WORD = {
    tuple(fold_word(name).split("_")): number
    for number, names in enumerate(_MONTH_NAMES, start=1)
    for name in names.split()
    if "_" in name
}
_LONG_AGO = listed("سنوات اعوام عام عامين سنتين اشهر شهور شهرين عقود عقد عقدين سنه شهر قرن")
_SHORT_AGO = {
    "يوم": 1,
    "يومين": 2,
    "ايام": 3,
    "ساعات": 0,
    "ساعه": 0,
    "ساعتين": 0,
    "اسبوع": 7,
    "قليل": 0,
    "دقايق": 0,
    "لحظات": 0,
}


_STARTS = (
    frozenset(
        {
            "اليوم",
            "الان",
            "البارحه",
            "امس",
            "الامس",
            "قبل",
            "منذ",
            "قبيل",
            "الماضي",
            "الماضيه",
            "المنصرم",
            "الفايت",
            "تشرين",
            "كانون",
        }
    )
    | frozenset(_WEEKDAYS)
    | frozenset(_MONTHS)
)


@dataclass(frozen=True, slots=True)
class Told:
    """A time as told.

    Attributes:
        at: token where it is told, -1 for none.
        day: ISO date, "" where none can be made out.
        precision: ACLED: 1 day, 2 week, 3 month or vaguer.
        recent: True, False, or None where the text does not tell.
    """

    at: int = -1
    day: str = ""
    precision: int = 1
    recent: bool | None = None


def published_day(published: int) -> date | None:
    """The UTC day of a publication time in ms, None for 0."""
    return datetime.fromtimestamp(published / 1000, UTC).date() if published else None


def told(marks: Marks, at: int) -> Told:
    """The time of the predicate at a token."""
    clause, sentence = marks.clause(at), marks.sentence(at)
    best = _nearest(marks, clause.first, clause.last, at)
    if best.at < 0:
        near = _nearest(marks, sentence.first, sentence.last, at)
        best = near if abs(near.at - at) <= 12 else Told()
    return best


def told_after(marks: Marks, at: int) -> Told:
    """«بعد نحو شهرين على المعركة التي انتهت بسيطرة»: how long ago what the noun at a token names was, counted from the sentence's own day.

    Only where the noun hangs on «على» or «من» behind the span of time, in a relative clause at most: «بعد أسبوع من القتال سيطرت» tells
    how long the fight was.
    """
    first = marks.sentence(at).first
    for step in range(at - 2, max(first - 1, at - 14), -1):
        if marks.plain(step) not in ("بعد", "عقب"):
            continue
        span = _ago(marks, step, published_day(marks.reading.published))
        if span is None:
            return Told()
        on = next((k for k in range(step + 2, min(step + 6, at)) if marks.word(k) in ("علي", "من")), -1)
        finite = [k for k in range(on + 1, at) if marks.is_finite(k)]
        hangs = on > 0 and all(marks.plain(k - 1) in words("relative") for k in finite)
        return replace(span, at=step) if hangs else Told()
    return Told()


_LOOKING_BACK = ("من التاريخ", "من ذاكره", "حدث في مثل", "في مثل هذا اليوم", "من الذاكره")
"""Beginnings of the titles of columns about the past."""


def tells_history(marks: Marks) -> bool:
    """The article's dates lie mostly in the past: what bears no date of its own is history too."""
    old = sum(1 for one in dates(marks) if one.recent is False)
    new = sum(1 for one in dates(marks) if one.recent)
    title = fold_word(marks.reading.title)
    if title.startswith(_LOOKING_BACK):
        return True
    early = (*marks.plains[:60], *title.split())
    if old >= 3 and any(word in ("ذكري", "الذكري", "بذكري") for word in early):
        return True
    return old >= 4 and old > 3 * new


def _nearest(marks: Marks, first: int, last: int, at: int) -> Told:
    found = [one for one in dates(marks) if first <= one.at < last]
    return min(found, key=lambda one: abs(one.at - at), default=Told())


def dates(marks: Marks) -> list[Told]:
    """Every time expression of the article, read once."""
    found = marks.cache.get("times")
    if found is None:
        found = [one for k, word in enumerate(marks.plains) if _may_be(word) and (one := _read(marks, k)) is not None]
        marks.cache["times"] = found
    return cast("list[Told]", found)


def _may_be(word: str) -> bool:
    """A cheap test: the word can begin a time expression."""
    return word in _STARTS or word[1:] in _STARTS or word[:2] in ("19", "20")


def _read(marks: Marks, at: int) -> Told | None:
    """The time expression that begins at a token."""
    word, after = marks.plain(at), marks.word(at + 1)
    today = published_day(marks.reading.published)
    if word in ("اليوم", "الان", "البارحه", "امس", "الامس"):
        back = {"اليوم": 0, "الان": 0}.get(word, 1)
        if marks.plain(at - 1) in ("اول", "من") and word == "امس":
            back = 2
        if word == "امس" and marks.word(at + 1) == "الاول":
            back = 2
        return _days_ago(at, today, back)
    if word in _WEEKDAYS or word.removeprefix("ب").removeprefix("ل") in _WEEKDAYS:
        weekday = _WEEKDAYS.get(word, _WEEKDAYS.get(word.removeprefix("ب").removeprefix("ل"), 0))
        back = (today.weekday() - weekday) % 7 if today else 0
        return _days_ago(at, today, back + (7 if after == "الماضي" and back == 0 else 0))
    if word in ("قبل", "منذ", "قبيل"):
        return _ago(marks, at, today)
    if word in ("الماضي", "الماضيه", "المنصرم", "الفايت"):
        return _last(marks, at, today)
    return _calendar(marks, at, today)


def _days_ago(at: int, today: date | None, back: int, precision: int = 1) -> Told:
    day = (today - timedelta(days=back)).isoformat() if today else ""
    return Told(at, day, precision, back <= RECENT_DAYS)


def _ago(marks: Marks, at: int, today: date | None) -> Told | None:
    """«قبل يومين», «منذ ثلاثة أعوام», «قبل نحو شهر»."""
    low = 1
    for step in range(at + 1, min(at + 5, len(marks.folded))):
        word = marks.word(step)
        number = marks.number_at.get(step)
        if number and number.low:
            low = number.low
        if word in _LONG_AGO:
            return Told(at, "", 3, False)
        if word in _SHORT_AGO:
            back = low if word == "ايام" and low > 1 else _SHORT_AGO[word] * (low if word == "اسبوع" else 1)
            return _days_ago(at, today, back, 1 if word != "اسبوع" else 2)
        if word == "اسابيع":
            return _days_ago(at, today, 7 * max(low, 2), 2)
        if word == "اسبوعين":
            return _days_ago(at, today, 14, 2)
        if not (number or word in ("نحو", "حوالي", "اكثر", "من", "بضعه", "عده", "قرابه", "مده")):
            return None
    return None


def _last(marks: Marks, at: int, today: date | None) -> Told | None:
    """«الأسبوع الماضي», «الشهر الماضي», «العام الماضي», «الأيام الماضية»."""
    before = marks.plain(at - 1)
    if before in ("العام", "الشهر", "السنه", "الاشهر", "الاعوام", "السنوات", "الصيف", "الشتاء", "القرن"):
        return Told(at, "", 3, False)
    if before in ("الاسبوع", "اسبوع"):
        return _days_ago(at, today, 7, 2)
    if before in ("الايام", "الساعات", "الليله", "اليومين"):
        return _days_ago(at, today, 1, 2)
    return None


def _calendar(marks: Marks, at: int, today: date | None) -> Told | None:
    """«21 مايو», «في 1 حزيران/ يونيو 2015», «في مارس الماضي», «عام 2014»."""
    word = marks.plain(at).removeprefix("ب") if marks.plain(at).removeprefix("ب") in _MONTHS else marks.plain(at)
    month = _MONTHS.get(word) or _TWO_WORD.get((word, marks.word(at + 1)))
    if month and not marks.place_at.get(at) and not marks.actor_at.get(at):
        return _in_month(marks, at, month, today)
    if word[:1].isdigit() and word.isdigit() and 1900 <= int(word) <= 2100 and today:
        if marks.plain(at - 1) in _MONTHS or marks.number_at.get(at) is None or marks.number_at[at].what != "date":
            return None
        return Told(at, "", 3, int(word) >= today.year and marks.plain(at - 1) not in ("منذ",) and None)
    return None


def _in_month(marks: Marks, at: int, month: int, today: date | None) -> Told | None:
    day_word = marks.word(at - 1)
    if day_word == "/" or marks.word(at - 1) in _MONTHS:
        return None
    following = [marks.word(k).strip("()") for k in range(at + 1, min(at + 6, len(marks.folded)))]
    year = next((int(word) for word in following if word.isdigit() and 1900 <= int(word) <= 2100), 0)
    if today is None:
        return Told(at, "", 3, False if year else None)
    if not year:
        year = today.year if month <= today.month else today.year - 1
    if day_word.isdigit() and 1 <= int(day_word) <= 31:
        try:
            day = date(year, month, int(day_word))
        except ValueError:
            return None
        return Told(at, day.isoformat(), 1, 0 <= (today - day).days <= RECENT_DAYS)
    same = (year, month) == (today.year, today.month)
    return Told(at, "", 3, None if same else False)
