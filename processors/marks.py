"""Layer 5, ground: one article as numbered tokens with all that is known of each: predicates, places, actors, numbers.

The frames of control.py, casualties.py and events.py walk over these tables and never over the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from processors.morphology import Form, analyse
from processors.reading import ActorHit, Clause, NumberHit, PlaceHit, Reading, Sentence
from processors.theatre import in_theatre
from processors.words import listed, without_and, words

QUOTES = frozenset("\"«»“”„'()[]{}")


COMMAS = frozenset({"،", ",", "-", "–", "—", "..", "...", "…", ":"})


PREPOSITIONS = listed(
    "من في علي الي عن مع ضد بين امام نحو عبر صوب باتجاه حول داخل قرب لدي حتي ضمن بحق قباله خلف "
    "عليها عليه عليهم عليهما منها منه فيها فيه اليها اليه"
)


ADVERBS = listed(
    "امس اليوم الان ايضا مجددا حاليا لاحقا موخرا فجر صباح مساء ظهر ليل ليله صباحا مساء فجرا ليلا الاحد الاثنين الثلاثاء الاربعاء الخميس "
    "الجمعه السبت بشكل كامل كامله بالكامل كليا تماما رسميا الماضي الجاري قد ثم فعليا فعلا يوم الكامله التامه الكليه المطلقه الفعليه "
    "المباشره الشامله كاملا نهايي نهاييا سريعا سريع مفاجي تام شبه مجمل بسهوله بشكل من_جديد"
)


@dataclass(frozen=True, slots=True)
class Marks:
    """The tables.

    Attributes:
        folded: folded word of each token.
        forms: readings of each token as a predicate; () inside the names of places and actors.
        place_at, place_from: hit that covers a token; hit whose head noun or name begins at a token.
        actor_at, number_at: hit that covers a token.
        sentence_at: number of a token's sentence.
        plains: folded words without a leading «و»/«ف».
        cache: what a layer has worked out once for the article (times, event words, readings chosen).
    """

    reading: Reading
    folded: tuple[str, ...]
    forms: tuple[tuple[Form, ...], ...]
    place_at: dict[int, PlaceHit] = field(default_factory=dict)
    place_from: dict[int, PlaceHit] = field(default_factory=dict)
    actor_at: dict[int, ActorHit] = field(default_factory=dict)
    number_at: dict[int, NumberHit] = field(default_factory=dict)
    sentence_at: tuple[int, ...] = ()
    plains: tuple[str, ...] = ()
    cache: dict[str, object] = field(default_factory=dict)

    def word(self, at: int) -> str:
        """The folded word without «و»/«ف» of a proclitic conjunction; "" outside the article."""
        return self.folded[at] if 0 <= at < len(self.folded) else ""

    def plain(self, at: int) -> str:
        """The folded word with a leading «و»/«ف» taken off."""
        return self.plains[at] if 0 <= at < len(self.plains) else ""

    def joins(self, at: int) -> bool:
        """The word carries a proclitic «و»: not «وادي», «ولاية», which begin with it."""
        return self.word(at).startswith("و") and self.plain(at) != self.word(at)

    def sentence(self, at: int) -> Sentence:
        return self.reading.sentences[self.sentence_at[at]]

    def clause(self, at: int) -> Clause:
        """The clause of a token."""
        clauses = self.sentence(at).clauses
        for clause in clauses:
            if clause.first <= at < clause.last:
                return clause
        return clauses[-1]

    def is_finite(self, at: int) -> bool:
        """The token is read as a finite verb: it has a verbal reading and stands where no noun must stand."""
        form = choose(self, at)
        return form is not None and form.is_verb

    def actors(self, first: int, last: int) -> Iterator[ActorHit]:
        """Actor hits that begin in [first, last), in order."""
        at = first
        while at < last:
            hit = self.actor_at.get(at)
            if hit and hit.first >= first:
                yield hit
                at = hit.last
            else:
                at += 1


def mark(reading: Reading) -> Marks:
    """The tables of an article."""
    folded = tuple(token.folded for token in reading.tokens)
    place_at: dict[int, PlaceHit] = {}
    place_from: dict[int, PlaceHit] = {}
    named: set[int] = set()
    for place in reading.places:
        if place.in_name:
            named.update(range(place.first, place.last))
        if place.in_name or place.dateline:
            continue
        for at in range(place.first, place.last):
            place_at[at] = place
        place_from.setdefault(min(place.head_first, place.first) if place.head else place.first, place)
        named.update(range(place.first, place.last))
    actor_at: dict[int, ActorHit] = {}
    for actor in in_theatre(reading.actors):
        for at in range(actor.first, actor.last):
            actor_at.setdefault(at, actor)
        named.update(range(actor.first, actor.last))
    number_at = {at: number for number in reading.numbers for at in range(number.first, number.last)}
    sentence_at = [0] * len(folded)
    for number, sentence in enumerate(reading.sentences):
        for at in range(sentence.first, min(sentence.last + 1, len(folded))):
            sentence_at[at] = number
    forms = tuple([() if at in named else analyse(word) for at, word in enumerate(folded)])
    plains = tuple(map(without_and, folded))
    return Marks(reading, folded, forms, place_at, place_from, actor_at, number_at, tuple(sentence_at), plains)


_NOUN_BEFORE = listed(
    "بعد قبل منذ عقب اثر غداه فور خلال مع جراء نتيجه بسبب دون عن من الي في علي حتي لدي عند وسط رغم بفعل بعيد قبيل كل اي اعاده عدم غير"
)


_NOUN_CLASSES = frozenset(
    {"done", "success", "attempt", "say", "deny", "continue", "plan", "demand", "repel", "result", "recapture"}
)


def choose(marks: Marks, at: int) -> Form | None:
    """The reading of a token that its place in the sentence speaks for; worked out once an article."""
    if not marks.forms[at]:
        return None
    chosen = cast("dict[int, Form | None]", marks.cache.setdefault("chosen", {}))
    if at not in chosen:
        chosen[at] = _choose(marks, at)
    return chosen[at]


def _choose(marks: Marks, at: int) -> Form | None:
    """The reading of a token that its place in the sentence speaks for; None where it is no predicate.

    A verbal noun stands after a preposition, after a noun that governs it («عملية تحرير») or a light verb («تم طرد»),
    a verb at the head of a clause or after its subject.
    """
    forms = marks.forms[at]
    if not forms:
        return None
    nouns = [form for form in forms if not form.is_verb]
    verbs = [form for form in forms if form.is_verb and _can_be_verb(marks, at, form)]
    if not verbs:
        return nouns[0] if nouns else None
    if not nouns:
        return verbs[0]
    return nouns[0] if _wants_noun(marks, at, nouns[0]) else verbs[0]


def _can_be_verb(marks: Marks, at: int, form: Form) -> bool:
    """Not a jussive without «لم», an object suffix on a verb that takes «على» («سيطرتها»), or a word written with «ة»."""
    if form.jussive and marks.plain(at - 1) not in ("لم", "لما"):
        return False
    if (
        form.suffix
        and form.lemma.place != "0"
        and form.cls in ("capture", "settle", "fall", "submit", "success", "enter", "advance", "withdraw", "flee")
    ):
        return False
    return not marks.reading.tokens[at].text.endswith("ة")


def _wants_noun(marks: Marks, at: int, noun: Form) -> bool:
    if noun.definite or noun.prep:
        return True
    before = marks.plain(at - 1)
    if (
        before in _NOUN_BEFORE
        or before in words("battle")
        or before in words("attempt")
        or before in words("plan")
        or before in words("temporal")
    ):
        return True
    if noun.conj:
        # «وطرد المسلحين» goes on with nouns where a verbal noun stands before it, else with a verb.
        return False
    return any(form.cls in _NOUN_CLASSES for form in marks.forms[at - 1]) if at else False
