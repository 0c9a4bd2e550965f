"""Layer 5, set phrases of control that are no verb with its object.

سقطت X بيد Y, سقوط X في يد Y          the place is the subject, the winner stands behind «بيد»
باتت X تحت سيطرة Y, وقعت X في قبضة Y   becoming: a change
X الخاضعة لسيطرة Y, تحت سيطرة Y        state: static
أعلن Y خلو X من Z, X خالية من Z        declared free
"""

from collections.abc import Iterable, Iterator

from processors.clause_modality import in_relative, story_is_past
from processors.frames import Frame
from processors.marks import ADVERBS, COMMAS, QUOTES, Marks, choose
from processors.modality import Judgement, judge
from processors.morphology import NOUN, Form
from processors.objects import Taken, meant_by
from processors.reading import PlaceHit
from processors.words import listed, words

_GRIP_HEADS = listed("بيد بيدي بايدي بقبضه")
_GRIP_AFTER = listed("يد ايدي قبضه سيطره سلطه يدي")
_UNDER, _HELD, _FREE = listed("سيطره قبضه"), listed("لسيطره لسلطه"), listed("خاليه خاليا محرره محررا")
_PHRASE_WORDS = _GRIP_HEADS | _GRIP_AFTER | _UNDER | _HELD | _FREE
_HOLDING = listed("الخاضع الخاضعه خاضع خاضعه الخاضعين الخاضعتين الواقع الواقعه واقعه الواقعتين")


def phrase_frames(marks: Marks, at: int, form: Form | None) -> Iterable[Frame]:
    """The frame of the set phrase that a token carries, if any."""
    if form is None and marks.plains[at] not in _PHRASE_WORDS:
        return ()
    return _phrase_frames(marks, at, form)


def _phrase_frames(marks: Marks, at: int, form: Form | None) -> Iterator[Frame]:
    word = marks.plain(at)
    if form and form.cls == "handover" and form.is_verb and marks.word(at + 1) == "من" and marks.word(at + 2) == "قبل":
        yield from _handed_by(marks, at, form)
    elif form and form.cls == "fall":
        yield from _fall(marks, at, form)
    elif form and form.cls == "submit" and form.is_verb:
        yield from _submit(marks, at, form)
    elif (word in _UNDER and marks.plain(at - 1) == "تحت") or word in _GRIP_HEADS or _in_grip(marks, at):
        yield from _under(marks, at)
    elif word in _HELD and marks.plain(at - 1) in _HOLDING:
        yield from _held(marks, at)
    elif word in _FREE and (form is None or word in ("محرره", "محررا")):
        yield from _declared(marks, at)


def _in_grip(marks: Marks, at: int) -> bool:
    """«في يد», «في قبضة»."""
    return marks.plain(at) in _GRIP_AFTER and marks.plain(at - 1) == "في"


def _place_right(marks: Marks, at: int) -> tuple[PlaceHit, int] | None:
    """The place that is the subject right after a token: only quotation marks, adverbs, a head noun or «المدينة» between."""
    for step in range(at + 1, min(at + 6, len(marks.folded))):
        hit = marks.place_from.get(step) or marks.place_at.get(step)
        if hit:
            return None if hit.proclitic.endswith(("ب", "ل")) else (hit, step)
        word = marks.word(step)
        if word in words("resolve"):
            meant = meant_by(marks, step)
            return (meant, step) if meant else None
        if not (word in QUOTES or word in ADVERBS or word in words("head") or word in words("wholly")):
            return None
    return None


def _place_left(marks: Marks, at: int, first: int) -> tuple[PlaceHit, int] | None:
    """The place that is the subject before a token: the first of the clause that no preposition brings in."""
    found: tuple[PlaceHit, int] | None = None
    for step in range(at - 1, first - 1, -1):
        hit = marks.place_at.get(step)
        word = marks.word(step)
        if hit:
            begin = min(hit.head_first, hit.first) if hit.head else hit.first
            before = marks.plain(begin - 1)
            inside = before in (
                "في",
                "من",
                "الي",
                "علي",
                "قرب",
                "شمال",
                "جنوب",
                "شرق",
                "غرب",
                "وسط",
                "بين",
                "مركز",
                "ريف",
                "بعد",
                "مثل",
                "غير",
                "العاصمه",
            )
            if not inside and not hit.proclitic.endswith(("ب", "ل")):
                found = (hit, begin)
        elif word in words("resolve") and not marks.place_from.get(step + 1):
            meant = meant_by(marks, step)
            if meant and marks.plain(step - 1) not in ("في", "من", "الي", "علي"):
                found = (meant, step)
        elif marks.is_finite(step) or word in (".", "\n"):
            break
    return found


