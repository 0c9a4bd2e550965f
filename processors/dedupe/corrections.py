"""Words by which an outlet corrects or withdraws what it has published.

They count only at the head of the title or text, or in a phrase that names the item itself: «تصحيح المسار» and
«توضيح من الوزارة» are ordinary news.
"""

import re

from processors.dedupe.folding import code_units
from processors.dedupe.folding import words as folded_words

_HEAD = 60
"""Folded characters of title and text in which a label may stand."""
_TEXT_HEAD = 400
"""Characters of the text in which a phrase may stand; agencies also put such notes at the end."""

_LABEL = re.compile(
    r"^\W*(?:عاجل\W+)?(?:تصحيح|تصويب|استدراك|تنويه|تعديل|مصحح|(?:اعاده|يعاد)(?: بث| نشر| ارسال)? ?(?:مع|بعد)? ?(?:ال)?(?:تصحيح|تصويب))"
    r"(?=\s*$|\s{2,}|\s+(?:خبر|الخبر|في خبر|لخبر|خطا|عدد|حصيله|رقم|اسم|عنوان|للخبر|لما ورد|سابق|الحصيله|العدد))"
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


def corrects(title: str, text: str) -> bool:
    """Whether title or text says that an earlier item is corrected or withdrawn."""
    for part in (title, text[:_TEXT_HEAD], text[-_TEXT_HEAD // 2 :] if len(text) > _TEXT_HEAD else ""):
        folded = folded_words(code_units(part))
        if _PHRASES.search(" ".join(folded.split())):
            return True
    return any(
        _LABEL.search(folded_words(code_units(part))[:_HEAD].rstrip(" ") + "  ")
        for part in (title, text.split("\n", 1)[0][:_HEAD])
    )
