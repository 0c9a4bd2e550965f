"""What tells of an event: words of seeds/lexicon/events.tsv and verbs, each with the type that its neighbours give it.

«قصف» is shelling, by planes an air strike, by both one of each; «استهدف» and «دمر» need a means; rockets and shells need a verb of
firing or falling; mines and car bombs need an explosion (clearing mines is none); a definite word («المعارك») refers back and
tells of an event only with a place of its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from processors.causes import event_word, event_words_of
from processors.marks import COMMAS, Marks, choose
from processors.modality import judge
from processors.morphology import IMPERFECT, NOUN, PARTICIPLE, PERFECT, Form
from processors.words import listed, words

_FALLS = listed(
    "سقط سقطت سقوط سقوطها تساقطت تساقط سقطتا سقوطه بسقوط انهالت رشقات وقوع تعرض تعرضت لتعرض انطلق انطلقت رشق"
)
_CLEARED = listed(
    "نزع زرع زرعت زرعها زرعتها تفكيك ابطال ازاله نزعت تطهير كميات مزروعه لغم زراعه فككت ابطلت مستودع مخزن"
)
_NOT_EVENT = listed(
    "اي موعد جبهات جبهه وتيره احتمال وقف انهاء خطر تهديد تجنب منع ضد انظمه خطه لوقف بوقف بانهاء استيناف حظر محور محاور خطوط خط طايله"
)
_AGREED = listed(
    "توصل توصلت توصلوا التوصل ابرام ابرم ابرمت توقيع وقع وقعت اتفقت اتفق دخل دخلت سريان اعلان اعلن اعلنت بدء بدا بدات تنفيذ"
)
_SETTLES = listed("وقف انهاء بانهاء بوقف هدنه تسويه اجلاء مصالحه خروج اخلاء مغادره انسحاب لوقف لاجلاء لانسحاب")


@dataclass(frozen=True, slots=True)
class Signal:
    """A word that tells of an event.

    Attributes:
        at: its token.
        kind: type of the guidelines.
        form: its reading as a predicate, None for other nouns.
        definite: it refers back («المعارك»).
    """

    at: int
    kind: str
    form: Form | None = None
    definite: bool = False


def signals(marks: Marks) -> Iterator[Signal]:
    """The signals of an article in order of the text."""
    event_words = event_words_of(marks)
    free = 0
    for at, plain in enumerate(marks.plains):
        if at < free:
            continue
        word = event_words.get(at)
        if word and word[1] == "act" and at not in marks.place_at and at not in marks.actor_at:
            yield from _noun(marks, at, word[0], word[2])
            free = word[2]
        elif plain in ("اتفاق", "اتفاقا") and _settled(marks, at):
            yield Signal(at, "truce")
        elif marks.forms[at]:
            yield from _predicate(marks, at)
        elif plain in _FALLS:
            yield from _fallen(marks, at)


def kinds_near(marks: Marks, at: int, before: int, after: int) -> set[str]:
    """Types of the event words so many tokens before and after one, within its sentence and between commas."""
    sentence = marks.sentence(at)
    first, last = at, at
    while first > max(sentence.first, at - before) and marks.word(first - 1) not in COMMAS:
        first -= 1
    while last < min(sentence.last, at + after) and marks.word(last) not in COMMAS:
        last += 1
    return {word[0] for k in range(first, last) if (word := event_word(marks, k)) is not None}


def _noun(marks: Marks, at: int, kind: str, last: int) -> Iterator[Signal]:
    before = marks.plain(at - 1)
    if before in _NOT_EVENT or marks.plain(at - 2) in ("موعد", "احتمال", "خطر"):
        return
    definite = marks.plain(at).removeprefix("ب").startswith("ال")
    form = choose(marks, at)
    if kind == "truce":
        if any(marks.plain(k) in _AGREED for k in range(max(at - 8, 0), last + 6)):
            yield Signal(at, kind, None, definite)
        return
    if kind == "armed_clash" and "هج" in marks.plain(at):
        near = kinds_near(marks, at, 1, 4)
        kind = "bombing" if "bombing" in near and "سياره" not in marks.plain(at + 1) else kind
    if kind == "abduction" and (form is None or form.suffix) and marks.plain(at) != "القبض":
        return
    if kind == "abduction" and form and form.pos == IMPERFECT:
        return
    if kind == "siege" and marks.plain(at - 2) in ("اجل", "بهدف", "لمحاوله", "محاوله"):
        return
    if kind == "siege" and before in ("اجل", "بهدف", "فك", "كسر", "رفع", "لفك", "لكسر", "تحت", "انهاء"):
        return
    yield Signal(at, kind, form, definite)
    if kind == "air_strike" and any(marks.plain(k) in _GUNS for k in range(last, last + 3)):
        yield Signal(at, "shelling", form, definite)


def _settled(marks: Marks, at: int) -> bool:
    """«تم التوصل إلى اتفاق يقضي بإنهاء المعارك», «اتفاق تسوية»."""
    reached = any(marks.plain(k) in _AGREED for k in range(marks.sentence(at).first, at))
    return reached and any(marks.plain(k) in _SETTLES for k in range(at + 1, min(at + 8, len(marks.folded))))


def _fallen(marks: Marks, at: int) -> Iterator[Signal]:
    """«سقطت قذائف على», «تعرضت المدينة لصواريخ»."""
    sentence = marks.sentence(at)
    span = range(max(sentence.first, at - 7), min(at + 7, sentence.last))
    found = {word[0] for k in span if (word := event_word(marks, k)) is not None and word[1] == "means"}
    if "shelling" in found:
        yield Signal(at, "air_strike" if "air_strike" in found and "طاير" in marks.plain(at + 1) else "shelling")


def _predicate(marks: Marks, at: int) -> Iterator[Signal]:
    form = choose(marks, at)
    if form is None or form.pos == PARTICIPLE:
        return
    read = _READERS.get(form.cls)
    if read:
        yield from read(marks, at, form)
    elif marks.plain(at) in _FALLS:
        yield from _fallen(marks, at)


def _launched(marks: Marks, at: int, _form: Form) -> Iterator[Signal]:
    yield from _fallen(marks, at)


def _explosion(marks: Marks, at: int, form: Form) -> Iterator[Signal]:
    if _exploded(marks, at, form):
        yield Signal(at, "bombing", form)


def _abducted(_marks: Marks, at: int, form: Form) -> Iterator[Signal]:
    """«أسر 44 متمردا»; «الأسر» and «أسرهم» are families."""
    families = form.lemma.word == "اسر" and (form.suffix or form.definite)
    if not families and (form.pos == PERFECT or (form.pos == NOUN and not form.suffix)):
        yield Signal(at, "abduction", form)


def _clashed(_marks: Marks, at: int, form: Form) -> Iterator[Signal]:
    if form.lemma.word == "هاجم" or (form.lemma.word == "اشتبك" and form.pos != IMPERFECT):
        yield Signal(at, "armed_clash", form)


def _repelled(marks: Marks, at: int, form: Form) -> Iterator[Signal]:
    told = form.is_verb or not judge(marks, at, form).veto
    if told and not form.prep and form.lemma.word in ("صد", "تصدي", "افشل", "احبط", "اجهض"):
        yield Signal(at, "armed_clash", form)


def _killed(_marks: Marks, at: int, form: Form) -> Iterator[Signal]:
    if form.pos != IMPERFECT:
        yield Signal(at, "killing", form)


def _protested(_marks: Marks, at: int, form: Form) -> Iterator[Signal]:
    if form.pos != IMPERFECT:
        yield Signal(at, "protest", form)


def _strike(marks: Marks, at: int, form: Form) -> Iterator[Signal]:
    near = kinds_near(marks, at, 6, 10)
    if form.lemma.word in ("قصف", "دك", "ضرب"):
        if form.lemma.word == "ضرب" and not near & {"air_strike", "shelling"}:
            return
        if not near and form.is_verb and not _named_after(marks, at):
            # «دمر الطيران عربة، وقصف أهدافا في»: the verb goes on with the planes.
            near = kinds_near(marks, at, 22, 12) & {"air_strike"}
        if "air_strike" in near:
            yield Signal(at, "air_strike", form, form.definite or bool(form.suffix))
        if "air_strike" not in near or any(marks.plain(k) in _GUNS for k in range(at - 3, at + 8)):
            yield Signal(at, "shelling", form, form.definite or bool(form.suffix))
    elif "air_strike" in near:
        yield Signal(at, "air_strike", form)
    elif "shelling" in near:
        yield Signal(at, "shelling", form)
    elif form.lemma.word == "استهدف" and "bombing" in near:
        yield Signal(at, "bombing", form)
    elif form.lemma.word == "استهدف" and form.is_verb and _hits_arms(marks, at):
        yield Signal(at, "armed_clash", form)


_GUNS = listed(
    "مدفعي المدفعي صاروخي الصاروخي قذايف بقذايف مدفعيه المدفعيه بالمدفعيه صواريخ بصواريخ والمدفعي ومدفعي وصاروخي"
)


def _hits_arms(marks: Marks, at: int) -> bool:
    """Some armed body, not an attack already told, strikes a party."""
    doer = (
        at + 1 in marks.actor_at
        or at - 1 in marks.actor_at
        or marks.word(at + 1) in words("armed")
        or marks.word(at - 1) in words("armed")
    )
    return doer and any(hit.role == "party" for hit in marks.actors(at + 2, min(at + 10, marks.clause(at).last)))


def _named_after(marks: Marks, at: int) -> bool:
    """The verb has its own subject right behind it."""
    return at + 1 in marks.actor_at or marks.word(at + 1) in words("armed")


def _exploded(marks: Marks, at: int, form: Form) -> bool:
    """An explosion by a bomb: «فجر الخميس» is dawn, «دوي انفجارات» no event, «انفجار مستودع» an accident."""
    word = marks.plain(at)
    near = range(at - 3, at + 9)
    means = any((found := event_word(marks, k)) is not None and found[0] == "bombing" for k in near if k != at)
    if form.lemma.word == "فجر":
        if word in ("فجر", "الفجر", "بفجر"):
            after = marks.actor_at.get(at + 1) is not None or marks.word(at + 1) in words("armed")
            return after or any(marks.plain(k) == "نفسه" for k in near)
        return not form.suffix or means
    if any(marks.plain(k) in ("دوي", "اصوات", "صوت", "سماع", "سمع") for k in range(at - 4, at)):
        return False
    return means and not any(marks.plain(k) in _CLEARED for k in near)


def _sieged(marks: Marks, at: int, form: Form) -> Iterator[Signal]:
    """«حاصر», «يحاصر», «محاصرة البلدة»; «مناطق محاصرة» is an adjective."""
    veto = judge(marks, at, form).veto
    if form.is_verb and not form.prep:
        if veto in ("", "ongoing", "static"):
            yield Signal(at, "siege", form, bool(form.suffix))
        return
    if veto:
        return
    after = at + 1
    named = bool(marks.place_from.get(after) or marks.place_at.get(after) or form.suffix)
    named = named or marks.plain(at).startswith(("حصار", "تطويق"))
    if named and form.prep != "ل" and marks.plain(at - 1) not in ("فك", "كسر", "رفع", "اجل"):
        yield Signal(at, "siege", form)


def _advanced(marks: Marks, at: int, form: Form) -> Iterator[Signal]:
    """«اقتحم البلدة», «تقدم في المدينة»; «تقدم نحو», «لإعاقة التقدم» are none."""
    if form.prep or form.pos == IMPERFECT or form.future:
        return
    if form.lemma.word in ("اقتحم", "توغل", "اجتاح"):
        yield Signal(at, "armed_clash", form)
    elif (form.lemma.word == "تقدم" and form.pos == PERFECT) or (
        form.lemma.word == "تقدم" and form.pos == NOUN and not form.definite
    ):
        for step in range(at + 1, min(at + 7, marks.sentence(at).last)):
            if marks.word(step) in ("نحو", "باتجاه", "صوب", "الي", "تجاه"):
                return
            if marks.word(step) in ("في", "علي"):
                yield Signal(at, "armed_clash", form)
                return


_READERS: dict[str, Callable[[Marks, int, Form], Iterator[Signal]]] = {
    "strike": _strike, "explode": _explosion, "launch": _launched, "fall": _launched, "abduct": _abducted, "surround": _sieged,
    "clash": _clashed, "repel": _repelled, "enter": _advanced, "advance": _advanced, "execute": _killed, "protest": _protested,
}  # fmt: skip
"""What reads a predicate, by its class."""
