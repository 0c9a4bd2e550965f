"""Layer 5, roles: which places a predicate takes, who does it, against whom.

Order in Arabic news is verb, subject, object («حررت القوات البلدة») or subject, verb, object («القوات حررت البلدة»); a
verbal noun takes its subject as the next noun («سيطرة القوات على») or as a suffix («سيطرتها على»). A place is taken whole only
where nothing but a head noun, «كامل» or an adjective stands between the predicate and its name: «أجزاء من حلب», «مواقع في
درعا» and «محيط تدمر» are other things than the place itself.
"""

from dataclasses import dataclass

from processors.marks import ADVERBS, COMMAS, PREPOSITIONS, QUOTES, Marks
from processors.reading import ActorHit, PlaceHit
from processors.words import person, words

_DIRECTIONS = frozenset(
    "شمال جنوب شرق غرب شمالي جنوبي شرقي غربي شمالا جنوبا شرقا غربا وسط قرب قبيل قباله عند داخل خارج ضمن بمحاذاه المطل المطله المطلين المحاذي "
    "المحاذيه الواقع الواقعه الواقعين التابع التابعه التابعتين القريب القريبه القريبتين المجاور المجاوره المتاخم المتاخمه المودي الموديه "
    "الرابط الرابطه المعروف المعروفه المسماه المسمي".split()
)
_IN = frozenset(
    {"في", "من", "الي", "علي", "عن", "بين", "نحو", "صوب", "باتجاه", "مع", "ضد", "حول", "عبر", "لدي", "خلال"}
)
PHRASE_ENDS = frozenset(
    "بعد عقب اثر حيث فيما بينما كما وذلك خلال قبل منذ اذ بعدما عندما ثم لكن حين غداه وسط جراء رغم مما ما بعيد قبيل حتي كي لكي ان انه "
    "انها التي الذي الذين وهي وهو مشيرا موكدا مضيفا موضحا لافتا بهدف بغيه تمهيدا".split()
)
_PLURAL_HEADS = frozenset("قري احياء مناطق مواقع بلدات مدن نقاط ضواحي".split())
_MAX_GAP = 8


@dataclass(frozen=True, slots=True)
class Taken:
    """A place that a predicate takes.

    Attributes:
        hit: the place.
        whole: the place itself, not something in or of it.
        at: token where it is named or meant («المدينة»).
    """

    hit: PlaceHit
    whole: bool
    at: int


def objects(marks: Marks, start: int, end: int, direct: bool = False) -> list[Taken]:
    """The places of the noun phrase that begins at a token, with those coordinated to it.

    Args:
        start: the token after the preposition («على») or, where `direct`, after the verb: its subject may come first.
        end: token at which the search ends.
    """
    return _Phrase(marks, end, direct).read(start)


