"""Layer 5 for casualties: the counts of people killed or hurt in a sentence.

A number counts dead or injured because its noun says so («قتيل», «جريح»), because a word of killing or wounding governs it («مقتل …»,
«أصيب …»), because such a verb follows («26 متمردا لقوا مصرعهم»), or because «و» joins it to a count («و200 مقاتل»). One person without a
number («مقتل جندي») and couples («رجل وزوجته») count too; «أسر 44 متمردا» does not.
"""

from dataclasses import dataclass, replace

from processors.deaths import KILLED, WOUNDED, Trigger, triggers
from processors.marks import COMMAS, Marks
from processors.objects import PHRASE_ENDS
from processors.reading import NumberHit
from processors.words import Person, listed, person, words

AMONG = frozenset({"بينهم", "منهم", "بينها", "ضمنهم", "بينهن", "منها"})


_REACH = 9


_ACTIVE_REACH = 18
"""Words between a word of killing and its number."""


_THINGS = listed(
    "اليه اليات دبابه دبابات عربه عربات صاروخ صواريخ قذيفه قذايف منزل منازل غاره غارات سياره سيارات طايره طايرات موقع مواقع نقطه نقاط هدف "
    "اهداف قريه بلده بلدات قري مدرعه مدرعات مره مرات طن مقر مقرات ساعه حي برميل ضربه ضربات حاجز حواجز عمليه عمليات هجمات هجوم مستشفي "
    "منطقه مناطق جهه جهات وكر عبوه عبوات محافظات محافظه محاور محور اسبوع نايب دوله مخيم قاعده مباني مبني مدارس خيمه حوادث حادث تفجيرات "
    "انفجارات تفجير"
)


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people with what happened to them.

    Attributes:
        first, last: its tokens; `anchor` the word that says what happened.
        roles: KILLED, WOUNDED or both.
        part: it stands behind «بينهم».
    """

    first: int
    last: int
    anchor: int
    low: int | None
    high: int | None
    roles: frozenset[str]
    who: Person | None = None
    part: bool = False
    children: int | None = None
    women: int | None = None


def counts_of(marks: Marks, first: int, last: int) -> list[Count]:
    found = triggers(marks, first, last)
    if not found:
        return []
    counts: list[Count] = []
    used: set[int] = set()
    for number in _numbers(marks, first, last):
        count = _one_person(marks, number, found) or _counted(marks, number, found, last)
        count = count or _inherited(marks, number, counts)
        if count:
            counts.append(count)
            used.update(range(count.first, count.last))
    for trigger in found:
        count = _single(marks, trigger, used, last)
        if count:
            counts.append(count)
    counts.sort(key=lambda count: count.first)
    return _couples(marks, counts, last)


def _numbers(marks: Marks, first: int, last: int) -> list[NumberHit]:
    seen: list[NumberHit] = []
    for at in range(first, last):
        number = marks.number_at.get(at)
        if number and number.what in ("count", "people") and (not seen or seen[-1] is not number):
            seen.append(number)
    return seen


def _counted(marks: Marks, number: NumberHit, found: list[Trigger], last: int) -> Count | None:
    """The count that a number makes, None where nobody was killed or hurt."""
    who = _who(marks, number)
    if who and who.kind in ("dead", "wounded"):
        roles = {KILLED} if who.kind == "dead" else {WOUNDED}
        roles |= _second_noun(marks, number, who)
        if _void(marks, number.first):
            return None
        return Count(number.first, number.last, number.first, number.low, number.high, frozenset(roles), who)
    things = who is None and (number.noun in _THINGS or number.noun.removesuffix("ا") in _THINGS)
    if things or _other_object(marks, number) or marks.plain(number.first) in ("واحد", "واحده"):
        return None
    trigger = _left_trigger(marks, number, found) or _right_trigger(marks, number, found, last)
    if trigger is None or (trigger.combatants and (who is None or who.kind != "combatant")):
        return None
    strange = who is None and number.noun and number.what == "count" and not _people_follow(marks, number)
    if strange and trigger.last != number.first:
        # «قتل أربعة من عائلة»: a number right behind the word of killing counts people, whatever follows.
        return None
    return Count(number.first, number.last, trigger.at, number.low, number.high, trigger.roles, who)


def _one_person(marks: Marks, number: NumberHit, found: list[Trigger]) -> Count | None:
    """«قتل مدني واحد», «شرطيين اثنين»."""
    who = person(marks.word(number.first - 1)) if number.low in (1, 2) and number.first else None
    if who is None or marks.word(number.first)[:1].isdigit() or (number.low == 1) != (who.number == 1):
        return None
    trigger = next((one for one in found if one.last == number.first - 1), None)
    return (
        Count(number.first - 1, number.last, trigger.at, number.low, number.low, trigger.roles, who)
        if trigger
        else None
    )


def _inherited(marks: Marks, number: NumberHit, counts: list[Count]) -> Count | None:
    """«قتل 40 جنديا و200 مقاتل مقابل 220 من الوحدات»: a number joined to a count says the same of its people."""
    who = _who(marks, number)
    if not counts or not (who or _people_follow(marks, number)) or (who and who.kind in ("dead", "wounded")):
        return None
    joined = marks.plain(number.first - 1) in ("مقابل", "و") or marks.word(number.first).startswith("و")
    before = counts[-1]
    between = range(before.last, number.first)
    if not joined or len(between) > 14 or _other_object(marks, number):
        return None
    if any(marks.is_finite(k) or marks.word(k) in (".", "؛") or marks.plain(k) in AMONG for k in between):
        return None
    return Count(number.first, number.last, before.anchor, number.low, number.high, before.roles, who)


def _other_object(marks: Marks, number: NumberHit) -> bool:
    """«أسر 44 متمردا», «اعتقال خمسة»: what was done to them is no harm of life."""
    return (
        any(form.cls in ("abduct", "strike", "protest") for form in marks.forms[number.first - 1])
        if number.first
        else False
    )


def _who(marks: Marks, number: NumberHit) -> Person | None:
    """The people noun of a number: in it («قتيلان») or after it («22 من رجال الأمن»)."""
    for at in range(max(number.last - 1, number.first), min(number.last + 4, len(marks.folded))):
        who = person(marks.word(at))
        if who and not (who.conj and at >= number.last):
            return who
        if at >= number.last and marks.word(at) not in ("من", "(", ")", "«", '"', "علي", "الاقل", "عناصر", "اخر"):
            return None
    return None


def _second_noun(marks: Marks, number: NumberHit, who: Person) -> set[str]:
    """«عشرات القتلى والجرحى»: one vague quantity of both."""
    if number.high is not None:
        return set()
    for at in range(number.last, min(number.last + 3, len(marks.folded))):
        other = person(marks.word(at))
        if other and other.conj and other.kind in ("dead", "wounded") and other.kind != who.kind:
            return {KILLED if other.kind == "dead" else WOUNDED}
    return set()


def _people_follow(marks: Marks, number: NumberHit) -> bool:
    """«96 من ميليشيات الحوثي», «374 من الطرفين»: a body of people stands for its members."""
    for at in range(number.last, min(number.last + 4, len(marks.folded))):
        word = marks.word(at)
        if (
            marks.actor_at.get(at)
            or word in words("armed")
            or word in ("الطرفين", "الجانبين", "طاقمه", "طاقمها", "اهالي", "ابناء", "سكان")
        ):
            return True
        if word not in ("من", "بين", "صفوف", "في", "عناصر"):
            return _nationality(word)
    return False


def _nationality(word: str) -> bool:
    """«12 يزيديا», «سبعة أكراد»: a relative adjective in the accusative counts people."""
    return len(word) > 4 and word.endswith(("يا", "يين", "يون"))


def _left_trigger(marks: Marks, number: NumberHit, found: list[Trigger]) -> Trigger | None:
    """The nearest word of killing before a number that governs it."""
    for trigger in reversed(found):
        if trigger.last > number.first or trigger.noun_only:
            continue
        gap = number.first - trigger.last
        if gap > (_REACH if not trigger.active else _ACTIVE_REACH):
            return None
        between = range(trigger.last, number.first)
        joined = marks.word(number.first).startswith("و") or marks.plain(number.first - 1) in ("و", "مقابل", "او")
        joined = joined or any(marks.plain(k) in AMONG for k in between)
        if (
            not joined
            and not trigger.noun_only
            and any(k in marks.number_at and marks.number_at[k].what != "date" for k in between)
        ):
            return None
        if any(marks.word(k) in (".", "؛") for k in between):
            return None
        if any(marks.is_finite(k) or any(form.cls == "abduct" for form in marks.forms[k]) for k in between):
            return None
        if trigger.needs_subject and gap > 3 and not trigger.active:
            # «قتل في غارة على ... 5»: a passive verb has its people right after it, or after a phrase of place and time.
            return trigger if not any(marks.number_at.get(k) for k in between) else None
        return trigger
    return None


def _right_trigger(marks: Marks, number: NumberHit, found: list[Trigger], last: int) -> Trigger | None:
    """«26 متمردا لقوا مصرعهم»: the verb after its subject; the number opens the clause or follows «أن»."""
    for trigger in found:
        if trigger.at < number.last or not trigger.follows:
            continue
        if marks.word(trigger.at).startswith("و") and any(form.conj for form in marks.forms[trigger.at]):
            return None
        gap = range(number.last, trigger.at)
        if len(gap) > 16 or trigger.at >= last:
            return None
        if any(
            marks.plain(k) in PHRASE_ENDS - {"التي", "الذي", "الذين", "وسط", "خلال", "بعد", "قبل", "جراء", "اثر"}
            for k in gap
        ):
            return None
        if any(marks.word(k) in (".", "؛") or (marks.is_finite(k) and not _in_relative(marks, k)) for k in gap):
            return None
        if any(
            k in marks.number_at and marks.number_at[k].what == "people" and marks.number_at[k] is not number
            for k in gap
        ):
            near = next(k for k in gap if k in marks.number_at and marks.number_at[k] is not number)
            if marks.plain(near - 1) not in AMONG:
                return None
        return trigger
    return None


def _in_relative(marks: Marks, at: int) -> bool:
    return any(marks.word(k) in words("relative") for k in range(max(at - 3, 0), at))


def _void(marks: Marks, at: int) -> bool:
    """«دون وقوع قتلى», «لم يسقط ضحايا»: nobody."""
    return any(marks.plain(k) in ("دون", "بدون", "لم", "عدم", "لا") for k in range(max(at - 4, 0), at))


def _single(marks: Marks, trigger: Trigger, used: set[int], last: int) -> Count | None:
    """«مقتل جندي», «استشهاد رجل وزوجته», «أصيب قائد الشرطة»: one person without a number; «قتلى» alone is vague."""
    if trigger.bare:
        if trigger.at in used or trigger.at - 1 in used or _void(marks, trigger.at):
            return None
        return Count(trigger.at, trigger.at + 1, trigger.at, None, None, trigger.roles)
    before = _one_before(marks, trigger, used)
    if before:
        return before
    at = _past_setting(marks, trigger.last, last) if trigger.verb else trigger.last
    while at < last and marks.word(at) in ('"', "«", "ايضا", "امس", "اليوم", "احد", "احدي"):
        one = person(marks.word(at + 1)) if marks.word(at) in ("احد", "احدي") else None
        if one:
            return Count(at, at + 2, trigger.at, 1, 1, trigger.roles, one)
        at += 1
    return _unnumbered(marks, trigger, used, at, last) if at < last and at not in used else None


def _one_before(marks: Marks, trigger: Trigger, used: set[int]) -> Count | None:
    """«أن شخصا قتل»."""
    at = trigger.at - 1
    who = person(marks.word(at)) if trigger.follows and at > 0 and at not in used else None
    if who and who.number == 1 and not who.definite and marks.plain(at - 1) in ("ان", "انه"):
        return Count(at, at + 1, trigger.at, 1, 1, trigger.roles, who)
    return None


def _unnumbered(marks: Marks, trigger: Trigger, used: set[int], at: int, last: int) -> Count | None:
    """One person, or a plural that says no number."""
    who = person(marks.word(at))
    if who is None or who.kind in ("dead", "wounded") or who.prep or who.conj:
        return None
    if who.number == 3:
        return None if who.noun == "اخر" else Count(at, at + 1, trigger.at, None, None, trigger.roles, who)
    if who.number != 1 or (trigger.verb and who.definite and any(k in used for k in range(at, min(at + 5, last)))):
        # «قتل الجندي ثلاثة»: an active verb, and its number is found.
        return None
    least = any(marks.word(k) == "علي" and marks.word(k + 1) == "الاقل" for k in range(at + 1, at + 4))
    return Count(at, at + 1, trigger.at, 1, None if least else 1, trigger.roles, who)


def _past_setting(marks: Marks, at: int, last: int) -> int:
    """Past «في محافظة ديالى أمس» between a passive verb and its people."""
    begin = at
    while at < min(last, begin + 8):
        placed = at in marks.place_at or at in marks.place_from or marks.plain(at) in words("head")
        if not placed and marks.word(at) not in ("في", '"', "«", "،", "امس", "اليوم"):
            return at
        at += 1
    return begin


def _couples(marks: Marks, counts: list[Count], last: int) -> list[Count]:
    """«رجل وزوجته», «5 شرطيين وجندي»: one more person joined by «و» adds to the count before it."""
    out: list[Count] = []
    for count in counts:
        extra, end = 0, count.last
        if count.low is not None and count.high == count.low and count.who:
            at = count.last if count.first != count.last else count.last + 1
            for step in range(at, min(at + 3, last)):
                who = person(marks.word(step))
                if who and who.conj and who.number in (1, 2) and who.kind not in ("dead", "wounded") and not who.prep:
                    if step in marks.number_at and who.number == 1:
                        break
                    extra, end = who.number, step + 1
                    break
                if marks.word(step).startswith("و") or marks.word(step) in COMMAS:
                    break
        joined = next((other for other in counts if other is not count and other.first <= end - 1 < other.last), None)
        dual = (
            joined is not None and joined.last - joined.first == 1 and joined.low == 2 and joined.roles == count.roles
        )
        if extra and (joined is None or (dual and joined.who and count.who and joined.who.kind == count.who.kind)):
            count = replace(count, low=(count.low or 0) + extra, high=(count.high or 0) + extra, last=end)
        out.append(count)
    return [count for count in out if not any(o is not count and o.first < count.first < o.last for o in out)]


# --- parts
