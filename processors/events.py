"""Layer 5 for events: what happened where, of the nine types of the guidelines.

A signal (event_signals.py) makes an event at each of its places (where.py) where the text asserts it as news: not planned, not denied,
not of past years, not a habit («يقصف بانتظام»), not asked.
"""

from dataclasses import replace
from datetime import date

from processors.codes import event_codes
from processors.event_signals import Signal, kinds_near, signals
from processors.marks import Marks, mark
from processors.modality import judge
from processors.morphology import IMPERFECT, NOUN
from processors.reading import PlaceHit, Reading
from processors.register import no_war
from processors.roles import left_subject, loser
from processors.times import published_day, tells_history, told
from processors.where import own_places, places_of
from processors.words import listed
from rasid.messages import Event

_HABIT = listed("بانتظام عاده دوما دايما باستمرار يوميا نادرا")
_NEWS_DAYS = 31
"""How far back an event may lie that an article tells as its news (guidelines: the last weeks)."""
_VOID = listed("لم لن دون بدون عدم سوف يجب اذا لو لوقف بوقف ضد حال")
_GOVERNING = frozenset({"demand", "possible", "deny", "plan"})


def find_events(reading: Reading, marks: Marks | None = None) -> tuple[Event, ...]:
    """One event a distinct type and place, in order of the text; evidence spans are code points into `reading.text`."""
    marks = marks or mark(reading)
    if no_war(marks):
        return ()
    events: list[Event] = []
    seen: set[tuple[str, str]] = set()
    strike = ""
    for signal in signals(marks):
        if not _asserted(marks, signal):
            continue
        if signal.kind in ("air_strike", "shelling"):
            if (
                signal.definite
                and strike == "air_strike"
                and signal.kind == "shelling"
                and _means_untold(marks, signal)
            ):
                # «القصف» goes on with the strikes told before.
                signal = replace(signal, kind=strike)
            strike = signal.kind
        verb = signal.form is not None and signal.form.is_verb
        places = own_places(marks, signal.at) if signal.definite else places_of(marks, signal.at, ahead=verb)
        if signal.definite and not places:
            continue
        found: list[PlaceHit | None] = [*places] if places else [None]
        for place in found:
            key = (signal.kind, place.ref.name if place else "")
            if key not in seen:
                seen.add(key)
                events.append(_event(marks, signal, place))
    return tuple(_without_placeless(events))


def _means_untold(marks: Marks, signal: Signal) -> bool:
    return "shelling" not in kinds_near(marks, signal.at, 3, 6)


def _asserted(marks: Marks, signal: Signal) -> bool:
    """News, not a plan, a denial, a habit, a question or history."""
    at, form = signal.at, signal.form
    sentence, clause = marks.sentence(at), marks.clause(at)
    if marks.word(sentence.last - 1) in ("؟", "?"):
        return False
    for step in range(max(sentence.first, at - 5), at):
        if marks.plain(step) in _VOID:
            return False
        if signal.kind not in ("armed_clash", "truce", "protest") and any(
            one.cls == "attempt" for one in marks.forms[step]
        ):
            return False
        if any(
            governor.future or governor.cls in _GOVERNING
            for governor in marks.forms[step]
            if governor.lemma.word not in ("هدد", "نص")
        ):
            return False
    suffered = any(
        governor.lemma.word in ("خضع", "تعرض")
        for k in range(max(at - 14, sentence.first), at)
        for governor in marks.forms[k]
    )
    if form and (form.future or (form.prep == "ل" and form.pos == NOUN and not suffered)):
        return False
    if form and form.pos == IMPERFECT and marks.plain(at - 1) in ("ان", "كي", "قد"):
        return False
    if form and form.cls in ("enter", "advance") and judge(marks, at, form).veto not in ("", "ongoing"):
        return False
    if any(marks.plain(k) in _HABIT for k in range(clause.first, clause.last)):
        return False
    return signal.kind == "siege" or not _of_the_past(marks, at)


def _of_the_past(marks: Marks, at: int) -> bool:
    """More than a month ago, or in an article that tells of past years and gives no newer day here."""
    when = told(marks, at)
    today = published_day(marks.reading.published)
    if when.recent is False:
        return not (when.day and today and (today - date.fromisoformat(when.day)).days <= _NEWS_DAYS)
    return when.recent is None and tells_history(marks)


def _event(marks: Marks, signal: Signal, place: PlaceHit | None) -> Event:
    clause, tokens = marks.clause(signal.at), marks.reading.tokens
    near = (
        hit for hit in marks.actors(signal.at + 1, clause.last) if hit.role == "party" and hit.first - signal.at <= 3
    )
    actor = next(near, None) or left_subject(marks, signal.at, marks.sentence(signal.at).first)
    side = actor.side if actor else None
    target = loser(marks, signal.at, signal.at + 1, side)
    suicide = any(marks.plain(k).startswith("انتحاري") for k in range(clause.first, clause.last))
    acled, plover = event_codes(signal.kind, suicide)
    start = tokens[max(clause.first, signal.at - 8)].start
    return Event(
        type=signal.kind,
        place=place.ref if place else None,
        actor=side,
        target=target.side if target else None,
        date=told(marks, signal.at).day,
        acled=acled,
        plover=plover,
        evidence=marks.reading.span(
            start, max(tokens[signal.at].end, tokens[min(clause.last - 1, signal.at + 14)].end)
        ),
    )


def _without_placeless(events: list[Event]) -> list[Event]:
    """An event without a place says nothing where the same type has one."""
    placed = {event.type for event in events if event.place}
    return [event for event in events if event.place or event.type not in placed]
