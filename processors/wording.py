"""The words of an alert: a headline in Arabic and in English, and a body with every source, from a change of the ledger."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from processors.sides import Side, side
from rasid.messages import Change, Claim, PlaceRef

STANDINGS = {
    "claimed": ("ادعاء طرف", "claimed by one side"),
    "reported": ("خبر لم يتأكد بعد", "reported, not confirmed"),
    "confirmed": ("مؤكد", "confirmed"),
    "disputed": ("متنازع في صحته", "disputed"),
    "reversed": ("تبيّن عدم صحته", "the claim turned out wrong"),
    "corrected": ("صُحّح أو سُحب", "the report was taken back"),
}
"""Standing in words, Arabic and English."""
RULES = {
    "two_independent_sources": ("مصدران مستقلان", "two independent sources"),
    "unchallenged_for_a_day": ("لم ينفه أحد خلال 24 ساعة وورد خبر لاحق", "24 hours unchallenged and a further report"),
    "against_own_interest": ("إقرار من الطرف الخاسر", "the losing side admits it"),
    "retaken_unseen": ("لم يصلنا خبر فقدانها من قبل", "its loss before was not noticed"),
}
HEADS = {
    "city": ("مدينة", "the city of"),
    "town": ("بلدة", "the town of"),
    "village": ("قرية", "the village of"),
    "neighbourhood": ("حي", "the neighbourhood of"),
    "base": ("قاعدة", "the base of"),
    "crossing": ("معبر", "the crossing of"),
    "camp": ("مخيم", "the camp of"),
    "island": ("جزيرة", "the island of"),
    "governorate": ("محافظة", "the governorate of"),
    "area": ("منطقة", "the area of"),
}
"""Head nouns by place type; other types stand without one."""
OWN_HEADS = frozenset(head for head, _ in HEADS.values()) | {
    *("مطار", "سد", "جسر", "جبل", "تل", "قلعة", "طريق", "ميناء", "قطاع"),
    *("وادي", "حقل", "مثلث", "ريف", "خان", "باب", "دير", "عين"),
}
"""First words of names that carry their head noun themselves."""
COUNTRIES = {
    "SY": "سوريا",
    "IQ": "العراق",
    "YE": "اليمن",
    "LY": "ليبيا",
    "LB": "لبنان",
    "SD": "السودان",
    "EG": "مصر",
    "PS": "فلسطين",
    "IL": "إسرائيل",
    "TR": "تركيا",
    "JO": "الأردن",
    "SA": "السعودية",
    "IR": "إيران",
}
"""Arabic names by ISO code; other countries stand as their code."""
STANCES = {"deny": "نفي: ", "withdraw": "سحب خبره: "}
"""What a source does that does not assert the change."""
NO_NAMES: Mapping[str, str] = MappingProxyType({})


def title_ar(change: Change) -> str:
    """One Arabic line: who took what, and how sure it is; before it, what is special about the news."""
    holder, before, place = side(change.holder), side(change.previous_holder), place_ar(change.place)
    if change.standing == "corrected":
        return f"تصحيح: سُحب خبر سابق عن السيطرة على {place}"
    if change.standing == "reversed":
        return f"تبيّن خطأ الادعاء: {before.ar} لا {_verb(before, 'تسيطر', 'يسيطر')} على {place}"
    what = _sentence_ar(change, holder, before, place)
    if change.standing == "disputed":
        return f"تضارب في الأنباء: {what}"
    follow_up = "تأكيد: " if change.standing == "confirmed" else "متابعة: "
    return f"{follow_up if change.follow_up else ''}{what} ({_standing(change)[0]})"


def _standing(change: Change) -> tuple[str, str]:
    """How sure it is; of what is confirmed, by what."""
    standing = STANDINGS[change.standing]
    by_rule = change.standing == "confirmed" and change.rule != "retaken_unseen"
    return RULES.get(change.rule, standing) if by_rule else standing


def _sentence_ar(change: Change, holder: Side, before: Side, place: str) -> str:
    if change.holder is None and change.previous_holder is None:
        return f"انتقلت السيطرة على {place} من دون ذكر الطرفين"
    if change.holder is None:
        if change.manner == "withdrew":
            return f"{_verb(before, 'انسحبت', 'انسحب')} {before.ar} من {place}"
        return f"{_verb(before, 'فقدت', 'فقد')} {before.ar} السيطرة على {place}"
    if change.manner == "recaptured":
        return f"{_verb(holder, 'استعادت', 'استعاد')} {holder.ar} السيطرة على {place}"
    if change.manner == "handed_over":
        return f"{_verb(holder, 'تسلمت', 'تسلم')} {holder.ar} {place}"
    return f"{_verb(holder, 'سيطرت', 'سيطر')} {holder.ar} على {place}"


def _verb(subject: Side, feminine: str, masculine: str) -> str:
    return feminine if subject.gender == "f" else masculine


def title_en(change: Change) -> str:
    """The same line in English, with the side that held the place before."""
    before, place = side(change.previous_holder).en, place_en(change.place)
    if change.standing == "corrected":
        return f"Correction: an earlier report on control of {place} was taken back"
    if change.standing == "reversed":
        return f"Claim turned out wrong: {before} did not take {place}"
    what = _sentence_en(change, before, place)
    if change.standing == "disputed":
        return f"Conflicting reports: {what}"
    if change.follow_up:
        what = f"{'Confirmed' if change.standing == 'confirmed' else 'Follow-up'}: {what}"
    return f"{what[:1].upper()}{what[1:]} ({_standing(change)[1]})"


def _sentence_en(change: Change, before: str, place: str) -> str:
    if change.holder is None and change.previous_holder is None:
        return f"control of {place} changed, neither side is named"
    if change.holder is None:
        return f"{before} withdrew from {place}" if change.manner == "withdrew" else f"{before} lost {place}"
    verb = {"recaptured": "retook", "handed_over": "took over"}.get(change.manner, "took")
    loser = f" from {before}" if change.previous_holder not in {None, change.holder} else ""
    return f"{side(change.holder).en} {verb} {place}{loser}"


def place_ar(place: PlaceRef) -> str:
    """«بلدة مارع»: canonical name with its head noun, unless the name has one."""
    name = place.name_ar or place.name
    head = HEADS.get(place.place_type, ("", ""))[0]
    return f"{head} {name}" if head and name.split()[:1] and name.split()[0] not in OWN_HEADS else name


def place_en(place: PlaceRef) -> str:
    """ "the town of Marea"; the Arabic name where no other is known."""
    name = place.name_en or place.name_ar or place.name
    head = HEADS.get(place.place_type, ("", ""))[1]
    # «Al-Anad Air Base», «Lahij Governorate» say themselves what they are.
    said = (
        not head or place.place_type in name.lower().split() or name.split()[-1].lower() in {"base", "airport", "camp"}
    )
    return name if said else f"{head} {name}"


def body(change: Change, outlets: Mapping[str, str] = NO_NAMES) -> str:
    """The facts in Arabic, a line each, then every source with its sentence and its link; nothing that is unknown.

    Args:
        outlets: names of outlets by id; one that is not there stands with its id.

    Numbers are written so that no right-to-left line turns them around: `2016/03/01`, `36.2000,37.1000`. Times in UTC.
    """
    lines = [_place(change.place), _hands(change), _weight(change)]
    for claim in change.claims:
        lines += _source(claim, outlets)
    return "\n".join(_one_line(line) for line in lines if line)


def _place(place: PlaceRef) -> str:
    """Name, governorate, country, and coordinates where they are known."""
    names = "، ".join(filter(None, (place_ar(place), place.admin1, COUNTRIES.get(place.country, place.country))))
    notes = [] if place.lat is None or place.lon is None else [f"{place.lat:.4f},{place.lon:.4f}"]
    notes += ["موقع تقريبي"] if notes and place.geo_precision != 1 else []
    notes += ["أماكن أخرى تحمل الاسم نفسه"] if place.rivals else []
    noted = f" ({'، '.join(notes)})" if notes else ""
    return f"المكان: {names}{noted}"


def _hands(change: Change) -> str:
    """Whose it was and whose it is, as far as that is known."""
    holder, before = change.holder, change.previous_holder
    since = f" (منذ {_day(change.since)})" if change.since else ""
    if change.standing in {"corrected", "reversed"}:
        now = f"{side(holder).ar}{since}" if holder else "لا يُعرف"
        return f"الخبر السابق: بيد {side(before).ar}؛ الآن بيد: {now}"
    was = f"كان بيد: {side(before).ar}" if before not in {None, holder} else ""
    now = f"الآن بيد: {side(holder).ar}{since}" if holder else ""
    return "؛ ".join(filter(None, (was, now)))


def _weight(change: Change) -> str:
    """Standing, the rule behind it, and how many sources carry it."""
    why = "" if change.rule == "two_independent_sources" else RULES.get(change.rule, ("", ""))[0]
    count = _counted(change.independent_sources, ("مصدر واحد", "مصدران مستقلان", "مصادر مستقلة", "مصدرا مستقلا"))
    copies = _counted(change.copies, ("نسخة واحدة", "نسختان", "نسخ", "نسخة"))
    parts = (STANDINGS[change.standing][0], why, count, f"ولا تُحتسب {copies} من النص نفسه" if copies else "")
    return f"درجة الخبر: {'، '.join(filter(None, parts))}"


def _counted(count: int, forms: tuple[str, str, str, str]) -> str:
    """A number with its noun (forms for 1, 2, 3 to 10, more); "" for none."""
    one, two, few, many = forms
    if count <= 2:
        return ("", one, two)[max(count, 0)]
    return f"{count} {few if 3 <= count % 100 <= 10 else many}"


def _source(claim: Claim, outlets: Mapping[str, str]) -> list[str]:
    """Outlet, the sides it favours and the time; the sentence as written, after the name of who says it; the link."""
    name = outlets.get(claim.outlet) or claim.outlet or "ناشر غير معروف"
    bias = f" (منحاز إلى {' و'.join(side(code).ar for code in claim.favours)})" if claim.favours else ""
    when = f"، {datetime.fromtimestamp(claim.published / 1000, UTC):%Y/%m/%d %H:%M} UTC" if claim.published > 0 else ""
    speaker = "" if claim.source == name or claim.source in claim.evidence else f"{claim.source}: "
    quote = f"{speaker}«{claim.evidence}»" if claim.evidence else ""
    return [f"- {STANCES.get(claim.stance, '')}{name}{bias}{when}", quote, claim.url]


def _day(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y/%m/%d")


def _one_line(text: str) -> str:
    """Evidence may run over line ends; a line of the body never does."""
    return " ".join(text.split())
