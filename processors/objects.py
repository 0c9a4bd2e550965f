"""Layer 5, objects: which places a predicate takes.

A place is taken whole only where nothing but a head noun, «كامل» or an adjective stands between the predicate and its name: «أجزاء
من حلب», «مواقع في درعا» and «محيط تدمر» are other things than the place itself. Lists go on over «و» and commas, past modifiers
(«بريف حلب», «شمال المدينة»); «المدينة» means the last place of its kind.
"""

from dataclasses import dataclass

from processors.marks import ADVERBS, COMMAS, QUOTES, Marks
from processors.reading import PlaceHit
from processors.words import listed, person, words

_DIRECTIONS = listed(
    "شمال جنوب شرق غرب شمالي جنوبي شرقي غربي شمالا جنوبا شرقا غربا وسط قرب قبيل قباله عند داخل خارج ضمن بمحاذاه المطل المطله المطلين "
    "المحاذي "
    "المحاذيه الواقع الواقعه الواقعين التابع التابعه التابعتين القريب القريبه القريبتين المجاور المجاوره المتاخم المتاخمه المودي الموديه "
    "الرابط الرابطه المعروف المعروفه المسماه المسمي"
)


_IN = frozenset(
    {"في", "من", "الي", "علي", "عن", "بين", "نحو", "صوب", "باتجاه", "مع", "ضد", "حول", "عبر", "لدي", "خلال"}
)


PHRASE_ENDS = listed(
    "بعد عقب اثر حيث فيما بينما كما وذلك خلال قبل منذ اذ بعدما عندما ثم لكن حين غداه وسط جراء رغم مما ما بعيد قبيل حتي كي لكي ان انه "
    "انها التي الذي الذين وهي وهو مشيرا موكدا مضيفا موضحا لافتا بهدف بغيه تمهيدا"
)


_PLURAL_HEADS = listed("قري احياء مناطق مواقع بلدات مدن نقاط ضواحي")


