"""Layer 6, register: words of taking and falling that are about no war.

«سيطر على المباراة», «استعاد الصدارة», «سقوط المقترح», «الحزن يسيطر على المدينة»: told by the article's vocabulary and by the
subject. The whole article is passed over where it speaks of sport, markets, elections or fires and of no armed body.
"""

from processors.marks import Marks
from processors.reading import ActorHit
from processors.words import listed, person, words

_FIELDS = ("sport", "market", "politics", "nature")
_WAR = listed(
    "قتلي قتل مقتل قصف اشتباكات معارك غارات غاره جرحي مسلحين مسلحون هجوم قذايف عسكريه عسكري مقاتلين الجيش القوات قوات ميليشيا ميليشيات "
    "تنظيم المعارك الاشتباكات مواجهات صواريخ الفصايل عناصر المسلحين المسلحه"
)


_CIVIL = listed(
    "الحزب حزب مجلس هييه الهييه الحكومه حركه الحركه تحالف التحالف المعارضه النظام جبهه الجبهه رجال وحده افراد جماعه"
)
"""Bodies that may also be civil: they alone do not make a sentence speak of war."""


def no_war(marks: Marks) -> bool:
    """The article's words speak of another field and not of war; worked out once an article."""
    found = marks.cache.get("no_war")
    if found is None:
        found = marks.cache["no_war"] = _no_war(marks)
    return bool(found)


def _no_war(marks: Marks) -> bool:
    other = max(sum(map(words(name).__contains__, marks.folded)) for name in _FIELDS)
    if other < 3:
        return False
    war = sum(map(_WAR.__contains__, marks.folded))
    parties = sum(1 for hit in marks.reading.actors if hit.role == "party")
    return other > 2 * (war + parties)


def is_metaphor(marks: Marks, at: int, doer: ActorHit | None, armed: bool) -> bool:
    """The sentence of the predicate speaks of sport, votes or weather, and its subject bears no arms."""
    sentence = marks.sentence(at)
    span = range(sentence.first, sentence.last)
    other = sum(1 for k in span if any(marks.word(k) in words(name) for name in ("sport", "politics")))
    if marks.word(at + 1) in words("nature") or marks.word(at + 1) in words("feeling"):
        return True
    if doer is not None and doer.role == "party":
        return other >= 3
    armed_words = {marks.word(k) for k in span if marks.word(k) in words("armed")}
    if other >= 2 and not armed_words - _CIVIL:
        return True
    if other >= 1 and not any(marks.word(k) in words("armed") and marks.word(k) not in words("politics") for k in span):
        return True
    following = person(marks.word(at + 1))
    return bool(following and following.kind in ("civilian", "child", "woman"))
