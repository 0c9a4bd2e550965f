"""Layer 5: the frames of control in an article: each predicate of taking, losing or leaving with its places and sides."""

from collections.abc import Iterator
from dataclasses import replace

from processors.background import is_presupposed
from processors.control_sides import sides, with_sides
from processors.frames import Frame
from processors.marks import QUOTES, Marks, choose
from processors.modality import Judgement, judge
from processors.morphology import NOUN, Form
from processors.objects import PHRASE_ENDS, Taken, meant_by, objects
from processors.phrases import phrase_frames
from processors.reading import ActorHit
from processors.register import is_metaphor
from processors.roles import has_own_subject, left_subject, preposition_of, subject
from processors.words import listed, words

_TAKING = frozenset(
    {"capture", "recapture", "expel", "withdraw", "leave", "handover", "lose", "enter", "flee", "settle"}
)


_PRONOUNS = {"علي": ("عليها", "عليه"), "من": ("منها", "منه")}
_BESIDE = listed("قرب شمال جنوب شرق غرب محيط نحو ريف بريف محافظه بمحافظه")
_TOWARDS = listed("الي نحو باتجاه صوب")
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


_TAKEN = {"captured", "recaptured"}


def agreed(frames: list[Frame]) -> list[Frame]:
    """A winner that was only guessed gives way to the one that the article names for the same place."""
    told_for: dict[str, Frame] = {}
    for frame in frames:
        if frame.sure and frame.to and not frame.judgement.veto:
            for taken in (one for one in frame.places if one.whole):
                told_for[taken.hit.ref.place_id or taken.hit.ref.name] = frame
    gains = (frame for frame in frames if frame.sure and frame.to and not frame.judgement.veto)
    winners = {(frame.to, frame.from_) for frame in gains if frame.manner not in ("withdrew", "lost")}
    out: list[Frame] = []
    for frame in frames:
        if (
            frame.to is None
            and frame.from_ is None
            and not frame.sure
            and frame.judgement.light != "say"
            and len(winners) == 1
            and frame.manner in ("captured", "recaptured")
        ):
            to, from_ = next(iter(winners))
            frame = replace(frame, to=to, from_=from_)
        named = told_for.get(frame.places[0].hit.ref.place_id or frame.places[0].hit.ref.name)
        same = named is not None and (frame.manner == named.manner or {frame.manner, named.manner} == _TAKEN)
        if named and same and not frame.sure and frame.to != named.to:
            frame = replace(frame, to=named.to, from_=named.from_)
        out.append(frame)
    return out


def _frame(marks: Marks, at: int, form: Form) -> Frame | None:
    places, end = _places(marks, at, form)
    if not places:
        return None
    judgement = judge(marks, at, form)
    doer, armed = _doer(marks, at, form, judgement)
    if form.is_verb and form.lemma.place == "0" and _place_is_subject(marks, at, form, doer, places[0]):
        return None
    if not judgement.veto and any(
        marks.word(k).startswith(("الناري", "نيران")) for k in range(at + 1, min(at + 5, places[0].at))
    ):
        # Fire control is none (guidelines).
        judgement = replace(judgement, veto="ongoing")
    if is_metaphor(marks, at, doer, armed):
        judgement, armed = replace(judgement, veto="metaphor"), False
    frame = Frame(at, form.lemma.word, form.cls, tuple(places), judgement=judgement, armed=armed, end=end)
    frame = replace(frame, sure=_is_sure(marks, at, form, doer, judgement.governor))
    sided = sides(marks, frame, form, doer)
    if sided is None or (not armed and judgement.veto != "metaphor"):
        return None
    return with_sides(marks, sided)


def _is_sure(marks: Marks, at: int, form: Form, doer: ActorHit | None, governor: int) -> bool:
    """The subject stands in the predicate's sentence, or is an armed body of no known side («سيطرت ميليشيات على»)."""
    if doer is None:
        over = next((k for k in range(governor, max(governor - 10, -1), -1) if marks.is_finite(k)), -1)
        if over >= marks.sentence(at).first and has_own_subject(marks, over):
            return True
        return form.is_verb and marks.word(at + 1) in words("armed") and not marks.word(at + 1).startswith("ال")
    return marks.sentence_at[doer.first] == marks.sentence_at[at]


