"""Layer 5 for events: what happened where, of the nine types of the guidelines.

An event word («غارات», «اشتباكات», «انفجار») or verb («قصف», «حاصر», «خطف») makes an event at each of its places (where.py) where the
text asserts it as news: not planned, not denied, not of past years, not a habit («يقصف بانتظام»).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from processors.causes import event_word
from processors.codes import event_codes
from processors.frames import left_subject, loser
from processors.marks import Marks, choose, mark
from processors.morphology import IMPERFECT, NOUN, PARTICIPLE, Form
from processors.reading import PlaceHit, Reading
from processors.register import no_war
from processors.times import told
from processors.where import places_of
from processors.words import words
from rasid.messages import Event

_VERBS = {
    "strike": "shelling", "explode": "bombing", "clash": "armed_clash", "execute": "killing", "abduct": "abduction",
    "surround": "siege", "protest": "protest", "repel": "armed_clash", "enter": "armed_clash", "advance": "armed_clash",
}  # fmt: skip
_TRUCE_ACTS = frozenset(
    "التوصل توصل توصلت اعلان اعلن اعلنت دخل دخلت بدء بدا بدات سريان ابرام ابرم ابرمت توقيع وقع وقعت اتفقت اتفق موافقه".split()
)
_HABIT = frozenset("بانتظام عاده دوما دايما باستمرار يوميا".split())


@dataclass(frozen=True, slots=True)
class Seen:
    """An event word with its type and token; `verb` where it is a predicate."""

    at: int
    kind: str
    form: Form | None = None


def find_events(reading: Reading, marks: Marks | None = None) -> tuple[Event, ...]:
    """One event a distinct type and place, in order of the text; evidence spans are code points into `reading.text`."""
    marks = marks or mark(reading)
    if no_war(marks):
        return ()
    events: list[Event] = []
    seen: set[tuple[str, str]] = set()
    for found in _seen(marks):
        if not _asserted(marks, found):
            continue
        places = _places(marks, found)
        for place in places or [None]:
            key = (found.kind, place.ref.name if place else "")
            if key in seen:
                continue
            seen.add(key)
            events.append(_event(marks, found, place))
    return tuple(_without_placeless(events))


def _seen(marks: Marks) -> Iterator[Seen]:
    """The event words of an article; a means («طائرات») turns the bombardment beside it into an air strike."""
    at = 0
    while at < len(marks.folded):
        if marks.actor_at.get(at) or marks.place_at.get(at):
            at += 1
            continue
        word = event_word(marks, at)
        if word and word[1] == "act":
            kind = _refined(marks, at, word[0], word[2])
            if kind:
                yield Seen(at, kind, choose(marks, at))
            at = word[2]
            continue
        form = choose(marks, at)
        if form and form.cls in _VERBS:
            yield from _by_verb(marks, at, form)
        at += 1


def _refined(marks: Marks, at: int, kind: str, last: int) -> str:
    """The type of an event word once its neighbours are seen; "" where it tells of no event."""
    if kind == "truce":
        near = range(max(at - 8, 0), min(last + 6, len(marks.folded)))
        return "truce" if any(marks.plain(k) in _TRUCE_ACTS for k in near) else ""
    if kind == "shelling":
        return "air_strike" if _means(marks, at, last, "air_strike", 4) else kind
    if kind == "armed_clash" and marks.plain(at) in ("هجوم", "هجوما", "الهجوم", "هجمات", "الهجمات"):
        if _means(marks, at, last, "bombing", 3):
            return "bombing"
        if _means(marks, at, last, "air_strike", 2):
            return "air_strike"
    return kind


def _means(marks: Marks, at: int, last: int, wanted: str, reach: int) -> bool:
    sentence = marks.sentence(at)
    near = range(max(sentence.first, at - reach), min(sentence.last, last + reach))
    return any((word := event_word(marks, k)) is not None and word[0] == wanted for k in near)


def _by_verb(marks: Marks, at: int, form: Form) -> Iterator[Seen]:
    kind = _VERBS[form.cls]
    if form.pos == PARTICIPLE:
        return
    if form.cls == "strike":
        yield from _strikes(marks, at, form)
    elif form.cls in ("enter", "advance"):
        if form.lemma.word in ("اقتحم", "تقدم", "توغل") and not form.prep:
            yield Seen(at, kind, form)
    elif form.cls == "repel":
        if form.lemma.word in ("صد", "تصدي", "افشل", "احبط"):
            yield Seen(at, kind, form)
    elif form.cls == "explode":
        yield Seen(at, kind, form)
    else:
        yield Seen(at, kind, form)


def _strikes(marks: Marks, at: int, form: Form) -> Iterator[Seen]:
    """«قصف»: shelling, by planes an air strike, by both both; «استهدف» needs a means."""
    clause = marks.clause(at)
    near = range(max(clause.first, at - 8), min(clause.last, at + 14))
    kinds = {word[0] for k in near if (word := event_word(marks, k)) is not None}
    if "air_strike" in kinds:
        yield Seen(at, "air_strike", form)
        if any(marks.plain(k) in ("مدفعي", "ومدفعي", "المدفعي", "صاروخي", "الصاروخي", "قذايف", "مدفعيه") for k in near):
            yield Seen(at, "shelling", form)
    elif "shelling" in kinds:
        yield Seen(at, "shelling", form)
    elif "bombing" in kinds:
        yield Seen(at, "bombing", form)
    elif form.lemma.word in ("قصف", "دك"):
        yield Seen(at, "shelling", form)
    elif form.is_verb and any(hit.role == "party" for hit in marks.actors(at + 1, clause.last)):
        yield Seen(at, "armed_clash", form)


def _asserted(marks: Marks, found: Seen) -> bool:
    """News, not a plan, a denial, a habit or history."""
    at = found.at
    clause = marks.clause(at)
    for step in range(max(clause.first, at - 5), at):
        word = marks.plain(step)
        if word in ("لم", "لن", "دون", "بدون", "عدم", "سوف", "يجب", "اذا", "لو", "لوقف", "بوقف", "ضد"):
            return False
        forms = marks.forms[step]
        if any(
            form.future
            or (form.cls in ("demand", "possible", "deny", "plan") and form.lemma.word not in ("هدد", "استهدف", "نص"))
            for form in forms
        ):
            return False
    form = found.form
    if form and (form.future or (form.prep == "ل" and found.kind not in ("armed_clash",))):
        return False
    if form and form.pos == IMPERFECT and marks.plain(at - 1) in ("ان", "كي", "قد"):
        return False
    if any(marks.plain(k) in _HABIT for k in range(clause.first, clause.last)):
        return False
    when = told(marks, at)
    return when.recent is not False or found.kind == "siege"


def _places(marks: Marks, found: Seen) -> list[PlaceHit]:
    return places_of(marks, found.at)


def _event(marks: Marks, found: Seen, place: PlaceHit | None) -> Event:
    clause, tokens = marks.clause(found.at), marks.reading.tokens
    actor = next(
        (hit for hit in marks.actors(found.at + 1, clause.last) if hit.role == "party" and hit.first - found.at <= 3),
        None,
    )
    actor = actor or left_subject(marks, found.at, marks.sentence(found.at).first)
    side = actor.side if actor else None
    target = loser(marks, found.at, found.at + 1, side)
    acled, plover = event_codes(
        found.kind, any(marks.plain(k).startswith("انتحاري") for k in range(clause.first, clause.last))
    )
    start = tokens[max(clause.first, found.at - 8)].start
    return Event(
        type=found.kind,
        place=place.ref if place else None,
        actor=side,
        target=target.side if target else None,
        date=told(marks, found.at).day,
        acled=acled,
        plover=plover,
        evidence=marks.reading.span(start, max(tokens[found.at].end, tokens[min(clause.last - 1, found.at + 14)].end)),
    )


def _without_placeless(events: list[Event]) -> list[Event]:
    """An event without a place says nothing where the same type has one."""
    placed = {event.type for event in events if event.place}
    return [event for event in events if event.place or event.type not in placed]


__all__ = ["NOUN", "find_events", "words"]
