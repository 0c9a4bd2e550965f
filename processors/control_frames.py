"""Layer 5: the frames of control in an article: each predicate of taking, losing or leaving with its places and sides."""

from collections.abc import Iterator
from dataclasses import replace

from processors.control_sides import sides, with_sides
from processors.frames import Frame
from processors.marks import Marks, choose
from processors.modality import Judgement, judge
from processors.morphology import NOUN, Form
from processors.objects import PHRASE_ENDS, Taken, meant_by, objects
from processors.phrases import phrase_frames
from processors.reading import ActorHit
from processors.register import is_metaphor
from processors.roles import left_subject, preposition_of, subject
from processors.words import listed, words

_TAKING = frozenset(
    {"capture", "recapture", "expel", "withdraw", "leave", "handover", "lose", "enter", "flee", "settle"}
)


_PRONOUNS = {"علي": ("عليها", "عليه"), "من": ("منها", "منه")}
_BESIDE = listed("قرب شمال جنوب شرق غرب محيط نحو ريف بريف محافظه بمحافظه")
_RELATIVE = frozenset({"التي", "الذي", "الذين"})


def control_frames(marks: Marks) -> Iterator[Frame]:
    """Every frame of control in order of the text, vetoed ones included."""
    last: Frame | None = None
    for at in range(len(marks.folded)):
        form = choose(marks, at) if marks.forms[at] else None
        found = [with_sides(marks, frame) for frame in phrase_frames(marks, at, form)]
        if form and form.cls in _TAKING:
            built = _frame(marks, at, form)
            found += [_continued(marks, built, last)] if built else []
        for frame in found:
            yield frame
            last = frame


def _continued(marks: Marks, frame: Frame, last: Frame | None) -> Frame:
    """«استعادوا السجن، كما سيطروا على القلعة»: a verb with no subject of its own goes on with the one before in its sentence."""
    if frame.to or frame.from_ or frame.sure or last is None or not last.to or frame.manner == "lost":
        return frame
    if marks.sentence_at[last.at] != marks.sentence_at[frame.at]:
        return frame
    return replace(frame, to=last.to, from_=last.from_)


def agreed(frames: list[Frame]) -> list[Frame]:
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
    sided = sides(marks, frame, form, doer)
    if sided is None or (not armed and judgement.veto != "metaphor"):
        return None
    return with_sides(marks, sided)


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
        if word in (prep, prep + "ما", *_PRONOUNS.get(prep, ())):
            if word in _PRONOUNS.get(prep, ()):
                return _pronoun_place(marks, at, form), step + 1
            found = objects(marks, step + 1, limit)
            return found, (found[-1].hit.last if found else step + 1)
    return [], at


def _pronoun_place(marks: Marks, at: int, form: Form) -> list[Taken]:
    """«اقتحموا البلدة وسيطروا عليها»: the object of the predicate that «و» joins this one to."""
    joined = form.conj or any(before.conj for before in marks.forms[at - 1])
    temporal = marks.plain(at - 1) == "ان" if form.is_verb else marks.plain(at - 1) in words("temporal")
    joined = joined or temporal
    if not joined or (form.is_verb and any(marks.word(k) in words("relative") for k in range(max(at - 3, 0), at))):
        return []
    for step in range(at - 1, max(at - 12, marks.sentence(at).first) - 1, -1):
        if marks.word(step) in words("relative") or marks.word(step) in (".", "؛"):
            return []
        meant = meant_by(marks, step)
        hit = meant or marks.place_at.get(step)
        if hit and not (hit.last <= step):
            begin = step if meant else min(hit.head_first, hit.first) if hit.head else hit.first
            before = marks.plain(begin - 1)
            if not meant and (before in _BESIDE or (before in ("في", "من") and not temporal)):
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