class _Phrase:
    def __init__(self, marks: Marks, end: int, direct: bool) -> None:
        self.marks, self.end, self.direct = marks, end, direct
        self.partial = False
        self.gap = 0

    def read(self, at: int) -> list[Taken]:
        while at < self.end and self.gap <= _MAX_GAP:
            hit = self.marks.place_from.get(at) or self.marks.place_at.get(at)
            if hit:
                if self._is_subject_place(hit):
                    at = hit.last
                    continue
                return self._with_coordinated(hit, at)
            step = self._bridge(at)
            if step is None:
                return []
            if isinstance(step, PlaceHit):
                return self._with_coordinated(step, at, named=False)
            at = step
        return []

    def _is_subject_place(self, hit: PlaceHit) -> bool:
        """«مقاتلو درعا», «سكان في حلب»: a place behind a preposition is no direct object."""
        before = self.marks.word(min(hit.head_first, hit.first) - 1) if hit.head else self.marks.word(hit.first - 1)
        return self.direct and not self.partial and (before in _IN or hit.proclitic.endswith(("ب", "ل")))

    def _bridge(self, at: int) -> int | PlaceHit | None:
        """The next token to look at, a place that is meant by «المدينة», or None where the phrase ends."""
        marks, word = self.marks, self.marks.word(at)
        plain = marks.plain(at)
        actor = marks.actor_at.get(at)
        if actor:
            if not self.direct:
                self.partial = True
            self.gap += 0 if self.direct else 1
            return actor.last
        if word in QUOTES or word in ADVERBS or plain in words("wholly") or word in ("انحاء", "ارجاء", "تبقي", "بقيه"):
            return at + 1
        if word in COMMAS:
            return at + 1 if self.direct else None
        if plain in PHRASE_ENDS or marks.is_finite(at):
            return None if not (plain == "ما" and marks.word(at + 1) == "تبقي") else at + 1
        if word == "من" and marks.word(at - 1) in ("كل", "تبقي"):
            return at + 1
        meant = self._meant(at)
        if meant:
            return meant
        if marks.number_at.get(at):
            self.partial = True
            return at + 1
        return self._noun(at, word, plain)

    def _noun(self, at: int, word: str, plain: str) -> int | None:
        following = self.marks.place_from.get(at + 1) or self.marks.place_at.get(at + 1)
        if word.startswith("و") and plain in words("head") and following and not self.direct:
            # «على تلال ومنطقة س»: what stood before had no name, the next member has one.
            self.partial = False
            return at + 1
        if plain in words("partly") and not (following and plain in words("head") and plain not in _PLURAL_HEADS):
            self.partial = True
        elif plain in words("head"):
            if not following and not self._head_goes_on(at):
                self.partial = True
        elif plain in words("armed") or (person(word) and self.direct):
            self.partial = self.partial or not self.direct
        elif self.direct and word.startswith("ال") and not following:
            self.gap += 1
        elif word in _IN or plain in _DIRECTIONS:
            if self.direct and not self.partial:
                return self._skip_modifier(at)
            self.partial = True
        else:
            self.partial = True
            self.gap += 1
        self.gap += 1
        return at + 1

    def _skip_modifier(self, at: int) -> int:
        """Past «في محافظة حلب» behind a subject."""
        at += 1
        while at < self.end and self.gap <= _MAX_GAP:
            hit = self.marks.place_from.get(at) or self.marks.place_at.get(at)
            if hit:
                return hit.last
            actor = self.marks.actor_at.get(at)
            if actor:
                return actor.last
            self.gap += 1
            if self.marks.word(at) in COMMAS:
                return at + 1
            at += 1
        return at

    def _head_goes_on(self, at: int) -> bool:
        """«مركز مديرية التحيتا», «مباني السجن»: another head, a quotation mark or an adjective follows."""
        after = self.marks.word(at + 1)
        return after in words("head") or after in QUOTES or after in words("wholly")

    def _meant(self, at: int) -> PlaceHit | None:
        return meant_by(self.marks, at)

    def _with_coordinated(self, hit: PlaceHit, at: int, named: bool = True) -> list[Taken]:
        if not named:
            return [Taken(hit, not self.partial, at)]
        whole = not self.partial and not self._is_plural_whole(hit)
        taken = [Taken(hit, whole, at)]
        at = hit.last
        modifier_group = -1
        pending = False
        while at < self.end:
            word, plain = self.marks.word(at), self.marks.plain(at)
            following = self.marks.place_from.get(at) or self.marks.place_at.get(at)
            if following:
                joined = (
                    pending
                    or word.startswith("و")
                    or self.marks.word(at - 1) == "و"
                    or following.proclitic.startswith("و")
                )
                joined = joined or (following.group == hit.group and following.group > 0)
                in_modifier = self.marks.plain(at - 1) in _IN | _DIRECTIONS or following.proclitic.endswith(("ب", "ل"))
                if in_modifier or following.group == modifier_group > 0:
                    modifier_group = following.group
                elif joined and (following.head or modifier_group < 0 or following.group == hit.group > 0):
                    taken.append(Taken(following, whole, at))
                elif modifier_group < 0 and not joined:
                    modifier_group = following.group
                pending = False
                at = following.last
                continue
            if self._stops(at, word, plain) or not self._goes_on(at, word, plain):
                break
            pending = word == "و" or word in COMMAS or (pending and (word in QUOTES or plain in words("head")))
            pending = pending or (word.startswith("و") and plain in words("head"))
            at += 1
        return taken

    def _goes_on(self, at: int, word: str, plain: str) -> bool:
        """Between the names of a list stand heads, adjectives, modifiers and punctuation, nothing else."""
        if not word[:1].isalnum() or at in self.marks.actor_at or at in self.marks.number_at:
            return True
        if (
            word.startswith(("ال", "وال", "بال"))
            or plain in words("head")
            or plain in words("wholly")
            or word in ADVERBS
        ):
            return True
        known = plain in _IN or plain in _DIRECTIONS or word in ("و", "كلم", "كم", "كيلومترا", "ايضا")
        return (
            known or word[:1] in "ب" and word[1:] in words("head") or word == "بريف" or self.marks.plain(at - 1) in _IN
        )

    def _stops(self, at: int, word: str, plain: str) -> bool:
        marks = self.marks
        if plain in PHRASE_ENDS or marks.is_finite(at):
            return True
        if word.startswith("و") and len(word) > 3:
            # «وقرية ص»: goes on where a place or its head noun follows, else the list has ended.
            return plain not in words("head") and plain not in words("partly") and plain not in ("محيط", "ريف", "اطراف")
        if word in COMMAS:
            after = marks.word(at + 1)
            return not (
                after.startswith("و")
                or marks.place_from.get(at + 1)
                or marks.place_at.get(at + 1)
                or after in _DIRECTIONS
            )
        return word in (".", "\n", "؛", "؟", "!")

    def _is_plural_whole(self, hit: PlaceHit) -> bool:
        """«أحياء حلب», «قرى درعا»: a plural head with one name means parts of it."""
        if not hit.head or hit.head_first >= hit.first:
            return False
        plain = self.marks.plain(hit.head_first)
        if plain not in _PLURAL_HEADS:
            return False
        return sum(1 for place in self.marks.reading.places if place.group == hit.group) < 2


