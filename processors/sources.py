"""Layer 7: who says it, and what standing that gives: reported, claimed, disputed.

A verb of speech before the predicate («قال المرصد إن …»), «بحسب» and «وفق» anywhere in its sentence, and a verb of speech
without a subject («وأضاف أن …»), which goes on with the last speaker. A party to the fight, its spokesman, media centre or
an unnamed military source makes a claim; monitors, residents, agencies and the writer report.
"""

from dataclasses import dataclass, replace

from processors.control_sides import opponent
from processors.folding import fold_word
from processors.marks import COMMAS, QUOTES, Marks, choose
from processors.reading import ActorHit
from processors.words import listed, words

_ACCORDING = listed("بحسب حسب وفق وفقا حسبما لوكاله نقلا")
_THAT = listed("ان انه انها انهم بان بانه بانها")
_OF_ARMS = listed("عسكري عسكريه ميداني ميدانيه امني امنيه قيادي مقاوم العسكري العسكريه الميداني الامني الحربي المسلحه")


_COGNATE = listed("نفيا تكذيبا")
"""«نفى نفيا قاطعا»: the noun strengthens the verb."""
_DENIED = _COGNATE | listed("ما لما صحه")
"""Words with which what is denied begins: the speaker is named before them."""


@dataclass(frozen=True, slots=True)
class Source:
    """A speaker.

    Attributes:
        text: as written, "" for the writer.
        side: the speaker's side where the speaker is a party, else None.
        kind: `writer`, `monitor`, `party` (or its spokesman), `unknown`.
    """

    text: str = ""
    side: str | None = None
    kind: str = "writer"


def source_of(marks: Marks, at: int) -> Source:
    """Who says what the predicate at a token says."""
    sentence = marks.sentence(at)
    for step in range(sentence.first, sentence.last):
        if marks.plain(step) in _ACCORDING and abs(step - at) < 60:
            start = step + 2 if marks.word(step + 1) in ("ما", "عن", "ل") else step + 1
            while marks.word(start) in ("ما",) or any(
                form.cls == "say" for form in (marks.forms[start] if start < len(marks.forms) else ())
            ):
                start += 1
            found = _speaker(marks, start, sentence.last)
            if found.kind != "unknown":
                return found
    for step in range(at, sentence.first - 1, -1):
        form = choose(marks, step)
        if form is None or form.cls != "say" or (form.pos == "noun" and not marks.plain(step).startswith("اعلان")):
            continue
        found = _speaker(marks, step + 1, at)
        if found.kind == "unknown":
            found = _before(marks, step)
        if found.kind == "unknown":
            found = _carried(marks, sentence.first)
        return found
    if marks.clause(at).quoted:
        return _carried(marks, sentence.first)
    return Source()


def denier_of(marks: Marks, at: int) -> Source | None:
    """Who denies what the predicate at a token says: the subject of «نفى», never the media whose report is denied; None for no such verb.

    A commander or spokesman of no named side who denies what one side's media told speaks for the other.
    """
    sentence = marks.sentence(at)
    for step in range(at - 1, sentence.first - 1, -1):
        if not any(form.cls == "deny" and form.is_verb for form in marks.forms[step]) or marks.word(step) in _COGNATE:
            continue
        denied = (k for k in range(step + 2, at) if marks.word(k) in _DENIED or marks.word(k) in words("claim_noun"))
        found = _speaker(marks, step + 1, next(denied, at))
        if found.kind == "unknown":
            found = _before(marks, step)
        if found.kind == "unknown":
            found = _carried(marks, sentence.first)
        if found.kind == "party" and found.side is None:
            told = next((hit.side for hit in marks.actors(step + 1, at) if hit.role == "party" and hit.side), None)
            return replace(found, side=opponent(marks, told) if told else None)
        return found
    return None


def _speaker(marks: Marks, start: int, end: int) -> Source:
    """The noun phrase after a verb of speech: up to «إن», a comma or six words."""
    last = start
    while last < min(end, start + 9, len(marks.folded)):
        word = marks.word(last)
        if word in _THAT or word in COMMAS or word in (".", "\n", ":") or (word in QUOTES and last > start):
            break
        last += 1
    phrase = [marks.plain(k) for k in range(start, last)]
    if not phrase:
        return Source(kind="unknown")
    text = marks.reading.text[marks.reading.tokens[start].start : marks.reading.tokens[last - 1].end]
    actor = next(marks.actors(start, last), None)
    return _judge(marks, text, phrase, actor)


def _judge(marks: Marks, text: str, phrase: list[str], actor: ActorHit | None) -> Source:
    head = phrase[0]
    raw = [fold_word(word) for word in text.split()]
    if (head in words("monitor") and not (actor and actor.role == "party" and head in ("مركز",))) or (
        actor and actor.role == "source"
    ):
        return Source(text, None, "monitor")
    if actor and actor.role == "party":
        return Source(text, actor.side, "party")
    if head in words("spokes") and any(word[:1] == "و" and word[1:] in words("monitor") for word in raw[1:]):
        # «قادة محليون وسكان»: of several speakers one is no party.
        return Source(text, None, "monitor")
    if head in words("spokes"):
        kind = (
            "party"
            if any(word in _OF_ARMS or word in words("armed") for word in phrase) or head not in ("مصدر", "مصادر")
            else "unknown_source"
        )
        return Source(text, None, kind)
    if head.startswith(("ب", "في", "عن", "الي", "علي", "من")) or (len(phrase) == 1 and not head.startswith("ال")):
        return Source(kind="unknown")
    return Source(text, None, "monitor" if any(word in words("monitor") for word in phrase) else "unknown")


def _before(marks: Marks, at: int) -> Source:
    """«المرصد قال»: an actor right before the verb."""
    hit = marks.actor_at.get(at - 1)
    if hit:
        return Source(
            hit.text, hit.side if hit.role == "party" else None, "party" if hit.role == "party" else "monitor"
        )
    return Source(kind="unknown")


def _carried(marks: Marks, before: int) -> Source:
    """The speaker of the sentences before: «وأضاف» goes on with them."""
    for step in range(before - 1, max(before - 150, -1), -1):
        form = choose(marks, step)
        if form and form.cls == "say" and form.is_verb:
            found = _speaker(marks, step + 1, marks.sentence(step).last)
            if found.kind not in ("unknown",):
                return found
    return Source()


def status(source: Source, to: str | None, hedged: bool) -> str:
    """reported or claimed: a party to the fight claims, unless it tells of its own loss."""
    if hedged:
        return "claimed"
    if source.kind == "party" and (source.side is None or source.side == to or to is None):
        return "claimed"
    return "reported"
