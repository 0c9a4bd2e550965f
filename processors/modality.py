"""Layer 6: whether what a predicate says is asserted as a fact.

A change of control is asserted only where nothing governs it that takes the assertion away. Finite verbs in the perfect
assert by themselves; verbal nouns and the subjunctive («أن يسيطر») assert only what their governor lets them: «تمكن من»,
«أسفر عن», «أعلن», «بعد» do, «حاول», «يسعى إلى», «بهدف», «طالب ب», «فشل في», «معركة» and the preposition «ل» do not.

Vetoes are the `why` of the guidelines: attempt, repelled, ongoing, planned, demanded, denied, static, hypothetical, metaphor.
"""

from dataclasses import dataclass, replace

from processors.clause_modality import (
    STOPS,
    after_speech,
    frame_veto,
    in_relative,
    is_headline,
    is_pluperfect,
    main_is_past,
    negated,
    story_is_past,
)
from processors.marks import COMMAS, QUOTES, Marks, choose
from processors.morphology import IMPERFECT, NOUN, PARTICIPLE, PERFECT, Form
from processors.words import listed, words

_REACH = 30
"""How many tokens back a governor is looked for."""


_DEPTH = 4
"""How many governors on top of each other are followed («فشلت في محاولتها السيطرة على»)."""


_BY_CLASS = {
    "attempt": "attempt", "repel": "repelled", "plan": "planned", "demand": "demanded", "deny": "denied", "fail": "repelled",
    "possible": "hypothetical", "continue": "ongoing", "strengthen": "static", "advance": "ongoing", "clash": "ongoing",
    "strike": "planned", "enter": "ongoing", "still": "static", "surround": "attempt",
}  # fmt: skip


_BY_NOUN = (
    ("attempt", "attempt"), ("aim", "planned"), ("plan", "planned"), ("demand", "demanded"), ("repel_noun", "repelled"),
    ("deny_noun", "denied"), ("battle", "ongoing"), ("possible", "hypothetical"), ("rumour", "denied"),
)  # fmt: skip


_ASSERTING = frozenset({"success", "done", "result", "say", "recapture", "capture", "become"})


