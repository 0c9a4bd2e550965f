"""Layer 6, what a clause and its particles say: negation, «كان قد», relative clauses, conditions, questions, modal words."""

from processors.marks import COMMAS, QUOTES, Marks, choose
from processors.morphology import IMPERFECT, NOUN, PERFECT, Form
from processors.words import words

STOPS = frozenset({".", "\n", "؟", "!", "؛"})


def negated(marks: Marks, at: int, form: Form) -> str:
    """«لم يسيطر», «لن», «لا», «ما سيطر», also with the subject or «قد» between."""
    for step in (at - 1, at - 2):
        word = marks.plain(step)
        if word in ("لم", "لن", "لما", "ليس", "ليست") or (word == "لا" and form.pos == IMPERFECT):
            return "planned" if word == "لن" and form.cls in ("withdraw", "leave", "handover") else "denied"
        if (
            word == "ما"
            and step == at - 1
            and form.pos == PERFECT
            and marks.word(step - 1) in (*COMMAS, *STOPS, "", "و")
        ):
            return "denied"
        if word not in ("قد", "بعد", "يكن", "تكن"):
            return ""
    return ""


def is_pluperfect(marks: Marks, at: int) -> str:
    """«كان(ت) … قد» before a perfect."""
    first = max(marks.clause(at).first - 8, marks.sentence(at).first)
    for step in range(at - 1, first - 1, -1):
        if marks.word(step) in STOPS:
            break
        for form in marks.forms[step]:
            if form.cls == "was" and form.pos == PERFECT:
                bare = all(marks.actor_at.get(k) or marks.plain(k) in words("armed") for k in range(step + 1, at))
                return "pluperfect" if bare or marks.plain(at - 1) == "قد" else ""
        if step < at - 1 and marks.is_finite(step):
            return ""
    return ""


def in_relative(marks: Marks, at: int) -> bool:
    """«البلدة التي سيطر عليها», «القوات التي سيطرت على»: the relative pronoun stands right before the verb."""
    for step in range(at - 1, max(at - 4, -1), -1):
        if marks.word(step) in words("relative") or marks.plain(step) in words("relative"):
            return True
        if marks.word(step) in COMMAS or marks.actor_at.get(step) or marks.is_finite(step):
            return False
    return False


def after_speech(marks: Marks, at: int) -> bool:
    """«أكد أن القوات تسيطر»: «أنّ» after a verb of speech brings a statement, not a wish."""
    if marks.word(at) in ("انه", "انها", "انهم"):
        return True
    for step in range(at - 1, max(at - 10, -1), -1):
        form = choose(marks, step)
        if form and form.cls == "say":
            return True
        if form and form.cls not in ("was",):
            return False
    return False


def story_is_past(marks: Marks, at: int) -> bool:
    """The last finite verb before a token is a perfect that stands for a fact."""
    for step in range(at - 1, marks.sentence(at).first - 1, -1):
        form = choose(marks, step)
        if form and form.is_verb:
            return form.pos == PERFECT and not negated(marks, step, form)
    return False


# --- verbal nouns


def main_is_past(marks: Marks, at: int, last: int) -> bool:
    """The first finite verb after a token is a perfect (or «باتت»)."""
    for step in range(at + 1, last):
        form = choose(marks, step)
        if form and form.is_verb:
            if form.future or form.pos == IMPERFECT:
                return False
            return not negated(marks, step, form)
    return True


def is_headline(marks: Marks, at: int) -> bool:
    """«سيطرة الجيش على البلدة»: a nominal sentence that opens with the verbal noun and has no verb tells news."""
    sentence = marks.sentence(at)
    form = choose(marks, at)
    opens = all(not marks.word(k)[:1].isalnum() or marks.word(k) == "و" for k in range(sentence.first, at))
    if not opens or form is None or form.definite or form.pos != NOUN:
        return False
    return not any(marks.is_finite(step) for step in range(at + 1, sentence.last))


def frame_veto(marks: Marks, at: int) -> str:
    """Conditions, questions and modal words over the clause of a token."""
    sentence = marks.sentence(at)
    first = sentence.first
    for step in range(at - 1, first - 1, -1):
        word = marks.plain(step)
        if word in ("اذا", "لو", "ان_كان", "لولا") or (word == "حال" and marks.plain(step - 1) == "في"):
            # «إذا … فإن القوات سيطرت» is rare; a condition governs up to its sentence's end.
            return "hypothetical"
        if at - step <= 10 and word in ("يجب", "ينبغي", "لابد", "بد"):
            return "demanded"
        if at - step <= 8 and word in words("modal") and word != "قد":
            return "hypothetical"
        if (
            at - step <= 14
            and any(form.cls in ("deny",) for form in marks.forms[step])
            and _deny_reaches(marks, step, at)
        ):
            return "denied"
        if at - step <= 8 and word in ("صحه", "لصحه") and marks.plain(step - 1) == "لا":
            return "denied"
    if marks.word(sentence.last - 1) in ("؟", "?") and not _said_before(marks, first, at):
        return "hypothetical"
    return ""


def _deny_reaches(marks: Marks, deny: int, at: int) -> bool:
    """A denial governs what follows it unless another statement begins («نفى … وأكد»)."""
    return (
        not any(
            (form := choose(marks, step)) is not None
            and form.cls == "say"
            and form.is_verb
            and marks.plain(step - 1) not in ("ما", "مما")
            for step in range(deny + 1, at)
        )
        and marks.word(deny) not in QUOTES
    )


def _said_before(marks: Marks, first: int, at: int) -> bool:
    return any((form := choose(marks, step)) is not None and form.cls == "say" for step in range(first, at))
