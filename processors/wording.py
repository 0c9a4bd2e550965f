"""The words of an alert: titles in Arabic and English, and a body with every source, from a change of the ledger."""

from datetime import UTC, datetime

from processors.sides import Side, side
from rasid.messages import Change, Claim, PlaceRef

STANDINGS = {
    "claimed": ("ادعاء طرف", "claimed by a party for its own gain"),
    "reported": ("خبر لم يتأكد بعد", "reported, not yet confirmed"),
    "confirmed": ("مؤكد", "confirmed"),
    "disputed": ("متنازع في صحته", "disputed: a statement of equal weight contradicts it"),
    "reversed": ("تبيّن عدم صحته", "the earlier claim turned out wrong"),
    "corrected": ("صُحّح أو سُحب", "the earlier report was withdrawn or corrected"),
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
STANCES = {
    "assert": ("", ""),
    "deny": ("ينفي: ", "denies: "),
    "withdraw": ("يسحب خبره: ", "takes back: "),
}


def title_ar(change: Change) -> str:
    """One Arabic line: kind of news, who took what, and the standing."""
    holder, before, place = side(change.holder), side(change.previous_holder), place_ar(change.place)
    if change.standing == "corrected":
        return f"تصحيح: سُحب خبر سابق عن السيطرة على {place}"
    if change.standing == "reversed":
        return f"تبيّن خطأ الادعاء: {before.ar} لا {_verb(before, 'تسيطر', 'يسيطر')} على {place}"
    what = _sentence_ar(change, holder, before, place)
    if change.standing == "disputed":
        return f"تضارب في الأنباء: {what}"
    follow_up = "تأكيد" if change.standing == "confirmed" else "متابعة"
    kind = follow_up if change.follow_up else "تغيّرت السيطرة"
    return f"{kind}: {what} ({_standing(change)[0]})"


def _standing(change: Change) -> tuple[str, str]:
    """Why it is confirmed or believed, where there is more to say than the standing."""
    return RULES.get(change.rule, STANDINGS[change.standing])


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
    """The same line in English."""
    holder, before, place = side(change.holder).en, side(change.previous_holder).en, place_en(change.place)
    if change.standing == "corrected":
        return f"Correction: an earlier report on control of {place} was taken back"
    if change.standing == "reversed":
        return f"Claim turned out wrong: {before} did not take {place}"
    if change.holder is None and change.previous_holder is None:
        what = f"control of {place} changed, neither side is named"
    elif change.holder is None:
        what = f"{before} withdrew from {place}" if change.manner == "withdrew" else f"{before} lost {place}"
    else:
        verb = {"recaptured": "retook", "handed_over": "took over"}.get(change.manner, "took")
        what = f"{holder} {verb} {place}"
    if change.standing == "disputed":
        return f"Conflicting reports: {what}"
    follow_up = "Confirmed" if change.standing == "confirmed" else "Follow-up"
    kind = follow_up if change.follow_up else "Control change"
    return f"{kind}: {what} ({_standing(change)[1]})"


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


def body(change: Change) -> str:
    """The facts in Arabic, the same in English, then every source with its sentence. Times in UTC, days as told."""
    holder, before = side(change.holder), side(change.previous_holder)
    standing_ar, standing_en = STANDINGS[change.standing]
    why_ar, why_en = RULES.get(change.rule, ("", ""))
    since = _day(change.since)
    undone = change.standing in {"corrected", "reversed"}
    where = ", ".join(filter(None, (place_en(change.place), change.place.admin1, change.place.country)))
    spot = _coordinates(change.place)
    lines = [
        f"المكان: {'، '.join(filter(None, (place_ar(change.place), change.place.admin1)))}",
        f"{'الخبر السابق' if undone else 'كان بيد'}: {before.ar}",
        f"الآن بيد: {_holder(change, holder.ar, 'لا يُعرف')}",
        f"درجة الخبر: {standing_ar}{f' ({why_ar})' if why_ar else ''}",
        f"المصادر المستقلة: {change.independent_sources}{_copies_ar(change.copies)}",
        f"Place: {where}{f' ({spot})' if spot else ''}",
        f"{'Told before' if undone else 'Before'}: {before.en}",
        f"Now: {_holder(change, holder.en, 'not known')}{f', since {since}' if since else ''}",
        f"Standing: {standing_en}{f' ({why_en})' if why_en else ''}",
        f"Independent sources: {change.independent_sources}{_copies_en(change.copies)}",
    ]
    for claim in change.claims:
        lines += _source(claim)
    return "\n".join(_one_line(line) for line in lines)


def _holder(change: Change, name: str, unknown: str) -> str:
    return unknown if change.holder is None else name


def _coordinates(place: PlaceRef) -> str:
    rivals = "other places have this name" if place.rivals else ""
    if place.lat is None or place.lon is None:
        return rivals
    near = "" if place.geo_precision == 1 else "approximate"
    return ", ".join(filter(None, (f"{place.lat:.4f}, {place.lon:.4f}", near, rivals)))


def _copies_ar(count: int) -> str:
    if not count:
        return ""
    words = {1: "نسخة واحدة", 2: "نسختان"}.get(count) or f"{count} {'نسخ' if 3 <= count % 100 <= 10 else 'نسخة'}"
    return f" (لا تُحتسب {words} من النص نفسه)"


def _copies_en(count: int) -> str:
    if not count:
        return ""
    return (
        " (1 copy of the same wire is not counted)"
        if count == 1
        else f" ({count} copies of the same wire are not counted)"
    )


def _source(claim: Claim) -> list[str]:
    """Outlet with the sides it favours, time, link; then the sentence, as written."""
    bias = f", favours {', '.join(claim.favours)}" if claim.favours else ""
    moment = datetime.fromtimestamp(claim.published / 1000, UTC)
    when = moment.strftime("%Y-%m-%d %H:%M UTC") if claim.published > 0 else "time unknown"
    stance_ar, stance_en = STANCES.get(claim.stance, ("", ""))
    lines = [f"- {stance_en}{claim.outlet or 'unknown outlet'}{bias}, {when}{f', {claim.url}' if claim.url else ''}"]
    speaker = f"{claim.source}: " if claim.source else ""
    if claim.evidence:
        lines.append(f"{stance_ar}{speaker}«{claim.evidence}»")
    return lines


def _day(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d") if ms else ""


def _one_line(text: str) -> str:
    """Evidence may run over line ends; a line of the body never does."""
    return " ".join(text.split())