_SELF = frozenset("ذاتها نفسها ذاته نفسه المذكوره الاستراتيجيه بالكامل بكاملها باكملها بكامله كلها".split())


def meant_by(marks: Marks, at: int) -> PlaceHit | None:
    """The place that «المدينة», «القرية ذاتها» at a token mean; «المنطقة الجبلية» and «المدينة الخضراء» mean others."""
    word, after = marks.plain(at), marks.word(at + 1)
    if word not in words("resolve") or marks.place_from.get(at + 1) or marks.place_at.get(at + 1):
        return None
    if (
        after.startswith("ال")
        and after not in _SELF
        and after not in ADVERBS
        and after not in ("التي", "الذي", "الواقعه", "الواقع")
    ):
        return None
    return antecedent(marks, at, word)


def antecedent(marks: Marks, at: int, word: str) -> PlaceHit | None:
    """The place that «المدينة», «القرية», «المطار» mean: the last one named with that head noun, else of that kind."""
    head = word.removeprefix("ال").removesuffix("ين") if word.endswith("تين") else word.removeprefix("ال")
    settlement = head in ("مدينه", "بلده", "قريه", "ضاحيه")
    fallback: PlaceHit | None = None
    for place in reversed(marks.reading.places):
        if place.last > at or place.in_name or place.dateline:
            continue
        if place.head == head or marks.word(place.first).startswith(head):
            return place
        if marks.sentence_at[place.first] < marks.sentence_at[at] - 2:
            continue
        kind_fits = (
            settlement
            and place.head in ("", "مدينه", "بلده", "قريه")
            and place.ref.place_type not in ("neighbourhood", "road", "governorate")
        )
        if fallback is None and kind_fits:
            fallback = place
    return fallback


def subject(marks: Marks, at: int, left: int) -> tuple[ActorHit | None, bool]:
    """The actor that does what the verb at a token says, and whether the subject is some body of armed people.

    Looks right of the verb first, then left to `left`; an actor behind a preposition is no subject. A subject that is
    no actor and no armed noun («سيطر الحزن على المدينة») gives (None, False); no subject at all gives (None, True).
    """
    step = at + 1
    while (
        marks.word(step) in QUOTES
        or marks.word(step) in ADVERBS
        or marks.word(step) in COMMAS
        or marks.number_at.get(step)
    ):
        step += 1
    actor = marks.actor_at.get(step)
    if actor and not preposition_of(marks, actor):
        return actor, actor.role == "party"
    word = marks.word(step)
    if word in words("armed") or (person(word) and (person(word).kind == "combatant")):  # type: ignore[union-attr]
        inner = next(marks.actors(step, min(step + 4, len(marks.folded))), None)
        return (inner if inner and preposition_of(marks, inner) not in ("ل", "من", "ب") else None), True
    overt = (
        word and word not in PREPOSITIONS and marks.plain(step) not in words("head") and not marks.place_from.get(step)
    )
    if overt and word[:1].isalpha() and not marks.place_at.get(step) and not word.startswith(("ب", "ل", "و")):
        if word not in words("nature") and word not in words("wholly") and _is_pronoun_subject(marks, at):
            return left_subject(marks, at, left), True
        return None, False
    return left_subject(marks, at, left), True


