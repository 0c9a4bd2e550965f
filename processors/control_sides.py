"""Layer 5: winner, loser and manner of a change of control, by the class of its predicate."""

from collections import Counter
from dataclasses import replace

from processors.frames import Frame
from processors.marks import Marks
from processors.morphology import Form
from processors.reading import ActorHit
from processors.roles import held_by, loser
from processors.theatre import side_meant
from processors.words import person, words

_GAINS = frozenset({"capture", "recapture", "expel", "settle", "fall", "under", "submit", "declared", "enter"})


_ALLIES = (
    {"SY-GOV", "RU", "HZB", "IR"}, {"SY-OPP", "TR", "NUSRA"}, {"SDF", "US-COAL"}, {"YE-GOV", "SA-COAL", "STC"},
    {"IQ-GOV", "PMF", "PESH", "IQ-TRIBES", "US-COAL"}, {"HAMAS", "PAL"},
)  # fmt: skip


_BACKERS = frozenset({"RU", "IR", "US-COAL", "SA-COAL"})
"""Sides that fight for others, from the air mostly."""


def sides(marks: Marks, frame: Frame, form: Form, doer: ActorHit | None) -> Frame | None:
    """The frame with `to`, `from_` and manner as its class gives them; None where it cannot be a change."""
    side = doer.side if doer and doer.role == "party" else None
    if doer is None:
        side = _side_meant(marks, frame, None)
    elif form.is_verb and doer.last <= frame.at - 2:
        # «أقر قائد في النظام بأن الجماعات المسلحة سيطرت»: the subject stands between the actor and the verb.
        side = _side_meant(marks, frame, [frame.at - 2]) or side
    cls, flips = frame.cls, frame.judgement.flips
    if cls in ("capture", "recapture", "settle") and not flips:
        manner = "recaptured" if cls == "recapture" or frame.judgement.recaptured else "captured"
        if cls == "settle" and not _after_advance(marks, frame.at):
            return None
        return replace(frame, to=side, manner=manner)
    if cls == "lose" or flips:
        return replace(frame, from_=side, to=_in_favour(marks, frame.end), manner="lost")
    if cls == "expel":
        return _expelled(marks, frame, form, side)
    if cls == "enter":
        veto = frame.judgement.veto or "ongoing"
        return replace(frame, to=side, judgement=replace(frame.judgement, veto=veto))
    if cls in ("withdraw", "leave", "flee"):
        return _left(marks, frame, side, doer)
    return _handed(marks, frame, form, side)


def _side_meant(marks: Marks, frame: Frame, near: list[int] | None) -> str | None:
    """The side of a subject that is only «الجيش» or «الفصائل»: behind the predicate or its governor, or at the clause's head.

    Args:
        near: tokens to look at instead.
    """
    if near is None:
        first, governor = marks.clause(frame.at).first, frame.judgement.governor
        near = [frame.at + 1, frame.at - 1, frame.at - 2, governor + 1]
        near += [frame.at + 2] if marks.word(frame.at + 1) in words("armed") else []
        near += [first, first + 1, governor + 2]
    country = Counter(place.ref.country for place in marks.reading.places if place.ref.country).most_common(1)
    where = country[0][0] if country else ""
    found = (
        side_meant(marks.actor_at.values(), where, marks.plain(step), marks.word(step + 1))
        for step in near
        if step not in marks.actor_at
    )
    return next((side for side in found if side), None)


def _after_advance(marks: Marks, at: int) -> bool:
    sentence = marks.sentence(at)
    return any(
        form.cls == "advance" or marks.word(k) in ("وصولا", "وصول", "وصلت")
        for k in range(sentence.first, at)
        for form in (marks.forms[k] or _NO_FORM)
    )


_NO_FORM: tuple[Form, ...] = ()


def _in_favour(marks: Marks, start: int) -> str | None:
    """«لصالح المقاومة», «لحساب», «بيد»."""
    for step in range(start, min(start + 12, len(marks.folded))):
        if marks.word(step) in ("لصالح", "لمصلحه", "لحساب", "بيد", "امام"):
            hit = next(marks.actors(step, min(step + 4, len(marks.folded))), None)
            return hit.side if hit else None
        if marks.word(step) in (".", "\n"):
            break
    return None


def _expelled(marks: Marks, frame: Frame, form: Form, side: str | None) -> Frame | None:
    """«طردت المقاومة الحوثيين من البلدة», «طرد داعش من البلدة»: who is driven out stands between."""
    first = frame.places[0].at
    between = [hit for hit in marks.actors(frame.at + 1, first) if hit.role == "party"]
    if form.is_verb and between and between[-1].side == side and len(between) == 1:
        between = [] if not form.passive else between
    victim = between[-1].side if between and between[-1].side != side else None
    to = side if form.is_verb or side != victim else None
    if not form.is_verb and between and between[0].side == side and len(between) == 1:
        victim, to = between[0].side, None
    begin = frame.at + (2 if form.is_verb and not form.suffix else 1)
    if victim is None and form.suffix not in ("هم", "ه", "ها") and not _fighters(marks, begin, first):
        return None
    manner = "captured"
    return replace(frame, to=to, from_=victim, manner=manner)


