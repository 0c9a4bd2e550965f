"""Layer 5, roles: who does what a predicate says, and against whom.

Order in Arabic news is verb, subject, object («حررت القوات البلدة») or subject, verb, object («القوات حررت البلدة»). An actor
behind a preposition, or second of two side by side, is no subject; the loser stands behind «من (قبضة)», or is fought «مع» or «ضد».
"""

from processors.marks import ADVERBS, COMMAS, PREPOSITIONS, QUOTES, Marks
from processors.reading import ActorHit
from processors.words import listed, person, words


def subject(marks: Marks, at: int, left: int) -> tuple[ActorHit | None, bool]:
    """The actor that does what the verb at a token says, and whether the subject is some body of armed people.

    Looks right of the verb first, then left to `left`; an actor behind a preposition is no subject. A subject that is
    no actor and no armed noun («سيطر الحزن على المدينة») gives (None, False); no subject at all gives (None, True).
    """
    step = _behind(marks, at)
    actor = marks.actor_at.get(step)
    if actor and not preposition_of(marks, actor):
        return actor, actor.role == "party"
    word = marks.word(step)
    if word in words("armed") or (person(word) and (person(word).kind == "combatant")):  # type: ignore[union-attr]
        inner = next(marks.actors(step, min(step + 6, len(marks.folded))), None)
        if (
            inner
            and preposition_of(marks, inner) == "من"
            and any(form.lemma.word == "انتزع" for form in marks.forms[at])
        ):
            # «انتزع مقاتلون من التنظيم المعبر»: «من» brings in the loser, not whose fighters they are.
            return None, True
        return (inner if inner and preposition_of(marks, inner) not in ("ل", "من", "ب") else None), True
    inner = marks.actor_at.get(step + 1)
    if (
        inner
        and inner.role == "party"
        and not preposition_of(marks, inner)
        and not marks.forms[step]
        and word not in PREPOSITIONS
    ):
        # «سيطر أبطال الفصائل على»: a noun in the construct state over the actor.
        return inner, True
    overt = (
        word and word not in PREPOSITIONS and marks.plain(step) not in words("head") and not marks.place_from.get(step)
    )
    if overt and word[:1].isalpha() and not marks.place_at.get(step) and not word.startswith(("ب", "ل", "و")):
        if word not in words("nature") and word not in words("wholly") and _is_pronoun_subject(marks, at):
            return left_subject(marks, at, left), True
        return None, False
    return left_subject(marks, at, left), True


def has_own_subject(marks: Marks, at: int) -> bool:
    """An armed body of no known side stands behind the verb («تمكن آلاف من أفراد القوات المناهضة للحوثيين من»)."""
    step = _behind(marks, at)
    while marks.word(step) == "من":
        step = _behind(marks, step)
    who = person(marks.word(step))
    armed = marks.word(step) in words("armed") or bool(who and who.kind == "combatant")
    # «القوات» means those spoken of, «مسلحون» and «القوات المناهضة لـ» somebody else.
    return armed and (not marks.word(step).startswith("ال") or marks.word(step + 1) in _AGAINST)


_AGAINST = listed("المناهضه المعاديه المناويه المعارضه المناهضين المعارضين")


def _behind(marks: Marks, at: int) -> int:
    """The token of the next noun: past quotation marks, adverbs, commas, numbers and «هؤلاء»."""
    step = at + 1
    while (
        marks.word(step) in QUOTES
        or marks.word(step) in ADVERBS
        or marks.word(step) in COMMAS
        or marks.number_at.get(step)
        or marks.word(step) in ("هولاء", "هذه", "تلك")
    ):
        step += 1
    return step


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


_LOYAL = listed("تابع تابعه موال مواليه التابع التابعه التابعين الموالي المواليه الموالين المنتمي المنتميه")


def _is_object(marks: Marks, hit: ActorHit) -> bool:
    """«فاجأت المقاومة قوات التمرد الحوثي»: the second of two actors side by side is the object."""
    step = hit.first - 1
    while step > hit.first - 5 and (marks.word(step) in ADVERBS or _over(marks, step)):
        step -= 1
    if marks.word(step).endswith("وا") and step not in marks.place_at and step not in marks.actor_at:
        # «لقنوا فلول التنظيم درسا»: the verb has its subject in it.
        return True
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


_THAT = listed("ان انه انها انهم بان كما حيث فيما بينما لكن ثم اذ لان")


_GRIP = listed("جيوب هجوم قبضه سيطره ايدي يد مواقع تجمعات معاقل هجمات براثن دنس صفوف مراكز حواجز مقرات")


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
    while step > hit.first - 5 and (_over(marks, step) or marks.word(step) in QUOTES):
        if marks.plain(step) in _GRIP and marks.plain(step) != "صفوف":
            return "من"
        step -= 1
    word = marks.plain(step)
    if word[:1] in ("ب", "ل") and (word[1:] in words("armed") or word[1:] in _GRIP):
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


_CLASHES = listed(
    "اشتباكات معارك مواجهات قتال اشتباك حرب هجوم عمليات عمليه معركه الاشتباكات المعارك المواجهات تشتبك اشتبكت"
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
    """The actor stands behind «من», also «من قبضة»; not behind «بدعم من», «المدعومة من», «عدد من», «مقاتلون من»."""
    opener = _opener(marks, hit)
    torn = any(form.lemma.word == "انتزع" for k in range(max(opener - 4, 0), opener) for form in marks.forms[k])
    whose = not torn and bool(person(marks.plain(opener - 1)) or marks.plain(opener - 1) in words("armed"))
    if marks.plain(opener) != "من" or whose or (not torn and marks.number_at.get(opener - 1)):
        return False
    return not any(marks.plain(k).lstrip("ال").startswith(_BACKED) for k in range(max(hit.first - 4, 0), hit.first))


def _opener(marks: Marks, hit: ActorHit) -> int:
    """Token of the word that brings in an actor, past nouns that stand over it; -1 for none."""
    before = range(hit.first - 1, max(hit.first - 6, -1), -1)
    return next((step for step in before if not _over(marks, step) and marks.word(step) not in QUOTES), -1)