def _is_pronoun_subject(marks: Marks, at: int) -> bool:
    """A plural verb has its subject before it: «سيطروا مجددا على»."""
    return any(form.is_verb and form.plural for form in marks.forms[at])


def left_subject(marks: Marks, at: int, left: int) -> ActorHit | None:
    """The nearest actor before a token that stands as a subject may stand; «مقاتلوها» means the nearest of any standing.

    Where no actor stands free, one behind «في» or «ل» will do («مصادر في المقاومة», «بيان للجيش»), never one behind «من»,
    «مع», «ضد» or «على».
    """
    owner = _own_fighters(marks, at)
    aside: ActorHit | None = None
    loose: ActorHit | None = None
    for step in range(at - 1, left - 1, -1):
        hit = marks.actor_at.get(step)
        if hit is None or hit.last - 1 != step or hit.role != "party":
            continue
        before = preposition_of(marks, hit)
        if before:
            loose = loose or (hit if before in ("في", "داخل") or (before == "ل" and _speaks_for(marks, hit)) else None)
            if not (owner and loose):
                continue
        if _is_object(marks, hit):
            continue
        clause = marks.clause(step)
        if (
            clause.opener in _SUBORDINATE
            and not clause.first <= at < clause.last
            and marks.sentence_at[step] == marks.sentence_at[at]
        ):
            # «دخل أ المدينة بعد أن انسحب ب، وسيطر على»: the main clause goes on with its own subject.
            aside = aside or hit
            continue
        return hit
    return aside or (loose if loose and marks.sentence_at[loose.first] == marks.sentence_at[at] else None)


_LOYAL = frozenset("تابع تابعه موال مواليه التابع التابعه التابعين الموالي المواليه الموالين المنتمي المنتميه".split())


def _is_object(marks: Marks, hit: ActorHit) -> bool:
    """«فاجأت المقاومة قوات التمرد الحوثي»: the second of two actors side by side is the object."""
    step = hit.first - 1
    while step > hit.first - 5 and (marks.word(step) in ADVERBS or _over(marks, step)):
        step -= 1
    other = marks.actor_at.get(step)
    return (
        other is not None
        and other.role == "party"
        and other.side != hit.side
        and not marks.word(hit.first).startswith("و")
    )


def _speaks_for(marks: Marks, hit: ActorHit) -> bool:
    """«بيان للجيش», «المركز الإعلامي للقوات», «متحدث تابع للحوثيين»."""
    return any(
        marks.plain(k) in words("spokes") or marks.plain(k) in _LOYAL for k in range(max(hit.first - 3, 0), hit.first)
    )


def _own_fighters(marks: Marks, at: int) -> bool:
    """«مقاتليها تمكنوا»: the subject right before the verb is somebody's fighters."""
    word = marks.plain(at - 1)
    return (
        word in words("armed")
        and word.endswith(("ها", "هم", "ه"))
        and word not in ("جبهه", "هييه", "فرقه", "كتيبه", "وحده", "حركه", "الشرطه")
    )


_SUBORDINATE = frozenset({"بعد ان", "بعدما", "قبل ان", "عقب", "اثر", "عندما", "حينما"})


_THAT = frozenset("ان انه انها انهم بان كما حيث فيما بينما لكن ثم اذ لان".split())
_GRIP = frozenset("قبضه سيطره ايدي يد مواقع تجمعات معاقل هجمات براثن دنس صفوف مراكز حواجز مقرات".split())


def _over(marks: Marks, at: int) -> bool:
    """A noun that stands over an actor: «عناصر», «قبضة», and «التمرد» in «التمرد الحوثي»."""
    word = marks.plain(at)
    if word in words("armed") or word in _GRIP:
        return True
    return word.startswith("ال") and at not in marks.actor_at and at not in marks.place_at and not marks.is_finite(at)