def _grip(marks: Marks, start: int, end: int) -> tuple[int, str | None] | None:
    """«بيد Y», «في قبضة Y», «تحت سيطرة Y»: token of the grip and the side."""
    for step in range(start, end):
        word = marks.word(step)
        if word in (".", "\n"):
            return None
        opens = word in _GRIP_HEADS or (word in _GRIP_AFTER and marks.word(step - 1) in ("في", "تحت", "علي"))
        if opens:
            hit = next(marks.actors(step + 1, min(step + 5, len(marks.folded))), None)
            return step, hit.side if hit and hit.role == "party" else None
    return None


def _coordinated(marks: Marks, hit: PlaceHit, step: int) -> list[Taken]:
    """«كركوك والموصل»: places joined to the subject."""
    taken = [Taken(hit, True, step)]
    at = hit.last
    while at < len(marks.folded):
        following = marks.place_from.get(at) or marks.place_at.get(at)
        if following and (marks.joins(at) or marks.word(at - 1) in ("و", *COMMAS)) and following.first >= at:
            taken.append(Taken(following, True, at))
            at = following.last
        elif marks.word(at) in ("و", "،", *QUOTES):
            at += 1
        else:
            break
    return taken


def _fall(marks: Marks, at: int, form: Form) -> Iterator[Frame]:
    sentence = marks.sentence(at)
    right = _place_right(marks, at)
    place = right or (_place_left(marks, at, sentence.first) if form.is_verb else None)
    if not place:
        return
    hit, step = place
    if right and marks.word(step - 1) in ("علي", "في"):
        return
    grip = _grip(marks, at + 1, min(sentence.last, max(at, hit.last) + 14))
    if not right and not grip and (at - hit.last > 2 or not _falls_bare(marks, at)):
        return
    taken = _coordinated(marks, hit, step)
    end = (grip[0] + 1) if grip else max(at + 1, taken[-1].hit.last if right else at + 1)
    yield Frame(
        at,
        "fall",
        "fall",
        tuple(taken),
        to=grip[1] if grip else None,
        judgement=judge(marks, at, form),
        manner="captured" if grip else "lost",
        begin=min(step, at),
        end=end,
    )


def _handed_by(marks: Marks, at: int, form: Form) -> Iterator[Frame]:
    """«المبنيان سلما من قبل الحوثيين إلى الحكومة»: the passive with its agent."""
    sentence = marks.sentence(at)
    place = _place_left(marks, at, sentence.first)
    giver = next((hit for hit in marks.actors(at + 3, min(at + 7, sentence.last)) if hit.role == "party"), None)
    if not place or not giver:
        return
    taker = next(
        (hit for hit in marks.actors(giver.last, min(giver.last + 6, sentence.last)) if hit.role == "party"), None
    )
    yield Frame(
        at,
        "handover",
        "handover",
        tuple(_coordinated(marks, *place)),
        to=taker.side if taker else None,
        from_=giver.side,
        judgement=judge(marks, at, form),
        manner="handed_over",
        begin=place[1],
        end=giver.last,
    )


def _falls_bare(marks: Marks, at: int) -> bool:
    """«فقد سقطت في 14 نيسان», «سقطت المدينة.»: nothing that falls down stands behind the verb."""
    after = marks.word(at + 1)
    return after in (".", "،", "\n", "") or (after == "في" and bool(marks.number_at.get(at + 2))) or after in ADVERBS


def _submit(marks: Marks, at: int, form: Form) -> Iterator[Frame]:
    """«خضعت المدينة لسيطرة التنظيم»."""
    sentence = marks.sentence(at)
    grip = next(
        (k for k in range(at + 1, min(at + 12, sentence.last)) if marks.word(k) in ("لسيطره", "لسلطه", "لقبضه")), -1
    )
    if grip < 0:
        return
    place = _place_right(marks, at) or _place_left(marks, at, sentence.first)
    if place:
        hit = next(marks.actors(grip + 1, min(grip + 5, len(marks.folded))), None)
        yield Frame(
            at,
            "submit",
            "submit",
            (Taken(place[0], True, place[1]),),
            to=hit.side if hit else None,
            judgement=judge(marks, at, form),
            begin=min(at, place[1]),
            end=grip + 1,
        )


