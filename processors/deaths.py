"""Words that say that people were killed or hurt, as triggers with what they govern.

مقتل, مصرع, استشهاد, إصابة …            verbal nouns: the people follow
قتل, استشهد, أصيب, أعدم …               verbs: the people follow or stand before
لقي … مصرعه, لقوا حتفهم, فارق الحياة     set phrases around or after the people
أودى بحياة, راح ضحيته, أوقع … قتلى       light verbs: the noun says what happened
قتلى, جرحى                             nouns that say it themselves
"""

from dataclasses import dataclass, replace

from processors.marks import Marks, choose
from processors.morphology import IMPERFECT, NOUN, PARTICIPLE, PERFECT, Form
from processors.words import Person, listed, person

KILLED, WOUNDED = "killed", "wounded"
_SET_DEATH = frozenset({"حتفهن", "مصرعهن", "مصرعه", "مصرعهم", "مصرعها", "مصرعهما", "حتفه", "حتفهم", "حتفها", "حتفهما"})
_MET = listed("لقي لقيت لقوا يلقي لاقي لاقوا")
_CARRIED_OFF = listed("اودي اودت يودي تودي")
_TOOK_LIVES = listed("ازهق ازهقت")
_AS_VICTIM = listed("ضحيته ضحيتها ضحيتهما ضحيه")
_PARTED = listed("فارق فارقت فارقوا")
_PERISHED = listed("قضوا قضي قضت")
_SET_WORDS = _SET_DEATH | _MET | _CARRIED_OFF | _TOOK_LIVES | _AS_VICTIM | _PARTED | _PERISHED
_FALLING = listed("سقوط بسقوط لسقوط سقط موقعا موقعه مخلفا مخلفه")
_HAPPENING = frozenset({"kill", "wound", "execute"})


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word of killing or wounding.

    Attributes:
        at, last: its tokens.
        roles: what it says of the people: KILLED, WOUNDED or both («مقتل وإصابة»).
        verb, active: a verb; one that may have a killer as its subject.
        follows: it may stand after its people («26 متمردا لقوا مصرعهم»).
        needs_subject: a passive verb.
        bare: a noun that counts people itself («قتلى») and has no number.
        noun_only: it governs no number («قتلى» beside «23»).
        plural: a verb in the plural or dual, which follows its people.
        combatants: it says so of soldiers only («خسرت 139 جنديا»).
    """

    at: int
    last: int
    roles: frozenset[str]
    verb: bool = False
    active: bool = False
    follows: bool = False
    needs_subject: bool = False
    bare: bool = False
    noun_only: bool = False
    plural: bool = False
    combatants: bool = False


def triggers(marks: Marks, first: int, last: int) -> list[Trigger]:
    """The triggers of a sentence in order; negated and future ones are left out."""
    found: list[Trigger] = []
    free = first
    for at in range(first, last):
        trigger = _trigger(marks, at, last) if at >= free else None
        if trigger is None:
            continue
        if found and _joins(marks, found[-1], trigger):
            found[-1] = _merged(found[-1], trigger)
        else:
            found.append(trigger)
        free = trigger.last
    return found


def _trigger(marks: Marks, at: int, last: int) -> Trigger | None:
    plain, who = marks.plains[at], person(marks.folded[at])
    trigger = _set_phrase(marks, at, last) if plain in _SET_WORDS else None
    if trigger is None and (marks.forms[at] or plain in _FALLING):
        trigger = _falling(marks, at) or _predicate(marks, at)
    if trigger is None and who and who.kind in ("dead", "wounded"):
        trigger = _noun(marks, at, who)
    return trigger


def _set_phrase(marks: Marks, at: int, last: int) -> Trigger | None:
    """«لقي … مصرعهم», «أودى بحياة», «راح ضحيته», «فارق الحياة»."""
    word, after = marks.plain(at), marks.word(at + 1)
    if word in _MET:
        if any(marks.word(k) in _SET_DEATH for k in range(at + 1, min(at + 30, last))):
            return Trigger(at, at + 1, frozenset({KILLED}), verb=True, follows=True)
        return None
    if word in _SET_DEATH:
        return Trigger(at, at + 1, frozenset({KILLED}), follows=True, noun_only=True)
    if word in _CARRIED_OFF and after == "بحياه":
        return Trigger(at, at + 2, frozenset({KILLED}), verb=True)
    if word in _TOOK_LIVES and "ارواح" in (after, marks.word(at + 2), marks.word(at + 3), marks.word(at + 4)):
        return Trigger(at, at + 1, frozenset({KILLED}), verb=True, active=True)
    if word in _AS_VICTIM and marks.plain(at - 1) in ("راح", "راحت", "ذهب", "وقع", "سقط"):
        return Trigger(at, at + 1, frozenset({KILLED}), verb=True)
    if word in _PARTED and after == "الحياه":
        return Trigger(at, at + 2, frozenset({KILLED}), verb=True, follows=True)
    if (
        word in _PERISHED
        and after not in ("ب", "علي", "بان")
        and not after.startswith("ب")
        and (word != "قضي" or at + 1 in marks.number_at or person(after) is not None)
    ):
        return Trigger(at, at + 1, frozenset({KILLED}), verb=True, follows=True)
    return None


def _falling(marks: Marks, at: int) -> Trigger | None:
    """«سقوط 26 شخصا», «موقعا 14 مدنيا», «خسرت البلاد 139 جنديا»."""
    word = marks.plain(at)
    if word in _FALLING and (number := marks.number_at.get(at + 1)):
        who = person(marks.word(number.last)) or person(marks.word(number.last - 1))
        if who and who.kind not in ("dead", "wounded"):
            return Trigger(at, at + 1, frozenset({KILLED}))
    if any(form.cls == "lose" and form.is_verb and form.lemma.word in ("خسر", "فقد") for form in marks.forms[at]):
        return Trigger(at, at + 1, frozenset({KILLED}), verb=True, active=True, combatants=True)
    return None


def _predicate(marks: Marks, at: int) -> Trigger | None:
    forms = [form for form in marks.forms[at] if form.cls in _HAPPENING]
    if not forms or not _is_happening(marks, at, forms):
        return None
    form = choose(marks, at)
    if form is None or form.cls not in _HAPPENING:
        form = forms[0]
    role = frozenset({WOUNDED if form.cls == "wound" else KILLED})
    if form.lemma.word in ("قضي", "لقي", "راح", "حصد", "اباد", "ازهق"):
        return None
    if form.is_verb:
        intransitive = form.lemma.word in ("استشهد", "توفي", "هلك", "مات", "صرع")
        return Trigger(
            at, at + 1, role, verb=True, active=not intransitive, follows=True, needs_subject=True, plural=form.plural
        )
    return Trigger(at, at + 1, role)


def _is_happening(marks: Marks, at: int, forms: list[Form]) -> bool:
    """Not negated, not to come, not a wish («بقتل», «لقتل»), no participle («قاتل»)."""
    if any(form.future for form in forms) or all(form.pos == PARTICIPLE for form in forms):
        return False
    before = [marks.plain(k) for k in range(max(at - 2, 0), at)]
    if any(word in ("لم", "لن", "لا", "دون", "بدون", "عدم") for word in before):
        return False
    if all(form.pos == IMPERFECT for form in forms) and any(word in ("ان", "كي", "قد", "سوف") for word in before):
        return False
    if all(form.prep == "ل" for form in forms):
        # «ما أدى لإصابة خمسة» tells, «لقتل» wants.
        return any(form.cls == "result" for k in range(max(at - 3, 0), at) for form in marks.forms[k])
    return True


def _noun(marks: Marks, at: int, who: Person) -> Trigger | None:
    """«قتلى», «جرحى», «ضحايا»: people nouns that say what happened, in the plural without a number."""
    role = frozenset({KILLED if who.kind == "dead" else WOUNDED})
    counted = marks.plain(at - 1) in ("عدد", "حصيله", "اعداد")
    if not counted and (at in marks.number_at or marks.number_at.get(at - 1) or marks.number_at.get(at - 2)):
        return Trigger(at, at + 1, role, noun_only=True)
    if who.number == 1 and not who.definite and marks.plain(at - 1) in ("سقوط", "وقوع", "سقط"):
        return Trigger(at, at + 1, role, bare=True)
    if who.number == 3:
        # «عدد القتلى 12», «ارتفعت حصيلة القتلى إلى 12»: the number follows.
        counted = counted or marks.plain(at - 2) in ("عدد", "حصيله")
        other = person(marks.word(at - 1))
        fallen = marks.plain(at - 2 if other and other.kind in ("dead", "wounded") else at - 1) in ("سقطوا", "سقطا")
        return Trigger(at, at + 1, role, bare=not counted and not who.definite and not fallen, follows=fallen)
    return None


def _joins(marks: Marks, one: Trigger, two: Trigger) -> bool:
    """«مقتل وإصابة», «قتلى وجرحى», «قتل وأصيب»."""
    if one.verb and two.verb and one.plural:
        # «خمسة قتلوا وأصيب ستة»: the plural has its people before it.
        return False
    return (
        one.last == two.at
        and one.roles != two.roles
        and marks.word(two.at).startswith("و")
        and one.bare == two.bare
        and one.noun_only == two.noun_only
    )


def _merged(one: Trigger, two: Trigger) -> Trigger:
    return replace(one, last=two.last, roles=one.roles | two.roles)


__all__ = ["KILLED", "NOUN", "PERFECT", "WOUNDED", "Trigger", "triggers"]
