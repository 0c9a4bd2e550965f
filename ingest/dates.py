"""Dates as outlets write them: RFC 822, ISO 8601, Arabic month names, Arabic-Indic digits, with and without a zone.

Hijri dates are read only where a Gregorian date stands beside them («الموافق»): turning one into the other exactly needs
the tables of Umm al-Qura, which none of the packages here brings. A date that cannot be read is the time of fetching,
and the origin says so.
"""

import re
import warnings
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EARLIEST_MS = 788_918_400_000
"""1995: an earlier date is an empty field (1970, 0001), not news."""

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            # Egypt and the Gulf / the Levant and Iraq / the Maghreb / English
            "يناير كانون_الثاني كانون_2 جانفي january jan janvier",
            "فبراير شباط فيفري february feb février",
            "مارس آذار اذار march mar mars",
            "أبريل ابريل إبريل نيسان أفريل افريل april apr avril",
            "مايو أيار ايار ماي may mai",
            "يونيو يونيه حزيران جوان june jun juin",
            "يوليو يوليه تموز جويلية july jul juillet",
            "أغسطس اغسطس آب اب أوت اوت غشت august aug août",
            "سبتمبر أيلول ايلول شتنبر september sep sept septembre",
            "أكتوبر اكتوبر تشرين_الأول تشرين_الاول تشرين_1 october oct octobre",
            "نوفمبر تشرين_الثاني تشرين_2 نونبر november nov novembre",
            "ديسمبر كانون_الأول كانون_الاول كانون_1 دجنبر دسمبر december dec décembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
# Zone names as Arab outlets mean them: AST is Arabia Standard Time here, not Atlantic.
_ZONES = {
    "GMT": 0, "UT": 0, "UTC": 0, "Z": 0, "WET": 0, "WEST": 60, "CET": 60, "CEST": 120, "CAT": 120, "EET": 120, "EEST": 180,
    "IST": 120, "IDT": 180, "TRT": 180, "MSK": 180, "AST": 180, "KSA": 180, "EAT": 180, "IRST": 210, "GST": 240, "BST": 60,
    "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
}  # fmt: skip
_NAME = "|".join(sorted((name.replace("_", r"\s+") for name in _MONTHS), key=len, reverse=True))
_TIME = re.compile(
    r"(?<![\d.])(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(?:\s*(am|pm|a\.m\.|p\.m\.|صباحا|صباحًا|مساء|مساءً|ص|م)(?!\w))?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:\b(?:GMT|UTC)\s*)?([+-])(\d{2})(?::?(\d{2}))?\s*(?:\(.*\))?$")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(.*))?$")
_NAMED = re.compile(rf"(?<!\d)(\d{{1,2}})\s*[-/ ,.،]?\s*(?:من\s+)?({_NAME})\b[^\d]{{0,14}}?(\d{{4}})", re.IGNORECASE)
_NAMED_FIRST = re.compile(rf"\b({_NAME})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\s*[,،]?\s*(\d{{4}})", re.IGNORECASE)
_DOUBLE = re.compile(rf"({_NAME})\s*[/()-]+\s*(?:{_NAME})\)?", re.IGNORECASE)
_NUMERIC = re.compile(r"(?<![\d:])(\d{1,4})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{2,4})(?![\d:])")
_AGO = re.compile(
    r"(?:منذ|قبل)\s+(?:(\d+)\s+)?(ثانية|ثوان|ثواني|دقيقة|دقائق|دقيقتين|ساعة|ساعات|ساعتين|يوم|أيام|يوما|يومين)"
)
_AGO_SECONDS = {"ث": 1, "د": 60, "س": 3600, "ي": 86400, "أ": 86400}


def parse_date(text: str, zone: str, fetched_ms: int, origin: str = "feed") -> tuple[int, str]:
    """(ms UTC, where it comes from).

    Args:
        text: the date as written.
        zone: IANA zone of the outlet, for dates that tell none.
        fetched_ms: our fetch time, for dates that are missing, unreadable or in the future.
        origin: `feed` or `page`.

    Returns:
        The origin is `fetched` where no date could be read, and gets `+clipped` where it lay in the future.
    """
    instant = read_instant(text, zone, fetched_ms)
    if instant is None or instant < EARLIEST_MS:
        return fetched_ms, "fetched"
    return (fetched_ms, f"{origin}+clipped") if instant > fetched_ms else (instant, origin)


