"""Layer 8 for control: whether a change is news of the article or how things came to be.

A date decides, where the text gives one. Without it, what the sentence takes as known is background:

    pluperfect, «سبق أن»           كانت قد سيطرت، سبق أن سيطر عليها
    relative clause, «منذ»         البلدة التي سيطر عليها، منذ سيطرتها على
    named event                    يوم احتلال الموصل، حادثة سقوط الموصل
    presupposed by a time clause   هبطت الطائرة بعد تحرير المدينة (nobody does it); كانت القيادة رفضت … بعد سيطرة الجيش على
    lasting state                  سيطرت الحركة على القاعدة معظم الفترة
    dated by what it is joined to  سيطر التحالف على العاصمة، وأعلن … في العام الماضي
"""

from processors.frames import Frame
from processors.marks import COMMAS, PREPOSITIONS, Marks, choose
from processors.morphology import NOUN, PERFECT, Form
from processors.times import Told, dates, published_day, tells_history, told_after
from processors.words import listed, words

_EVENT_NOUNS = listed("يوم عشيه ليله حادثه حادث واقعه عام سنه زمن ايام تاريخ سبب اسباب قصه نكسه عيد نكبه ماساه")
_LASTING = listed("طوال طيله معظم")
_SPANS = listed("الفتره فتره المده الوقت الحرب السنوات الاشهر سنوات اشهر")
_FIGHT = frozenset(
    {"capture", "recapture", "enter", "advance", "clash", "withdraw", "surround", "expel", "settle", "success", "repel"}
)
"""Main verbs whose subject is meant as the subject of «بعد السيطرة على» too."""


def is_background(marks: Marks, frame: Frame, when: Told) -> bool:
    """The change that a frame tells is no news of the article. `when`: the time told for it (times.told)."""
    judgement = frame.judgement
    since = judgement.light == "temporal" and marks.plain(judgement.governor) == "منذ"
    if since and when.precision == 3:
        return True
    timed = judgement.light == "temporal" and (since or is_presupposed(marks, frame.at))
    if timed and (when.at < frame.at or any(marks.word(k) in COMMAS for k in range(frame.at, when.at))):
        # «هبطت أمس طائرة بعد تحرير المدينة»: the day is that of the main verb.
        when = Told()
    after = Told() if marks.is_finite(frame.at) else told_after(marks, frame.at)
    when = when if after.recent is None else after
    if when.recent is not None:
        return not when.recent
    if tells_history(marks) or judgement.pluperfect or judgement.relative or since:
        return True
    if judgement.light == "become" and frame.cls == "capture":
        return True
    return (
        said_before(marks, frame.at)
        or is_named_event(marks, frame.at)
        or _lasts(marks, frame)
        or _joined_to_old(marks, frame)
        or (judgement.light == "temporal" and (is_presupposed(marks, frame.at) or _main_is_pluperfect(marks, frame)))
    )


def said_before(marks: Marks, at: int) -> bool:
    """«سبق أن سيطر عليها», «سبق للجيش أن سيطر»."""
    if marks.plain(at - 1) != "ان":
        return False
    return any(marks.plain(k) == "سبق" for k in range(max(at - 6, 0), at - 1))


def is_named_event(marks: Marks, at: int) -> bool:
    """«يوم احتلال الموصل», «حادثة سقوط الموصل»: the verbal noun says which day or event is spoken of."""
    form = choose(marks, at)
    if form is None or form.pos != NOUN or form.prep or form.definite:
        return False
    before = marks.plain(at - 1)
    return (before if before in _EVENT_NOUNS else before.lstrip("بل")) in _EVENT_NOUNS


def is_presupposed(marks: Marks, at: int) -> bool:
    """«بعد تحرير المدينة» with nobody who does it, in a sentence that tells of no fighting: taken as known."""
    form = choose(marks, at)
    if form is None or form.pos != NOUN or form.suffix:
        return False
    after = marks.plain(at + 1)
    hit = marks.place_from.get(at + 1) or marks.place_at.get(at + 1)
    named = not hit and after not in PREPOSITIONS and after not in words("head") and after not in words("resolve")
    if (named and form.cls != "expel") or (marks.actor_at.get(at + 1) and form.cls != "expel"):
        return False
    return not any(form.cls in _FIGHT for form in _main_verb(marks, at))


def _main_verb(marks: Marks, at: int) -> tuple[Form, ...]:
    """The verb that a time clause at a token belongs to: the last one before it in its sentence, else the first behind it."""
    sentence = marks.sentence(at)
    for step in (*range(at - 1, sentence.first - 1, -1), *range(at + 1, sentence.last)):
        form = choose(marks, step)
        if form is not None and form.is_verb and form.cls not in ("was", "say"):
            return (form,)
    return ()


def _main_is_pluperfect(marks: Marks, frame: Frame) -> bool:
    """«وكانت القيادة رفضت …، بعد سيطرة الجيش على المدينة»: the sentence tells of earlier days."""
    first = marks.sentence(frame.at).first
    opens = [
        k
        for k in range(first, min(first + 3, frame.at))
        if any(form.cls == "was" and form.pos == PERFECT for form in marks.forms[k])
    ]
    if not opens:
        return False
    verb = next(
        (form for k in range(opens[0] + 1, frame.at) if (form := choose(marks, k)) is not None and form.is_verb), None
    )
    return verb is None or verb.pos == PERFECT


def _lasts(marks: Marks, frame: Frame) -> bool:
    """«سيطرت الحركة على القاعدة معظم الفترة», «طوال الحرب»: a state of the past."""
    last = min(marks.sentence(frame.at).last, frame.end + 25)
    return any(marks.word(k) in _LASTING and marks.word(k + 1) in _SPANS for k in range(frame.end, last))


def _joined_to_old(marks: Marks, frame: Frame) -> bool:
    """A verb joined to another with «و», in a sentence whose only dates lie far back.

    «سيطر التحالف على العاصمة، وأعلن … في العام الماضي», «وقعت في أغسطس 2014 معارك … وانتهت بإخراجهم من البلدة».
    """
    sentence = marks.sentence(frame.at)
    told = [one for one in dates(marks) if sentence.first <= one.at < sentence.last]
    if not told or published_day(marks.reading.published) is None or any(one.recent is not False for one in told):
        return False
    near = min(told, key=lambda one: abs(one.at - frame.at))
    low, high = sorted((near.at, frame.at))
    between = range(low + 1, high)
    relative = any(marks.plain(k) in words("relative") or marks.plain(k) in ("منذ", "بعد", "قبل") for k in between)
    joined = any(marks.joins(k) and marks.is_finite(k) for k in range(low + 1, high + 1))
    return joined and not relative
