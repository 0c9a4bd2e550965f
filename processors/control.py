"""Layer 5 to 8 for control: which named place changed hands, and what only looks like it.

For each predicate of taking, losing or leaving: its places (frames.py), who does it and to whom, what modality governs it
(modality.py), who says it (sources.py) and when it happened (times.py). Only a change that nothing vetoes, of a whole named
place, by or from an armed body, is a ControlChange; what is vetoed becomes NotControl with the reason.
`explain` gives, for each predicate looked at, what was found and why it was kept or dropped.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from processors.codes import control_codes
from processors.corrections import find_correction as find_correction
from processors.frames import (
    PHRASE_ENDS,
    Taken,
    held_by,
    left_subject,
    loser,
    meant_by,
    objects,
    preposition_of,
    subject,
)
from processors.marks import Marks, choose, mark, side_meant
from processors.modality import Judgement, judge
from processors.morphology import IMPERFECT, NOUN, PARTICIPLE, Form
from processors.phrases import phrase_frames
from processors.reading import ActorHit, Reading
from processors.register import is_metaphor, no_war
from processors.sources import Source, source_of, status
from processors.times import Told, published_day, tells_history, told
from processors.words import person, words
from rasid.messages import ControlChange, NotControl, Span

MAX_NOT_CONTROL = 10
"""At most so many sentences that only look like a change, an article (guidelines)."""
_TAKING = frozenset(
    {"capture", "recapture", "expel", "withdraw", "leave", "handover", "lose", "enter", "flee", "settle"}
)
_RELATIVE = frozenset({"التي", "الذي", "الذين"})
_GAINS = frozenset({"capture", "recapture", "expel", "settle", "fall", "under", "submit", "declared", "enter"})
_ALLIES = (
    {"SY-GOV", "RU", "HZB", "IR"}, {"SY-OPP", "TR", "NUSRA"}, {"SDF", "US-COAL"}, {"YE-GOV", "SA-COAL", "STC"},
    {"IQ-GOV", "PMF", "PESH", "IQ-TRIBES", "US-COAL"}, {"HAMAS", "PAL"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """A predicate with its roles.

    Attributes:
        at: token of the predicate.
        verb: its lemma, folded; `cls` its class.
        places: what it takes.
        to, from_: the sides.
        armed: the subject is an armed body or left open; False for «الحزن», «الحريق».
        judgement: what modality says.
        manner: as ControlChange.manner.
        begin, end: token where the phrase begins, -1 for the predicate; token after it.
        sure: the subject stands in the predicate's own sentence.
    """

    at: int
    verb: str
    cls: str
    places: tuple[Taken, ...]
    to: str | None = None
    from_: str | None = None
    armed: bool = True
    judgement: Judgement = field(default_factory=Judgement)
    manner: str = "captured"
    begin: int = -1
    end: int = 0
    sure: bool = True


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
    for frame in _agreed(list(_frames(marks))):
        for taken in frame.places:
            if frame.judgement.veto or not taken.whole:
                others.append(_not_control(marks, frame, taken))
            else:
                changes.append(_change(marks, frame, taken))
    return tuple(_distinct(changes)), tuple(_spread(others))[:MAX_NOT_CONTROL]


def explain(reading: Reading) -> list[dict[str, object]]:
    """One row a predicate of control: sentence number, word, roles, veto. What `rasid extract --why` prints."""
    marks = mark(reading)
    rows: list[dict[str, object]] = []
    for frame in _frames(marks):
        rows.append(
            {
                "sentence": marks.sentence_at[frame.at],
                "word": reading.tokens[frame.at].text,
                "class": frame.cls,
                "places": [taken.hit.ref.name + ("" if taken.whole else " (in part)") for taken in frame.places],
                "to": frame.to,
                "from": frame.from_,
                "veto": frame.judgement.veto,
                "governor": reading.tokens[frame.judgement.governor].text if frame.judgement.governor >= 0 else "",
                "light": frame.judgement.light,
            }
        )
    if no_war(marks):
        rows.append({"veto": "the article is about sport, markets, elections or nature"})
    return rows


# --- frames


def _frames(marks: Marks) -> Iterator[Frame]:
    for at in range(len(marks.folded)):
        form = choose(marks, at) if marks.forms[at] else None
        for frame in phrase_frames(marks, at, form):
            yield _with_sides(marks, Frame(**frame))
        if form and form.cls in _TAKING:
            built = _frame(marks, at, form)
            if built:
                yield built


def _agreed(frames: list[Frame]) -> list[Frame]:
    """A winner that was only guessed gives way to the one that the article names for the same place."""
    told_for: dict[str, Frame] = {}
    for frame in frames:
        if frame.sure and frame.to and not frame.judgement.veto:
            for taken in frame.places:
                told_for[taken.hit.ref.place_id or taken.hit.ref.name] = frame
    out: list[Frame] = []
    for frame in frames:
        named = told_for.get(frame.places[0].hit.ref.place_id or frame.places[0].hit.ref.name)
        if named and not frame.sure and frame.to != named.to and frame.manner == named.manner:
            frame = replace(frame, to=named.to, from_=named.from_)
        out.append(frame)
    return out


def _frame(marks: Marks, at: int, form: Form) -> Frame | None:
    places, end = _places(marks, at, form)
    if not places:
        return None
    judgement = judge(marks, at, form)
    doer, armed = _doer(marks, at, form, judgement)
    if doer is None and form.is_verb and form.lemma.place == "0" and not _armed_around(marks, at):
        return None
    if not judgement.veto and any(
        marks.word(k).startswith(("الناري", "نيران")) for k in range(at + 1, min(at + 5, places[0].at))
    ):
        # Fire control is none (guidelines).
        judgement = replace(judgement, veto="ongoing")
    if is_metaphor(marks, at, doer, armed):
        judgement, armed = replace(judgement, veto="metaphor"), False
    frame = Frame(at, form.lemma.word, form.cls, tuple(places), judgement=judgement, armed=armed, end=end)
    frame = replace(frame, sure=_is_sure(marks, at, form, doer))
    frame = _sides(marks, frame, form, doer)
    if frame is None or (not armed and judgement.veto != "metaphor"):
        return None
    return _with_sides(marks, frame)


def _is_sure(marks: Marks, at: int, form: Form, doer: ActorHit | None) -> bool:
    """The subject stands in the predicate's sentence, or is an armed body of no known side («سيطرت ميليشيات على»)."""
    if doer is None:
        return form.is_verb and marks.word(at + 1) in words("armed") and not marks.word(at + 1).startswith("ال")
    return marks.sentence_at[doer.first] == marks.sentence_at[at]


