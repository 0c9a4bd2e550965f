"""Layer 5 to 8 for control: which named place changed hands, and what only looks like it.

For each predicate of taking, losing or leaving (control_frames.py): its places (objects.py), who does it and to whom (roles.py,
control_sides.py), what modality governs it (modality.py), who says it (sources.py) and when it happened (times.py). Only a change that
nothing vetoes, of a whole named place, by or from an armed body, is a ControlChange; what is vetoed becomes NotControl with the reason.
`explain` gives, for each predicate looked at, what was found and why it was kept or dropped.
"""

from collections.abc import Iterator

from processors.background import is_background
from processors.codes import control_codes
from processors.control_frames import agreed, control_frames
from processors.corrections import find_correction as find_correction
from processors.frames import Frame
from processors.marks import Marks, mark
from processors.objects import Taken
from processors.reading import Reading
from processors.register import no_war
from processors.sources import denier_of, source_of, status
from processors.times import published_day, told
from rasid.messages import ControlChange, NotControl, Span

MAX_NOT_CONTROL = 10
"""At most so many sentences that only look like a change, an article (guidelines)."""


def find_control(
    reading: Reading, marks: Marks | None = None
) -> tuple[tuple[ControlChange, ...], tuple[NotControl, ...]]:
    """The changes of control that an article asserts, and the statements that only look like one.

    Evidence spans are code points into `reading.text`. Several changes at one place keep the order of the text.
    """
    marks = marks or mark(reading)
    if no_war(marks):
        return (), ()
    changes: list[ControlChange] = []
    others: list[NotControl] = []
    for frame in agreed(list(control_frames(marks))):
        for taken in frame.places:
            if frame.judgement.veto or not taken.whole:
                others.append(_not_control(marks, frame, taken))
            else:
                changes.append(_change(marks, frame, taken))
    return tuple(_distinct(changes)), tuple(_spread(others))[:MAX_NOT_CONTROL]


def explain(reading: Reading) -> list[dict[str, object]]:
    """One row a predicate of control: sentence number, word, roles, veto. What `rasid extract --why` prints."""
    marks = mark(reading)
    rows: list[dict[str, object]] = [_explained(marks, frame) for frame in control_frames(marks)]
    if no_war(marks):
        rows.append({"veto": "the article is about sport, markets, elections or nature"})
    return rows


# --- frames


def _explained(marks: Marks, frame: Frame) -> dict[str, object]:
    governor = frame.judgement.governor
    tokens = marks.reading.tokens
    return {
        "sentence": marks.sentence_at[frame.at],
        "word": tokens[frame.at].text,
        "class": frame.cls,
        "places": [taken.hit.ref.name + ("" if taken.whole else " (in part)") for taken in frame.places],
        "to": frame.to,
        "from": frame.from_,
        "veto": frame.judgement.veto,
        "governor": tokens[governor].text if governor >= 0 else "",
        "light": frame.judgement.light,
    }


def _evidence(marks: Marks, frame: Frame, taken: Taken) -> Span:
    tokens = marks.reading.tokens
    begin = min(frame.begin if frame.begin >= 0 else frame.at, taken.at, frame.at)
    clause = marks.clause(begin)
    start = tokens[max(clause.first, begin - 12)].start
    end = tokens[
        max(frame.at, taken.at if taken.at >= frame.at else frame.at, taken.hit.last - 1 if taken.at >= frame.at else 0)
    ].end
    if end - start > 200:
        start = tokens[begin].start
    return marks.reading.span(start, end)


def _change(marks: Marks, frame: Frame, taken: Taken) -> ControlChange:
    source, when = source_of(marks, frame.at), told(marks, frame.at)
    hedged = frame.judgement.light in ("claim_noun", "rumour") or _claims_itself(marks, frame)
    acled, plover = control_codes(frame.to, frame.manner, taken.hit.ref.country)
    today = published_day(marks.reading.published)
    return ControlChange(
        place=taken.hit.ref,
        to=frame.to,
        from_=frame.from_,
        manner=frame.manner,
        status=status(source, frame.to, hedged),
        when="background" if is_background(marks, frame, when) else "recent",
        date=when.day or (today.isoformat() if today else ""),
        time_precision=when.precision,
        source=source.text,
        source_side=source.side,
        acled=acled,
        plover=plover,
        evidence=_evidence(marks, frame, taken),
    )


def _claims_itself(marks: Marks, frame: Frame) -> bool:
    """«أعلن الجيش سيطرته على»: the winner says so."""
    return frame.judgement.light == "say" and frame.to is not None


def _not_control(marks: Marks, frame: Frame, taken: Taken) -> NotControl:
    why = frame.judgement.veto or "ongoing"
    source = source_of(marks, frame.at)
    side = frame.to or frame.from_
    if why == "denied":
        source = denier_of(marks, frame.at) or source
        # Of a denial it is the side that still holds the place, which only «لا تزال تحت سيطرة» and the one who denies tell.
        side = frame.to if frame.cls == "under" else source.side
    return NotControl(
        place=taken.hit.ref,
        why=why,
        side=side,
        source_side=source.side,
        evidence=_evidence(marks, frame, taken),
    )


def _distinct(changes: list[ControlChange]) -> Iterator[ControlChange]:
    """One entry a place and winner: the same change told again adds nothing."""
    seen: set[tuple[str, str | None]] = set()
    for change in changes:
        key = (change.place.place_id or change.place.name, change.to)
        if key not in seen:
            seen.add(key)
            yield change


def _spread(rows: list[NotControl]) -> Iterator[NotControl]:
    seen: set[tuple[str, str]] = set()
    for row in rows:
        key = (row.place.name, row.why)
        if key not in seen:
            seen.add(key)
            yield row