def _place_is_subject(marks: Marks, at: int, form: Form, doer: ActorHit | None, first: Taken) -> bool:
    """«استعادت مدينة حلب رونقها», «احتلت منطقة مكة المركز الأول»: right behind the verb the place is its subject.

    It is the object where an armed body stands between, or right before the verb, or where the verb is plural or goes on («و»).
    """
    near = range(max(at - 8, marks.sentence(at).first), min(at + 4, len(marks.folded)))
    if doer is None and not any(marks.plain(k) in words("armed") for k in near):
        return True
    if first.at > at + 1 or form.plural:
        return False
    close = (
        doer is not None
        and doer.first < at
        and at - doer.last <= 6
        and marks.sentence_at[doer.first] == marks.sentence_at[at]
    )
    if form.lemma.word in ("احتل", "اخلي"):
        return not (close and doer is not None and at - doer.last <= 2)
    return not (close or form.conj or (marks.sentence_at[at] and marks.word(at - 1) in (".", "\n", "")))


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
        if form.cls in ("withdraw", "leave", "flee") and marks.plain(step) in _TOWARDS:
            # «انسحبوا إلى أجزاء أخرى من المدينة»: «من» belongs to where they went.
            break
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
            inside = before in ("في", "من") or (not meant and hit.proclitic.endswith("ب"))
            parts = before == "في" and any(
                marks.plain(k).removeprefix("ال") in words("partly") for k in range(max(begin - 4, 0), begin - 1)
            )
            if not meant and (before in _BESIDE or parts or (inside and not temporal)):
                # «استعادة مواقع في جبل صبر بعد الاستيلاء عليها»: the positions are meant.
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
    left = _left_limit(marks, at)
    if form.is_verb:
        return subject(marks, at, left)
    if not form.suffix:
        genitive = _genitive(marks, at, form)
        if genitive:
            return genitive
    if judgement.light in ("temporal", "occasion") and is_presupposed(marks, at):
        return None, True
    governor = choose(marks, judgement.governor) if judgement.governor >= marks.sentence(at).first else None
    if governor is None or judgement.light in ("temporal", "occasion", "claim_noun"):
        return _spoken_of(marks, at, form, left), True
    agent = _agent(marks, at)
    if agent:
        return agent, True
    if governor.cls in ("done", "result"):
        speaker = _speaking_party(marks, judgement.governor) if governor.cls == "done" else None
        return speaker or _spoken_of(marks, at, form, left), True
    if not governor.is_verb:
        between = _free_actor(marks, judgement.governor + 1, at)
        if between is None and governor.cls == "say" and not form.suffix:
            return None, True
        return (between or left_subject(marks, at, left)), True
    doer, _ = subject(marks, judgement.governor, left)
    doer = doer if doer and doer.role == "party" else _free_actor(marks, judgement.governor + 1, at)
    if doer is None and (governor.cls != "say" or form.suffix) and not has_own_subject(marks, judgement.governor):
        # The one who speaks is not the one who takes («أعلنت الحكومة تحرير المدينة»), unless a suffix says so.
        doer = left_subject(marks, judgement.governor, left)
    return doer, True


def _agent(marks: Marks, at: int) -> ActorHit | None:
    """«تمت استعادة المدينة من قبل الجيش»: who stands behind «من قبل»."""
    last = min(at + 12, marks.sentence(at).last)
    for step in range(at + 1, last - 1):
        if marks.is_finite(step):
            return None
        if marks.word(step) == "من" and marks.word(step + 1) == "قبل":
            return next(
                (hit for hit in marks.actors(step + 2, min(step + 5, len(marks.folded))) if hit.role == "party"), None
            )
    return None


def _speaking_party(marks: Marks, at: int) -> ActorHit | None:
    """«قال المكتب الإعلامي للمقاومة إنه تمت السيطرة على»: of what was done by nobody named, the party that tells it."""
    for step in range(at - 1, marks.sentence(at).first - 1, -1):
        form = choose(marks, step)
        if form and form.is_verb and form.cls == "say":
            return next((hit for hit in marks.actors(step + 1, min(step + 6, at)) if hit.role == "party"), None)
    return None


def _spoken_of(marks: Marks, at: int, form: Form, left: int) -> ActorHit | None:
    """«بعد تحرير المدينة» names nobody: whoever the sentence speaks of, but no side that the writer calls rebels or militias."""
    found = left_subject(marks, at, left)
    if found is None or form.suffix:
        return found
    same = marks.sentence_at[found.first] == marks.sentence_at[at]
    return found if same and not (form.cls == "recapture" and found.side in _called_names(marks)) else None


def _called_names(marks: Marks) -> set[str | None]:
    """Sides that the article names as militias, rebels, terrorists."""
    named: set[str | None] = set()
    for hit in marks.reading.actors:
        around = [*(marks.plain(k) for k in range(max(hit.first - 1, 0), hit.last))]
        if hit.role == "party" and any(stem in word for word in around for stem in _NAMES):
            named.add(hit.side)
    return named


_NAMES = ("ميليشي", "مليشي", "متمرد", "انقلابي", "ارهابي", "فلول", "عصابات", "داعش", "حوثي", "تنظيم")


def _free_actor(marks: Marks, first: int, last: int) -> ActorHit | None:
    """The first party in [first, last) that no preposition brings in."""
    return next(
        (hit for hit in marks.actors(first, last) if hit.role == "party" and not preposition_of(marks, hit)), None
    )


def _genitive(marks: Marks, at: int, form: Form) -> tuple[ActorHit | None, bool] | None:
    """«سيطرة القوات على», «انسحاب مقاتلي التنظيم من»: the noun right behind a verbal noun; None where there is none."""
    while marks.word(at + 1) in QUOTES:
        at += 1
    last = min(at + 4, len(marks.folded))
    if form.cls in ("withdraw", "leave", "flee"):
        hit = next(marks.actors(at + 1, last), None)
        armed = any(marks.word(k) in words("armed") for k in range(at + 1, min(at + 3, last)))
        return (hit, hit.role == "party") if hit and not preposition_of(marks, hit) else (None, armed)
    if form.definite or form.cls == "expel":
        return None
    if marks.word(at + 1) in words("armed"):
        return next((hit for hit in marks.actors(at + 1, last) if hit.role == "party"), None), True
    if marks.word(at + 1) in words("nature"):
        return None, False
    hit = marks.actor_at.get(at + 1)
    return (hit, hit.role == "party" or form.cls == "recapture") if hit else None


def _left_limit(marks: Marks, at: int) -> int:
    """Subjects are looked for in the sentence and, where it has none, in the one before."""
    number = marks.sentence_at[at]
    sentence = marks.sentence(at)
    if any(hit.role == "party" for hit in marks.actors(sentence.first, at)):
        return sentence.first
    return marks.reading.sentences[number - 1].first if number else sentence.first
