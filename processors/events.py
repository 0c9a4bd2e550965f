"""Layer 5 for events: what happened where, of the nine types of the guidelines.

A signal (event_signals.py) makes an event at each of its places (where.py) where the text asserts it as news: not planned, not denied,
not of past years, not a habit («يقصف بانتظام»), not asked.
"""

from processors.codes import event_codes
from processors.event_signals import Signal, signals
from processors.frames import left_subject, loser
from processors.marks import Marks, mark
from processors.modality import judge
from processors.morphology import IMPERFECT, NOUN
from processors.reading import PlaceHit, Reading
from processors.register import no_war
from processors.times import told
from processors.where import own_places, places_of
from rasid.messages import Event

_HABIT = frozenset("بانتظام عاده دوما دايما باستمرار يوميا نادرا".split())
_VOID = frozenset("لم لن دون بدون عدم سوف يجب اذا لو لوقف بوقف ضد حال".split())
_GOVERNING = frozenset({"demand", "possible", "deny", "plan"})


def find_events(reading: Reading, marks: Marks | None = None) -> tuple[Event, ...]:
    """One event a distinct type and place, in order of the text; evidence spans are code points into `reading.text`."""
    marks = marks or mark(reading)
    if no_war(marks):
        return ()
    events: list[Event] = []
    seen: set[tuple[str, str]] = set()
    for signal in signals(marks):
        if not _asserted(marks, signal):
            continue
        places = own_places(marks, signal.at) if signal.definite else places_of(marks, signal.at)
        if signal.definite and not places:
            continue
        for place in places or [None]:
            key = (signal.kind, place.ref.name if place else "")
            if key not in seen:
                seen.add(key)
                events.append(_event(marks, signal, place))
    return tuple(_without_placeless(events))


def _asserted(marks: Marks, signal: Signal) -> bool:
    """News, not a plan, a denial, a habit, a question or history."""
    at, form = signal.at, signal.form
    sentence, clause = marks.sentence(at), marks.clause(at)
    if marks.word(sentence.last - 1) in ("؟", "?"):
        return False
    for step in range(max(sentence.first, at - 5), at):
        if marks.plain(step) in _VOID:
            return False
        if any(
            governor.future or governor.cls in _GOVERNING
            for governor in marks.forms[step]
            if governor.lemma.word not in ("هدد", "نص")
        ):
            return False
    if form and (form.future or (form.prep == "ل" and form.pos == NOUN and signal.kind != "armed_clash")):
        return False
    if form and form.pos == IMPERFECT and marks.plain(at - 1) in ("ان", "كي", "قد"):
        return False
    if form and form.cls in ("enter", "advance") and judge(marks, at, form).veto not in ("", "ongoing"):
        return False
    if any(marks.plain(k) in _HABIT for k in range(clause.first, clause.last)):
        return False
    return told(marks, at).recent is not False or signal.kind == "siege"


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