_THAT = listed("ان انه انها انهم بان بانه بانها بانهم")


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a predicate is meant.

    Attributes:
        veto: "" where it is asserted, else why not.
        governor: token that decided, -1 for none.
        light: class of the governor that carries it («success», «say», «temporal» …), "" for none.
        pluperfect: it is told as earlier than the story («كانت … قد»).
        relative: it stands in a relative clause.
        flips: the governor turns taking into losing («فقد السيطرة على»).
        recaptured: the governor says that it was retaken («استعاد السيطرة على»).
    """

    veto: str = ""
    governor: int = -1
    light: str = ""
    pluperfect: bool = False
    relative: bool = False
    flips: bool = False
    recaptured: bool = False


def judge(marks: Marks, at: int, form: Form, depth: int = 0) -> Judgement:
    """How the predicate at a token is meant, with the governor that decides."""
    if form.pos == PARTICIPLE:
        return Judgement("static", at)
    found = _verb(marks, at, form, depth) if form.is_verb else _noun(marks, at, form, depth)
    if depth or found.veto not in ("", "ongoing", "static"):
        return found
    framed = frame_veto(marks, at)
    return replace(found, veto=framed) if framed else found


# --- finite verbs


def _verb(marks: Marks, at: int, form: Form, depth: int) -> Judgement:
    if form.future or marks.plain(at - 1) == "سوف":
        return Judgement("planned", at)
    veto = negated(marks, at, form)
    if veto:
        return Judgement(veto, at - 1)
    if form.prep == "ل" or marks.plain(at - 1) in ("كي", "لكي"):
        return Judgement("planned", at)
    if form.pos == IMPERFECT:
        return _imperfect(marks, at, form, depth)
    since = marks.plain(at - 1) == "منذ" or (marks.plain(at - 1) == "ان" and marks.plain(at - 2) == "منذ")
    told_how = any(marks.plain(k) == "كيف" for k in range(max(marks.sentence(at).first, at - 14), at))
    earlier = since or told_how or is_pluperfect(marks, at) == "pluperfect"
    return Judgement("", at, "", pluperfect=earlier, relative=in_relative(marks, at))


def _imperfect(marks: Marks, at: int, form: Form, depth: int) -> Judgement:
    for step in range(at - 1, max(at - 12, marks.sentence(at).first - 1, -1), -1):
        word = marks.plain(step)
        if word in ("ان", "وان") and step >= at - 3 and not after_speech(marks, step):
            return _subjunctive(marks, step, depth)
        if word == "حتي" and step == at - 1:
            return Judgement("planned", step)
        if word == "قد" and step == at - 1:
            return Judgement("hypothetical", step)
        for governor in marks.forms[step]:
            if governor.cls == "become" and governor.lemma.word != "عاد":
                return replace(judge(marks, step, governor, depth + 1), light="become", governor=step)
            if governor.cls == "still":
                return Judgement("static", step)
        if marks.is_finite(step) or word in COMMAS:
            break
    if in_relative(marks, at) or form.cls in ("capture", "submit", "settle"):
        return Judgement("static", at)
    return Judgement("ongoing", at, "present")


def _subjunctive(marks: Marks, at: int, depth: int) -> Judgement:
    """«أن يسيطر»: what governs «أن»."""
    before = marks.plain(at - 1)
    if before in ("بعد", "منذ", "قبل", "قبيل", "الي"):
        # «قبل أن يستعيدوا السيطرة» after a perfect is told as having happened; else it is to come.
        if before == "الي":
            wished = _governed(marks, at - 1, "الي", depth)
            if wished.governor >= 0:
                return wished
        if before == "بعد" or story_is_past(marks, at):
            return Judgement("", at - 1, "temporal")
        return Judgement("planned", at - 1)
    return _governed(marks, at, "ب" if marks.word(at) == "بان" else "", depth)


def _noun(marks: Marks, at: int, form: Form, depth: int) -> Judgement:
    if form.prep == "ل" and form.cls != "say":
        return _purpose(marks, at, depth)
    while marks.word(at - 1) in QUOTES:
        at -= 1
    before = marks.plain(at - 1)
    if before in _THAT and not form.prep:
        # «أكد أن استعادة المدينة مسألة وقت»: the noun is spoken of, not told.
        return Judgement("hypothetical", at - 1, "that")
    if form.prep == "ب":
        return _governed(marks, at, "ب", depth)
    if before in words("temporal") and not form.conj:
        return _temporal(marks, at, before)
    if before in ("علي", "من") and marks.plain(at - 3) in ("بعد", "منذ") and marks.plain(at - 2) in words("time"):
        # «بعد يوم على انتزاع البلدة».
        return _temporal(marks, at - 2, "بعد")
    if before in ("من", "الي", "علي", "عن", "في"):
        return _governed(marks, at - 1, before, depth)
    without = _without(form, at, before)
    if without:
        return without
    if form.conj and depth < _DEPTH:
        joined = _joined(marks, at, depth) or _wished_with(marks, at)
        if joined:
            return joined
    return _governed(marks, at, "", depth)


def _without(form: Form, at: int, before: str) -> Judgement | None:
    """A word right before the noun that takes it away: «عدم», «دون», «تشمل»."""
    if before == "عدم" and form.cls in ("enter", "leave"):
        # «عدم الدخول إلى القاعدة» is a way to act, no word against a report.
        return Judgement("hypothetical", at - 1)
    if before in ("غير", "عدم", "دون", "بدون"):
        return Judgement("denied", at - 1)
    # «الخطة تشمل تحرير المدينة»: what a plan holds is none of it done.
    return Judgement("planned", at - 1) if before in _CONTAINING else None


_CONTAINING = listed("يشمل تشمل ستشمل سيشمل يتضمن تتضمن تقتضي يقتضي يتطلب تتطلب يستلزم تستلزم يستوجب تستوجب")


def _wished_with(marks: Marks, at: int) -> Judgement | None:
    """«توعد بالقضاء على المسلحين وتطهير المدينة»: the noun that «و» joins it to stands behind a verb of wishing."""
    for step in range(at - 1, max(at - 12, marks.sentence(at).first - 1), -1):
        if marks.word(step) in STOPS:
            return None
        for form in marks.forms[step]:
            if form.cls not in ("plan", "demand", "attempt", "fail") or not form.lemma.comp:
                continue
            brought = (marks.word(k) for k in range(step + 1, min(step + 7, at)))
            if any(_opens_with(word, prep) for word in brought for prep in form.lemma.comp):
                return Judgement(_BY_CLASS[form.cls], step, form.cls)
        if marks.is_finite(step):
            return None
    return None


def _opens_with(word: str, prep: str) -> bool:
    """The preposition stands there by itself («إلى») or on a definite noun («بالقضاء», «للقضاء»)."""
    return word == prep or (len(prep) == 1 and word.startswith((prep + "ال", "لل" if prep == "ل" else prep + "ال")))


def _purpose(marks: Marks, at: int, depth: int) -> Judgement:
    """«للسيطرة على»: never a fact; what kind of wish, the governor says."""
    if marks.plain(at - 1) in ("صحه", "اساس"):
        return Judgement("denied", at - 1)
    found = _governed(marks, at, "ل", depth)
    if found.governor >= 0 and found.veto in ("repelled", "attempt", "planned", "demanded", "denied", "hypothetical"):
        return found
    return Judgement("ongoing" if found.light in ("battle", "") else found.veto or "planned", found.governor)


def _temporal(marks: Marks, at: int, opener: str) -> Judgement:
    """«بعد سيطرة القوات على»: taken as known, unless the sentence looks ahead."""
    sentence = marks.sentence(at)
    if opener in ("قبل", "قبيل", "حتي", "لدي", "عند"):
        past = story_is_past(marks, at) or (at - sentence.first <= 1 and main_is_past(marks, at, sentence.last))
        # «قبل سيطرة التنظيم على المدينة» speaks of what is long known.
        return Judgement(
            "" if past and opener not in ("حتي", "لدي") else "planned", at - 1, "temporal", pluperfect=opener == "قبل"
        )
    if opener in ("رغم", "وسط", "مع"):
        return Judgement("", at - 1, "temporal")
    starts = at - sentence.first <= 3
    if starts and not main_is_past(marks, at, sentence.last):
        return Judgement("hypothetical", at - 1, "temporal")
    if any(marks.word(k) in words("future") for k in range(sentence.first, at)):
        return Judgement("planned", at - 1, "temporal")
    return Judgement("", at - 1, "temporal")


def _joined(marks: Marks, at: int, depth: int) -> Judgement | None:
    """«تقدم المقاومة وسيطرتها على»: the judgement of the verbal noun that «و» joins it to."""
    for step in range(at - 1, max(at - 16, marks.sentence(at).first - 1), -1):
        form = choose(marks, step)
        if form is None:
            continue
        if form.pos == NOUN and form.cls in (
            "capture",
            "recapture",
            "expel",
            "withdraw",
            "enter",
            "advance",
            "settle",
            "flee",
        ):
            return judge(marks, step, form, depth + 1)
        if form.is_verb:
            return None
    return None


def _governed(marks: Marks, at: int, prep: str, depth: int) -> Judgement:
    """The judgement that the governor of a verbal noun or of «أن» gives.

    Args:
        at: token of the noun, of the preposition before it, or of «أن».
        prep: the preposition that the governor must take, "" for none.
    """
    sentence = marks.sentence(at)
    for step in range(at - 1, max(sentence.first, at - _REACH) - 1, -1):
        word = marks.plain(step)
        if word in STOPS:
            break
        noun = _governing_noun(marks, step, at, prep)
        if noun:
            return noun
        if not marks.forms[step]:
            continue
        form = choose(marks, step)
        if form is None:
            continue
        form = next(
            (other for other in (form, *marks.forms[step]) if _takes(other, prep) and other.pos != PARTICIPLE), form
        )
        if _takes(form, prep):
            return _through(marks, step, form, depth)
        if prep in ("", "ل") and form.is_verb and form.cls not in ("was",):
            wish = _BY_CLASS.get(form.cls, "ongoing") if prep == "ل" else "ongoing"
            return Judgement("ongoing" if wish == "static" else wish, step, "verb")
    if prep == "" and is_headline(marks, at):
        return Judgement("", at, "headline")
    return Judgement("hypothetical" if prep == "" else "ongoing", -1)


_CLAUSE_ONLY = listed("قال اضاف ذكر اوضح تابع")


def _takes(form: Form, prep: str) -> bool:
    """The governor can bring in its complement with that preposition."""
    if form.cls in ("was", "kill", "wound") or not form.lemma.comp:
        return False
    if prep == "":
        # «قال», «أضاف» take a clause, no verbal noun.
        return "0" in form.lemma.comp and not (form.cls == "say" and form.lemma.word in _CLAUSE_ONLY)
    return prep in form.lemma.comp


def _through(marks: Marks, at: int, form: Form, depth: int) -> Judgement:
    """What a governor makes of its complement, once the governor itself is judged."""
    cls = form.cls
    if form.is_verb and cls == "say" and negated(marks, at, form):
        return Judgement("denied", at, cls)
    if cls == "say" and form.pos == NOUN and form.lemma.word in ("ادعي", "زعم"):
        return Judgement("denied", at, cls)
    if cls == "say" and form.pos == NOUN and form.lemma.word in ("اعترف", "اقر") and form.definite:
        # «الاعتراف بالسيطرة على الهضبة»: a claim to be recognised, not the news that somebody admits it.
        return Judgement("hypothetical", at, cls)
    if cls in _BY_CLASS and not (cls == "continue" and form.lemma.word == "استكمل" and form.pos == PERFECT):
        return Judgement(_stronger(marks, at, _BY_CLASS[cls]), at, cls)
    if depth >= _DEPTH:
        return Judgement("hypothetical", at, cls)
    own = judge(marks, at, form, depth + 1) if cls != "say" or form.pos in (PERFECT, NOUN) else Judgement()
    if cls == "say":
        own = replace(own, veto="") if own.veto in ("static", "ongoing", "hypothetical") else own
        if own.veto == "denied":
            return Judgement("denied", at, cls)
    if cls == "lose":
        return replace(own, governor=at, light=cls, flips=True)
    if cls in ("recapture", "capture", *_ASSERTING):
        if form.pos == IMPERFECT and own.veto == "static":
            return replace(own, veto="ongoing", governor=at, light=cls)
        retaken = cls == "recapture" or own.recaptured or form.lemma.word in ("اعاد", "عاود")
        # «المعارك التي انتهت بسيطرة»: the relative clause tells of the battle, the taking is the news.
        return replace(own, governor=at, light=cls, recaptured=retaken, relative=own.relative and cls != "result")
    return Judgement("hypothetical", at, cls)


def _governing_noun(marks: Marks, at: int, target: int, prep: str) -> Judgement | None:
    """A noun that governs: «معركة تحرير», «محاولة للسيطرة», «أنباء عن سيطرة», «على وشك»."""
    word = marks.plain(at)
    if marks.place_at.get(at) or marks.actor_at.get(at):
        return None
    adjacent = target - at <= 2
    if word in words("occasion"):
        return Judgement("", at, "occasion") if adjacent else None
    if word in words("claim_noun") and prep in ("عن", "حول", ""):
        return Judgement("", at, "rumour" if word in words("rumour") else "claim_noun")
    for cls, veto in _BY_NOUN:
        if prep not in _NOUN_TAKES[cls] or word not in words(cls):
            continue
        if adjacent or (prep == "ل" and cls in ("attempt", "battle", "plan", "aim")):
            return Judgement(_stronger(marks, at, veto), at, cls)
    return None


_NOUN_TAKES = {
    "attempt": ("", "ل", "الي", "ب"), "aim": ("", "ل", "الي", "في", "من"), "plan": ("", "ل", "علي", "ب"), "demand": ("", "ب", "الي", "ل"),
    "repel_noun": ("", "ل", "من"), "deny_noun": ("",), "battle": ("", "ل"), "possible": ("", "من", "في", "ل", "عن"), "rumour": ("", "عن"),
}  # fmt: skip


def _stronger(marks: Marks, at: int, veto: str) -> str:
    """«أحبط الجيش محاولة», «صدت هجوما», «تحاول التقدم»: the verb over the noun says more than the noun."""
    if veto not in ("attempt", "ongoing"):
        return veto
    for step in range(at - 1, max(at - 9, marks.sentence(at).first - 1, -1), -1):
        form = choose(marks, step)
        if form and form.cls in ("repel", "fail"):
            return "repelled"
        if form and form.cls in ("attempt", "plan") and form.is_verb:
            return "attempt" if form.cls == "attempt" else "planned"
        if form and form.is_verb:
            return veto
    return veto


# --- what governs a whole clause