def preposition_of(marks: Marks, hit: ActorHit) -> str:
    """The preposition that an actor stands behind, also as a proclitic or over «عناصر», «قبضة», «مواقع»; "" for none."""
    token = marks.reading.tokens[hit.first]
    clitic = marks.folded[hit.first][: max(hit.start - token.start, 0)].lstrip("وف")
    if clitic or marks.word(hit.first).startswith("لل"):
        return (clitic or "ل")[-1]
    step = hit.first - 1
    while step > hit.first - 4 and _over(marks, step):
        if marks.plain(step) in _GRIP and marks.plain(step) != "صفوف":
            return "من"
        step -= 1
    word = marks.plain(step)
    if word[:1] in "بل" and word[1:] in words("armed"):
        return word[0]
    if word == "من" and person(marks.plain(step - 1)):
        # «12 مقاتلا من قوات النظام»: part of the body, which stays the subject's.
        return ""
    if word in PREPOSITIONS or word == "قبل":
        return word
    # «بغطاء من قيادة التحالف»: one noun in the construct state between the preposition and the actor.
    construct = (
        word[:1].isalpha()
        and not marks.forms[step]
        and step not in marks.place_at
        and step not in marks.actor_at
        and not marks.is_finite(step)
    )
    before = marks.plain(step - 1)
    return before if construct and word not in _THAT and before in PREPOSITIONS else ""


_CLASHES = frozenset(
    "اشتباكات معارك مواجهات قتال اشتباك حرب هجوم عمليات عمليه معركه الاشتباكات المعارك المواجهات تشتبك اشتبكت".split()
)


def loser(marks: Marks, at: int, end: int, to: str | None) -> ActorHit | None:
    """Who held the place: behind «من (قبضة|أيدي)» after the phrase that ends at `end`, else fought «مع» or «ضد» in the sentence."""
    sentence = marks.sentence(at)
    after = [hit for hit in marks.actors(end, sentence.last) if hit.role == "party"]
    held = next((hit for hit in after if held_by(marks, hit) and hit.first - end < 14), None)
    if held:
        return held
    fought = [hit for hit in marks.actors(sentence.first, sentence.last) if hit.role == "party" and hit.side != to]
    near = sorted(fought, key=lambda hit: abs(hit.first - at))
    return next((hit for hit in near if _fought(marks, hit)), None)


def _fought(marks: Marks, hit: ActorHit) -> bool:
    """«اشتباكات مع X», «معارك ضد X»; «الحدود مع تركيا» is no fight."""
    step = hit.first - 1
    while step > hit.first - 4 and _over(marks, step):
        step -= 1
    if marks.plain(step) == "ضد":
        return True
    return marks.plain(step) == "مع" and any(marks.plain(k) in _CLASHES for k in range(max(step - 5, 0), step))


_BACKED = (
    "بدعم",
    "باسناد",
    "مدعوم",
    "مسنود",
    "بمسانده",
    "بمشاركه",
    "بغطاء",
    "مقرب",
    "قريب",
    "عدد",
    "مكون",
    "موالي",
    "عناصر",
    "مجموع",
)


def held_by(marks: Marks, hit: ActorHit) -> bool:
    """The actor stands behind «من», also «من قبضة», «من أيدي»; not behind «بدعم من», «المدعومة من», «عدد من»."""
    return _opener(marks, hit) == "من" and not any(
        marks.plain(k).lstrip("ال").startswith(_BACKED) for k in range(max(hit.first - 4, 0), hit.first)
    )


def _opener(marks: Marks, hit: ActorHit) -> str:
    """The preposition that brings in an actor, past nouns that stand over it."""
    for step in range(hit.first - 1, max(hit.first - 5, -1), -1):
        word = marks.plain(step)
        if not _over(marks, step):
            return word
    return ""


def coordinated(marks: Marks, hit: PlaceHit, end: int) -> list[PlaceHit]:
    """A place with those that the same list names: «البساتين وجعولة», «بلدات أ وب وج»; modifiers are passed over."""
    begin = min(hit.head_first, hit.first) if hit.head else hit.first
    found = objects(marks, begin, end)
    return [taken.hit for taken in found] or [hit]