def _under(marks: Marks, at: int) -> Iterator[Frame]:
    """«تحت سيطرة»: a change after «باتت», «أصبحت», «وقعت»; else a state."""
    sentence = marks.sentence(at)
    governor, carrier = -1, None
    for step in range(at - 2, max(sentence.first - 1, at - 22), -1):
        form = choose(marks, step)
        if form and form.is_verb:
            governor, carrier = step, form
            break
        if form and form.cls == "fall":
            return
    place = _place_right(marks, governor) if governor >= 0 else None
    place = place or _place_left(marks, at - 1, sentence.first)
    if not place or (carrier and carrier.cls == "fall"):
        return
    hit = next(marks.actors(at + 1, min(at + 5, len(marks.folded))), None)
    becomes = (
        carrier is not None
        and (carrier.cls == "become" or carrier.lemma.word == "وقع")
        and marks.plain(at - 2) not in _HOLDING
    )
    inner = judge(marks, governor, carrier) if carrier and becomes else Judgement("static", at)
    if carrier and carrier.prep == "ل" and story_is_past(marks, governor):
        # «خرج المقاتلون لتصبح المدينة تحت سيطرة»: what follows from a fact.
        inner = Judgement()
    whole = not _share_before(marks, place[1])
    if carrier and carrier.cls == "still" and still_held(marks, governor):
        inner, becomes = Judgement("denied"), True
    if not becomes and marks.plain(at - 1) != "تحت":
        return
    judgement = Judgement(inner.veto, governor if becomes else at, "under")
    yield Frame(
        at,
        "under",
        "under",
        (Taken(place[0], whole, place[1]),),
        to=hit.side if hit else None,
        judgement=judgement,
        begin=min(place[1], at),
        end=at + 1,
    )


def still_held(marks: Marks, still: int) -> bool:
    """«لا تزال البلدة بيد الجيش» against a taking that its sentence tells as claimed: that denies the taking.

    «لا تزال البلدة بيد الجيش» alone and «المدينة التي لا تزال تحت سيطرة» tell a state.
    """
    sentence = marks.sentence(still)
    if in_relative(marks, still - 1) or in_relative(marks, still):
        return False
    return any(_claimed_taking(marks, k, still) for k in range(sentence.first, sentence.last))


_CONTRARY = listed("خلافا بخلاف عكس بعكس رغم برغم")


def _claimed_taking(marks: Marks, at: int, still: int) -> bool:
    """«بعدما أعلنت المعارضة الاستيلاء عليها», «خلافا لما أعلنته», «رغم إعلان الحركة دخولها» beside «لا تزال»."""
    form = choose(marks, at)
    if form is None or form.cls not in ("say", "deny") or abs(at - still) > 40:
        return False
    contrary = any(marks.plain(k) in _CONTRARY or marks.plain(k) == "بعدما" for k in range(max(at - 5, 0), at))
    taking = any(
        (other := choose(marks, k)) is not None
        and other.pos == NOUN
        and other.cls in ("capture", "recapture", "fall", "enter", "expel")
        for k in range(at + 1, min(at + 7, len(marks.folded)))
    )
    return contrary and (taking or marks.reading.tokens[at].folded.endswith(("ه", "ته", "وه")))


def _share_before(marks: Marks, at: int) -> bool:
    """«نحو 75% من تعز», «معظم أحياء المدينة»."""
    return any(
        (marks.plain(k) in words("partly") and marks.plain(k) not in words("head"))
        or k in marks.number_at
        or marks.plain(k) in ("احياء", "مناطق", "قري")
        for k in range(max(at - 4, 0), at)
    )


def _held(marks: Marks, at: int) -> Iterator[Frame]:
    sentence = marks.sentence(at)
    place = _place_left(marks, at - 1, max(sentence.first, at - 14))
    if place:
        hit = next(marks.actors(at + 1, min(at + 5, len(marks.folded))), None)
        yield Frame(
            at,
            "held",
            "held",
            (Taken(place[0], True, place[1]),),
            to=hit.side if hit else None,
            judgement=Judgement("static", at),
            begin=place[1],
            end=at + 1,
        )


def _declared(marks: Marks, at: int) -> Iterator[Frame]:
    """«أعلنت المقاومة كافة أنحاء المحافظة خالية من الحوثيين»."""
    sentence = marks.sentence(at)
    for step in range(at - 1, max(sentence.first - 1, at - 16), -1):
        form = choose(marks, step)
        if form and form.cls == "say" and form.lemma.word == "اعلن":
            place = _place_left(marks, at, step + 1)
            doer = next((hit for hit in marks.actors(step, at) if hit.role == "party"), None)
            if place and doer:
                judgement = judge(marks, step, form)
                yield Frame(
                    at,
                    "declared",
                    "declared",
                    (Taken(place[0], True, place[1]),),
                    to=doer.side,
                    begin=step,
                    end=at + 1,
                    judgement=Judgement(judgement.veto, step, "say"),
                    manner="recaptured",
                )
            return
