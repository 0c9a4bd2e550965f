"""Words by which an outlet corrects or withdraws what it has published.

They count only at the head of the title or text, or in a phrase that names the item itself: «تصحيح المسار» and
«توضيح من الوزارة» are ordinary news.
"""

import re
from collections.abc import Sequence

from processors.dedupe.folding import code_units, words

_HEAD_WORDS, _TAIL_WORDS = 70, 35
"""Words at the head and the end of a text among which a phrase may stand: agencies also put such notes at the end."""
_SIGN_WORDS = """
تصحيح التصحيح لتصحيح تصويب التصويب استدراك تنويه تعديل مصحح مصححه خطا خبر الخبر الماده ماده تقرير التقرير
يرجي الرجاء نرجو وترجو نعتذر تعتذر اعتذرت ورد يحل ويحل
"""
_SIGNS = frozenset(_SIGN_WORDS.split())
"""Without one of these words nothing is corrected: they spare nearly all texts the patterns."""
_LABEL = re.compile(
    r"^(?:عاجل )?(?:تصحيح|تصويب|استدراك|تنويه|تعديل|مصحح|(?:اعاده|يعاد)(?: بث| نشر| ارسال)? ?(?:مع|بعد)? ?(?:ال)?(?:تصحيح|تصويب))"
    r"(?=$| (?:خبر|الخبر|في خبر|لخبر|خطا|عدد|حصيله|رقم|اسم|عنوان|للخبر|لما ورد|سابق|الحصيله|العدد))"
)
_PHRASES = re.compile(
    r"ورد خطا في|وقع خطا في (?:ال)?خبر|خطا في (?:ال)?(?:خبر|نسخه|نص) (?:ال)?سابق|(?:تصحيح|تصويب) (?:ل)?(?:خبر|الخبر|للخبر|خطا ورد)|"
    r"لتصحيح (?:ال)?(?:حصيله|عدد|خطا|رقم|اسم)|مع تصحيح (?:ال)?(?:حصيله|عدد|خطا|رقم|اسم)|"
    r"(?:سحب|سحبت|تسحب|نسحب|الغاء|الغت|تلغي|نلغي|اهمال|تجاهل|حذف)(?: \w+)?"
    r" (?:ال)?(?:خبر|ماده|تقرير) (?:ال)?(?:سابق|سابقه|منشور|منشوره|الذي|التي|المتعلق|بعنوان|عن)|"
    r"(?:يرجي|الرجاء|نرجو) (?:سحب|الغاء|اهمال|تجاهل|عدم (?:نشر|استخدام|اعتماد))|"
    r"نعتذر (?:عن|لل?قراء)|(?:تعتذر|اعتذرت) (?:ال)?(?:وكاله|صحيفه|موقع|قناه)\w* (?:\w+ )?عن|كما ورد خطا|وليس كما (?:ورد|ذكر|نشر)|"
    r"بدلا (?:من|عن) \w+ كما ورد|يلغي ويحل محل|يحل محل الخبر|نسخه مصححه|خبر مصحح"
)


def corrects(title: str, tokens: Sequence[str]) -> bool:
    """Whether title or text says that an earlier item is corrected or withdrawn.

    Args:
        title: as written.
        tokens: words of the text, as `folding.words` gives them.
    """
    parts = (
        words(code_units(title)).split(),
        tokens[:_HEAD_WORDS],
        tokens[max(_HEAD_WORDS, len(tokens) - _TAIL_WORDS) :],
    )
    for number, part in enumerate(parts):
        if _SIGNS.isdisjoint(part):
            continue
        folded = " ".join(part)
        if _PHRASES.search(folded) or (number < 2 and _LABEL.search(folded)):
            return True
    return False