def read_instant(text: str, zone: str = "UTC", fetched_ms: int = 0) -> int | None:
    """The instant that a text names, ms UTC; None where it names none. `fetched_ms` is what «منذ ساعتين» counts from."""
    text = re.sub(r"[\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069]", "", text[:200].translate(_DIGITS)).strip()
    if not text:
        return None
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return int(text) * (1000 if len(text) == 10 else 1)
    if "الموافق" in text:
        text = text.split("الموافق", 1)[1]
    day = _day(text)
    if day is None:
        return _ago(text, fetched_ms) or _by_dateparser(text, zone)
    try:
        hour, minute, second, rest = _time(text)
        local = datetime(*day, tzinfo=UTC).replace(hour=hour, minute=minute, second=second)
    except ValueError:
        return None
    offset = _offset(rest)
    where: tzinfo = _zone(zone) if offset is None else timezone(timedelta(minutes=offset))
    try:
        return int(local.replace(tzinfo=where).timestamp() * 1000)
    except (OverflowError, ValueError):
        return None


def _day(text: str) -> tuple[int, int, int] | None:
    if found := _ISO.match(text):
        return int(found[1]), int(found[2]), int(found[3])
    text = _DOUBLE.sub(r"\1", text)  # «كانون الثاني/يناير», «أيار (مايو)»
    if found := _NAMED.search(text):
        return int(found[3]), _month(found[2]), int(found[1])
    if found := _NAMED_FIRST.search(text):
        return int(found[3]), _month(found[1]), int(found[2])
    if (
        found := re.search(rf"(?<!\d)(\d{{1,2}})[\s-]+({_NAME})[\s-]+(\d{{2}})\b", text, re.IGNORECASE)
    ) and "هـ" not in text:
        return 2000 + int(found[3]), _month(found[2]), int(found[1])  # RFC 822 with a year of two digits
    if (found := _NUMERIC.search(text)) and "هـ" not in text:
        first, second, third = (int(part) for part in found.groups())
        if first > 31:
            return first, second, third
        year = third + 2000 if third < 100 else third
        return (year, first, second) if second > 12 else (year, second, first)
    return None


def _month(name: str) -> int:
    return _MONTHS["_".join(name.lower().split())]


def _time(text: str) -> tuple[int, int, int, str]:
    """Hour, minute, second and what stands behind them; midnight where no time is told."""
    found = _TIME.search(re.sub(r"(?<=\d)T(?=\d)", " ", text))
    if not found:
        return 0, 0, 0, text if re.search(r"[A-Za-z]{1,4}$", text) and not _ISO.match(text) else ""
    hour, half = int(found[1]), (found[4] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.startswith(("p", "م")) else 0)
    return hour, int(found[2]), min(int(found[3] or 0), 59), found.string[found.end() :].strip()


def _offset(rest: str) -> int | None:
    """Minutes east of Greenwich of what follows the time, None where it names no zone."""
    if found := _OFFSET.search(rest):
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        return minutes if found[1] == "+" else -minutes
    if "غرينتش" in rest or "جرينتش" in rest:
        return 0
    name = re.match(r"\(?([A-Za-z]{1,5})\b", rest)
    return _ZONES.get(name[1].upper()) if name else None


def _ago(text: str, fetched_ms: int) -> int | None:
    found = _AGO.search(text)
    if not found or not fetched_ms:
        return None
    count = int(found[1] or (2 if found[2].endswith("ين") else 1))
    return fetched_ms - count * _AGO_SECONDS[found[2][0]] * 1000


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _by_dateparser(text: str, zone: str) -> int | None:
    """Forms that the patterns above do not know; the package takes a second to load, so only here."""
    if len(text) > 60 or not re.search(r"\d", text) or "هـ" in text:
        return None
    import dateparser

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = dateparser.parse(
            text,
            languages=["ar", "en", "fr"],
            settings={"TIMEZONE": zone, "RETURN_AS_TIMEZONE_AWARE": True, "REQUIRE_PARTS": ["day", "month", "year"]},
        )
    return int(found.timestamp() * 1000) if found else None