_OF_IT = listed("له لها لهما لهم به بها بهما منه منها عليه عليها اليه اليها")
"""Behind an adjective of place («المجاورة له»)."""
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
        self.rest = False

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
        return (
            self.direct and not self.partial and not self.rest and (before in _IN or hit.proclitic.endswith(("ب", "ل")))
        )

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
        if self._is_rest(at, word, plain):
            return at + 1
        meant = self._meant(at)
        if meant:
            return meant
        number = marks.number_at.get(at)
        if number:
            self.partial = self.partial or number.what in ("count", "people", "percent")
            return at + 1
        return self._noun(at, word, plain)

    def _is_rest(self, at: int, word: str, plain: str) -> bool:
        """«ما تبقى من مواقع في المنطقة»: with the rest of its parts the whole is taken."""
        first = at - (1 if plain in words("partly") else 2)
        rest = self.marks.word(first) == "من" and self.marks.word(first - 1) == "تبقي"
        self.rest = self.rest or rest
        return rest and (plain in words("partly") or (word == "في" and self.marks.plain(at - 1) in words("partly")))

    def _noun(self, at: int, word: str, plain: str) -> int | None:
        following = self.marks.place_from.get(at + 1) or self.marks.place_at.get(at + 1)
        if self.marks.joins(at) and plain in words("head") and following and not self.direct:
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
                    or self.marks.joins(at)
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
            pending = pending or (self.marks.joins(at) and plain in words("head"))
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
        if word in _OF_IT and self.marks.word(at - 1).startswith("ال"):
            # «محطة النقل المجاورة له وفندق النوران».
            return True
        known = plain in _IN or plain in _DIRECTIONS or word in ("و", "كلم", "كم", "كيلومترا", "ايضا")
        return (
            known
            or (word[:1] in "ب" and word[1:] in words("head"))
            or word == "بريف"
            or self.marks.plain(at - 1) in _IN
        )

    def _stops(self, at: int, word: str, plain: str) -> bool:
        marks = self.marks
        if plain in PHRASE_ENDS or marks.is_finite(at):
            return True
        if self.marks.joins(at):
            # «وقرية ص»: goes on where a place or its head noun follows, else the list has ended.
            return plain not in words("head") and plain not in words("partly") and plain not in ("محيط", "ريف", "اطراف")
        if word in COMMAS:
            after = marks.word(at + 1)
            return not (
                marks.joins(at + 1)
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


_SELF = listed("ذاتها نفسها ذاته نفسه المذكوره الاستراتيجيه بالكامل بكاملها باكملها بكامله كلها")


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
    named = [place for place in marks.reading.places if place.last <= at and not place.dateline]
    for index in range(len(named) - 1, -1, -1):
        place = named[index]
        if place.in_name and not (settlement and _is_home(marks, place)):
            # «مجلس محجة»: it may be this one that is meant, so nothing farther off is.
            if fallback is None and marks.sentence_at[place.first] == marks.sentence_at[at]:
                return None
            continue
        apart = marks.sentence_at[at] - marks.sentence_at[place.first]
        if head == "منطقه" and place.ref.lat is None and not place.ref.place_id.startswith("x:"):
            # A region such as the Gulf, which nobody takes.
            continue
        if head == "موقع" and place.ref.place_id.startswith("x:"):
            # As likely a web site.
            continue
        if head == "محافظه" and apart == 0 and fallback is None and place.ref.admin1 == place.ref.name_ar != "":
            # «محافظا لعدن بعد تحرير المحافظة»: the province of that name, though another was named as such before.
            return place
        if place.head == head or marks.word(place.first).startswith(head):
            # The last one with that head noun, unless another that fits was named since and this one lies far back.
            return place if apart <= _FAR and (fallback is None or apart <= 2) else fallback
        if marks.sentence_at[place.first] < marks.sentence_at[at] - 2:
            continue
        if (
            fallback is None
            and settlement
            and _may_be(marks, place, head)
            and not (index and _holds(marks, place, named[index - 1]))
        ):
            fallback = place
    return fallback


_FAR = 8
"""Sentences beyond which «المدينة» means no place that was named before."""
_KINDS = {
    "مدينه": ("city", "town", "", "other"), "بلده": ("town", "village", "", "other"), "قريه": ("village", "", "other"),
    "ضاحيه": ("town", "neighbourhood", "", "other"),
}  # fmt: skip


def _may_be(marks: Marks, place: PlaceHit, head: str) -> bool:
    """A place named without that head noun may be meant by it: its kind fits, and it is not where somebody goes («إلى إدلب»)."""
    begin = min(place.head_first, place.first) if place.head else place.first
    if place.head not in ("", "مدينه", "بلده", "قريه") or place.ref.place_type not in _KINDS.get(head, ()):
        return False
    first = marks.word(place.first)
    if place.ref.place_id.startswith("x:") and not place.head and (first.startswith("ال") or first in words("head")):
        # «الشريط الحدودي», «مبنى القيادة»: an unknown name that may be ordinary words, and one that is no town.
        return False
    before = marks.plain(begin - 1)
    if before == "من":
        # «انسحبوا من X»: the place that is left is what the sentence is about; «القادم من X» is not.
        near = range(max(begin - 7, 0), begin - 1)
        return any(form.cls in ("withdraw", "leave", "expel", "flee") for k in near for form in marks.forms[k])
    return before not in ("الي", "نحو", "باتجاه", "صوب") and not place.proclitic.endswith("ل")


_PEOPLE = listed("ثوار اهالي ابناء سكان مقاتلي مقاتلو مسلحي مسلحو مجاهدي مجاهدو مهجري نازحي فصايل")


def _is_home(marks: Marks, place: PlaceHit) -> bool:
    """«ثوار محجة», «أبناء محجة»: people named after their town, which is still spoken of."""
    return marks.plain(place.first - 1) in _PEOPLE and not place.proclitic


def _holds(marks: Marks, place: PlaceHit, before: PlaceHit) -> bool:
    """«أخترين بريف حلب»: the second place only says where the first lies."""
    begin = min(place.head_first, place.first) if place.head else place.first
    between = [marks.plain(k) for k in range(before.last, begin)]
    linked = (
        place.proclitic.endswith("ب")
        or marks.word(begin).startswith("ب")
        or any(word in _IN | _DIRECTIONS | {"بريف"} for word in between)
    )
    return len(between) <= 3 and linked


def coordinated(marks: Marks, hit: PlaceHit, end: int) -> list[PlaceHit]:
    """A place with those that the same list names: «البساتين وجعولة», «بلدات أ وب وج»; modifiers are passed over."""
    begin = min(hit.head_first, hit.first) if hit.head else hit.first
    found = objects(marks, begin, end)
    return [taken.hit for taken in found] or [hit]