def _fighters(marks: Marks, first: int, last: int) -> bool:
    """An armed body is named in [first, last), and no civilians."""
    people = [who for k in range(first, last) if (who := person(marks.word(k))) is not None]
    if any(who.kind in ("civilian", "child", "woman") for who in people):
        return False
    return any(marks.plain(k) in words("armed") for k in range(first, last)) or any(
        who.kind == "combatant" for who in people
    )


def _left(marks: Marks, frame: Frame, side: str | None, doer: ActorHit | None) -> Frame | None:
    """Withdrawal: the holder must be armed; fighters that leave as part of a deal leave in stages."""
    if doer is None and not _armed_near(marks, frame.at):
        return None
    judgement = frame.judgement
    if frame.cls in ("leave", "flee") and not judgement.veto and not _all_of_them(marks, frame):
        judgement = replace(judgement, veto="ongoing")
    return replace(frame, from_=side, to=_in_favour(marks, frame.end), manner="withdrew", judgement=judgement)


def _armed_near(marks: Marks, at: int) -> bool:
    return any(marks.plain(k) in words("armed") for k in range(max(at - 3, 0), min(at + 4, len(marks.folded))))


def _all_of_them(marks: Marks, frame: Frame) -> bool:
    clause = marks.clause(frame.at)
    return any(
        marks.plain(k) in ("اخر", "جميع", "كافه", "بالكامل", "كامل", "نهاييا") for k in range(clause.first, clause.last)
    )


def _handed(marks: Marks, frame: Frame, form: Form, side: str | None) -> Frame | None:
    """«سلم الحوثيون المبنى إلى الحكومة»: the receiver stands behind «إلى» or «ل»."""
    to = None
    for hit in marks.actors(frame.places[0].hit.last, min(frame.places[-1].hit.last + 14, len(marks.folded))):
        if (
            marks.plain(hit.first - 1) == "الي"
            or marks.word(hit.first).startswith("لل")
            or marks.word(hit.first)[:1] == "ل"
        ):
            to = hit.side
            break
    if to is None and side is None:
        return None
    return replace(frame, from_=side if side != to else None, to=to, manner="handed_over")


def with_sides(marks: Marks, frame: Frame) -> Frame:
    """The frame with the sides that its sentence tells beside the subject, else the article's opponents.

    Who is named behind «من قبضة» or fought «مع» is the loser; a subject that was only guessed from the sentence before and is
    that same side gives way to its opponent.
    """
    if frame.cls not in _GAINS or frame.manner in ("withdrew", "lost"):
        return frame
    hit = loser(marks, frame.at, frame.end, frame.to) or _held_before(marks, frame)
    from_ = frame.from_ or (hit.side if hit else None)
    to = frame.to
    if from_ and (to == from_ or (to is None and not frame.sure)):
        to = clear_opponent(marks, from_)
    if to and not from_:
        from_ = opponent(marks, to)
    return replace(frame, to=to, from_=from_ if from_ != to else None)


def _held_before(marks: Marks, frame: Frame) -> ActorHit | None:
    """«انتزعوا من قوات التنظيم السيطرة على المعبر»: the loser stands before the place."""
    first = min(frame.at, frame.judgement.governor) if frame.judgement.governor >= 0 else frame.at
    if not frame.sure:
        first = marks.sentence(frame.at).first
    return next(
        (hit for hit in marks.actors(max(first, marks.sentence(frame.at).first), frame.end) if held_by(marks, hit)),
        None,
    )


def clear_opponent(marks: Marks, side: str) -> str | None:
    """The enemy of `side` that the article names most, if twice as often as any of another camp; None where several may be meant."""
    found = opponent(marks, side)
    if found is None:
        return None
    near = _friends(side) | _friends(found)
    counts = Counter(hit.side for hit in marks.reading.actors if hit.role == "party" and hit.side)
    if found in _BACKERS:
        # Whom they back takes places, they themselves only where it is told.
        local = {one: counts[one] for one in _friends(found) - _BACKERS if counts[one]}
        if not local:
            return None
        found = max(local, key=lambda one: local[one])
    return found if counts[found] >= 2 * max((counts[one] for one in counts if one not in near), default=0) else None


def _friends(side: str) -> set[str]:
    """The side with those that fight beside it."""
    return set().union(*(group for group in _ALLIES if side in group)) | {side}


def opponent(marks: Marks, side: str) -> str | None:
    """The side that the article names most among those that are no allies of `side`."""
    friends = _friends(side)
    counts: dict[str, int] = {}
    for hit in marks.reading.actors:
        if hit.role == "party" and hit.side and hit.side not in friends:
            counts[hit.side] = counts.get(hit.side, 0) + 1
    return max(counts, key=lambda key: counts[key]) if counts else None


# --- rows