def _armed_around(marks: Marks, at: int) -> bool:
    """«استعادت مدينة حلب رونقها»: a transitive verb without an armed subject takes no place."""
    return any(
        marks.plain(k) in words("armed")
        for k in range(max(at - 8, marks.sentence(at).first), min(at + 4, len(marks.folded)))
    )


def _places(marks: Marks, at: int, form: Form) -> tuple[list[Taken], int]:
    """The places that the predicate takes, and the token after the phrase."""
    limit = min(marks.sentence(at).last, at + 60)
    prep = form.lemma.place
    if marks.plain(at - 1) in ("تحت", "خارج", "مناطق", "لسيطره", "مناطق"):
        return [], at
    if form.suffix and form.is_verb and prep == "0":
        return [], at
    if prep == "0":
        found = objects(marks, at + 1, limit, direct=True) if not _takes_control_noun(marks, at, limit) else []
        return found, (found[-1].hit.last if found else at + 1)
    for step in range(at + 1, min(at + 16, limit)):
        word = marks.word(step)
        if (
            (step > at + 1 and marks.is_finite(step))
            or word in (".", "\n")
            or (marks.plain(step) in PHRASE_ENDS and marks.plain(step) not in _RELATIVE)
        ):
            break
        if word in (prep, prep + "ما") or (prep == "علي" and word in ("عليها", "عليه")):
            if word in ("عليها", "عليه"):
                return _pronoun_place(marks, at, form), step + 1
            found = objects(marks, step + 1, limit)
            return found, (found[-1].hit.last if found else step + 1)
    return [], at


def _pronoun_place(marks: Marks, at: int, form: Form) -> list[Taken]:
    """«اقتحموا البلدة وسيطروا عليها»: the object of the predicate that «و» joins this one to."""
    if not form.conj or (form.is_verb and any(marks.word(k) in words("relative") for k in range(max(at - 3, 0), at))):
        return []
    for step in range(at - 1, max(at - 12, marks.sentence(at).first) - 1, -1):
        if marks.word(step) in words("relative") or marks.word(step) in (".", "؛"):
            return []
        meant = meant_by(marks, step)
        hit = meant or marks.place_at.get(step)
        if hit and not (hit.last <= step):
            begin = step if meant else min(hit.head_first, hit.first) if hit.head else hit.first
            if not meant and marks.plain(begin - 1) in ("في", "من", "قرب", "شمال", "جنوب", "شرق", "غرب", "محيط", "نحو"):
                continue
            return [Taken(hit, True, begin)]
        if meant:
            return [Taken(meant, True, step)]
    return []


def _takes_control_noun(marks: Marks, at: int, limit: int) -> bool:
    """«استعاد السيطرة على»: the place belongs to the noun, which has a frame of its own."""
    for step in range(at + 1, min(at + 10, limit)):
        if any(form.cls == "capture" and form.pos == NOUN for form in marks.forms[step]):
            return True
        if marks.place_from.get(step) and not marks.actor_at.get(step):
            return False
    return False


def _doer(marks: Marks, at: int, form: Form, judgement: Judgement) -> tuple[ActorHit | None, bool]:
    """Who does it: subject of the verb, genitive of the noun, or subject of the governor."""
    sentence = marks.sentence(at)
    left = _left_limit(marks, at)
    if form.is_verb:
        return subject(marks, at, left)
    if form.cls in ("withdraw", "leave", "flee") and not form.suffix:
        genitive = next(marks.actors(at + 1, min(at + 4, len(marks.folded))), None)
        armed = any(marks.word(k) in words("armed") for k in range(at + 1, min(at + 3, len(marks.folded))))
        return (
            (genitive, genitive.role == "party") if genitive and not preposition_of(marks, genitive) else (None, armed)
        )
    if not form.suffix and not form.definite and marks.word(at + 1) in words("armed") and form.cls != "expel":
        inner = next((hit for hit in marks.actors(at + 1, min(at + 4, len(marks.folded))) if hit.role == "party"), None)
        return inner, True
    if not form.suffix and not form.definite:
        genitive = marks.actor_at.get(at + 1)
        if genitive and form.cls not in ("expel", "recapture"):
            return genitive, genitive.role == "party"
        if marks.word(at + 1) in words("nature"):
            return None, False
        if genitive and form.cls == "recapture":
            return genitive, True
    if judgement.governor >= sentence.first and judgement.light not in ("temporal", "occasion", "claim_noun"):
        governor = choose(marks, judgement.governor)
        if governor and governor.is_verb and governor.cls != "done" and governor.cls != "result":
            doer, armed = subject(marks, judgement.governor, left)
            if doer and doer.role == "party":
                return doer, True
            between = next(
                (
                    hit
                    for hit in marks.actors(judgement.governor + 1, at)
                    if hit.role == "party" and not preposition_of(marks, hit)
                ),
                None,
            )
            return (
                (between, True)
                if between
                else (doer if doer and doer.role == "party" else left_subject(marks, judgement.governor, left), True)
            )
        between = next(
            (
                hit
                for hit in marks.actors(judgement.governor + 1, at)
                if hit.role == "party" and not preposition_of(marks, hit)
            ),
            None,
        )
        if between and governor and governor.cls not in ("done", "result"):
            return between, True
    return left_subject(marks, at, left), True


def _left_limit(marks: Marks, at: int) -> int:
    """Subjects are looked for in the sentence and, where it has none, in the one before."""
    number = marks.sentence_at[at]
    sentence = marks.sentence(at)
    if any(hit.role == "party" for hit in marks.actors(sentence.first, at)):
        return sentence.first
    return marks.reading.sentences[number - 1].first if number else sentence.first


def _sides(marks: Marks, frame: Frame, form: Form, doer: ActorHit | None) -> Frame | None:
    """The frame with `to`, `from_` and manner as its class gives them; None where it cannot be a change."""
    side = doer.side if doer and doer.role == "party" else None
    if doer is None:
        side = next(
            (
                meant
                for k in (frame.at + 1, frame.at - 1, frame.judgement.governor + 1)
                if (meant := side_meant(marks, k))
            ),
            None,
        )
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


def _with_sides(marks: Marks, frame: Frame) -> Frame:
    """The frame with the sides that its sentence tells beside the subject, else the article's opponents.

    Who is named behind «من قبضة» or fought «مع» is the loser; a subject that was only guessed from the sentence before and is
    that same side gives way to its opponent.
    """
    if frame.cls not in _GAINS or frame.manner in ("withdrew", "lost"):
        return frame
    hit = loser(marks, frame.at, frame.end, frame.to)
    from_ = frame.from_ or (hit.side if hit else None)
    to = frame.to
    if from_ and (to == from_ or (to is None and not frame.sure)):
        to = opponent(marks, from_)
    if to and not from_:
        from_ = opponent(marks, to)
    return replace(frame, to=to, from_=from_ if from_ != to else None)


def opponent(marks: Marks, side: str) -> str | None:
    """The side that the article names most among those that are no allies of `side`."""
    friends = set().union(*(group for group in _ALLIES if side in group)) | {side}
    counts: dict[str, int] = {}
    for hit in marks.reading.actors:
        if hit.role == "party" and hit.side and hit.side not in friends:
            counts[hit.side] = counts.get(hit.side, 0) + 1
    return max(counts, key=lambda key: counts[key]) if counts else None


# --- rows


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
        when=_when(marks, frame, when),
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


def _when(marks: Marks, frame: Frame, when: Told) -> str:
    """recent or background: dates first, then pluperfect and relative clauses, which tell how things came to be."""
    if when.recent is not None:
        return "recent" if when.recent else "background"
    judgement = frame.judgement
    if tells_history(marks):
        return "background"
    if judgement.pluperfect or judgement.relative or judgement.light == "become" and frame.cls == "capture":
        return "background"
    if judgement.light == "temporal" and marks.plain(judgement.governor) == "منذ":
        return "background"
    return "recent"


def _not_control(marks: Marks, frame: Frame, taken: Taken) -> NotControl:
    source: Source = source_of(marks, frame.at)
    why = frame.judgement.veto or "ongoing"
    return NotControl(
        place=taken.hit.ref,
        why=why,
        side=frame.to or frame.from_,
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


__all__ = ["IMPERFECT", "PARTICIPLE", "Frame", "explain", "find_control", "find_correction"]
