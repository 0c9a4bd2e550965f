"""Articles that take back or mend what their outlet has published: the only list of the words by which they say so.

The reader (`find_correction`) and the dedupe stage (`taken_back` on its own folded words) share it. The words count only at the head of
the title or text, or in a phrase that names the item itself: «تصحيح المسار» and «توضيح من الوزارة» are ordinary news, and a party that
denies an outlet's news corrects nothing.
"""

import re
from collections.abc import Sequence

from processors.folding import fold_word
from processors.reading import Reading
from processors.words import listed

HEAD_WORDS, TAIL_WORDS = 70, 35
"""Words at the head and the end of a text among which a phrase may stand: agencies also put such notes at the end."""
_LEAD_WORDS = 45
"""Words of the text that may tell in free order that an outlet withdraws its report: it says so at once."""
_SIGNS = listed(
    "تصحيح التصحيح لتصحيح تصحيحا تصويب التصويب استدراك تنويه تعديل مصحح مصححه خطا خبر الخبر خبرها خبره خبرا خبرنا نبا النبا الماده ماده "
    "تقرير التقرير تقريرها تقريرنا يرجي الرجاء نرجو وترجو نعتذر تعتذر يعتذر اعتذرت اعتذرنا ورد يحل ويحل نشرناه نشرنا اوردناه بثثناه"
)
"""Without one of these words nothing is corrected: they spare nearly all texts the patterns."""
_ITEM = r"(?:ال|لل|ل)?(?:خبر|ماده|تقرير|نبا)(?:ها|ه|نا|ا)?"
_LABEL = re.compile(
    r"^(?:عاجل )?(?:تصحيح|تصويب|استدراك|تنويه|تعديل|مصحح|(?:اعاده|يعاد)(?: بث| نشر| ارسال)? ?(?:مع|بعد)? ?(?:ال)?(?:تصحيح|تصويب))"
    rf"(?=$| (?:{_ITEM}|في {_ITEM}|خطا|عدد|حصيله|رقم|اسم|عنوان|لما ورد|سابق|الحصيله|العدد|تسحب|تعتذر|سحبت)(?:$| )"
    rf"| (?:من|حول|بشان|عن)(?: \w+){{1,3}} {_ITEM}(?:$| ))"
)
_MENDS = re.compile(
    rf"ورد خطا في|وقع خطا في {_ITEM}|خطا في (?:ال)?(?:خبر|نسخه|نص) (?:ال)?سابق|(?:تصحيح|تصويب) (?:{_ITEM}|خطا ورد)|"
    r"لتصحيح (?:ال)?(?:حصيله|عدد|خطا|رقم|اسم)|مع تصحيح (?:ال)?(?:حصيله|عدد|خطا|رقم|اسم)|نعتذر لل?قراء|كما ورد خطا|"
    r"وليس كما (?:ورد|ذكر|نشر)|بدلا (?:من|عن) \w+ كما ورد|يلغي ويحل محل|يحل محل الخبر|نسخه مصححه|خبر مصحح"
)
_WITHDRAWS = re.compile(
    rf"(?:سحب|سحبت|تسحب|نسحب|سحبنا|الغا|الغت|تلغي|نلغي|اهمال|تجاهل|حذف|حذفت|حذفنا)(?: \w+)? {_ITEM}"
    r" (?:ال)?(?:سابق|سابقه|منشور|منشوره|الذي|التي|المتعلق|بعنوان|عن)|"
    r"(?:يرجي|الرجا|نرجو) (?:سحب|الغا|اهمال|تجاهل|عدم (?:نشر|استخدام|اعتماد))|نعتذر عن|"
    r"(?:تعتذر|اعتذرت) (?:ال)?(?:وكاله|صحيفه|موقع|قناه)\w* (?:\w+ )?عن|"
    r"(?:^| )لا صحه (?:\w+ )?(?:لما|ما) (?:نشرناه|نشرنا|اوردناه|بثثناه)"
)
_REPORT = listed("خبر الخبر خبرها خبره خبرا خبرنا نبا النبا تقرير تقريرها التقرير ماده الماده نشرناه نشرته نشر ورد")
_WITHDRAW = listed("تسحب سحبت سحب سحبنا نسحب حذفت حذفنا تحذف الغا تلغي الغت نلغي سحبها")
_BY_US = listed("سحبنا نسحب حذفنا نلغي")
_APOLOGISE = listed("تعتذر نعتذر اعتذرت يعتذر اعتذار اعتذارها اعتذرنا")
_CORRECT = listed("تصحيح تصويب تنويه استدراك تصحح نصحح صححت يصحح تصحيحا والصحيح والصواب")
_OUTLET = listed(
    "الوكاله وكاله الموقع الصحيفه القناه التحرير هييه الجريده الشبكه موقعنا قناتنا وكالتنا صحيفتنا المحررون جريدتنا"
)
_NEAR = 12


def find_correction(reading: Reading) -> str:
    """`withdrawn` where the article takes back an earlier report, `corrected` where it mends one, else ""."""
    title = [fold_word(word) for word in reading.title.replace(":", " ").split()]
    return taken_back(title, [token.folded for token in reading.tokens if token.is_word])


def taken_back(title: Sequence[str], text: Sequence[str]) -> str:
    """`withdrawn`, `corrected` or "".

    Args:
        title, text: their words, folded (a bare hamza and marks at their ends do not matter).
    """
    heads = (_plain(title), _plain(text[:HEAD_WORDS]))
    tail = _plain(text[max(HEAD_WORDS, len(text) - TAIL_WORDS) :])
    found = [_said_in(words, number < 2) for number, words in enumerate((*heads, tail)) if not _SIGNS.isdisjoint(words)]
    return "withdrawn" if "withdrawn" in found else next((one for one in found if one), "")


def _plain(words: Sequence[str]) -> list[str]:
    plain = (word.replace("ء", "").strip(".,%()[]«»\"':؛،") for word in words)
    return [word for word in plain if word]


def _said_in(words: list[str], head: bool) -> str:
    """What title, head or tail says; words in free order and labels count in the first two only."""
    folded = " ".join(words)
    if _WITHDRAWS.search(folded):
        return "withdrawn"
    freely = _freely(words[:_LEAD_WORDS]) if head else ""
    if freely:
        return freely
    return "corrected" if _MENDS.search(folded) or (head and _LABEL.search(folded)) else ""


def _freely(words: list[str]) -> str:
    """An outlet that withdraws, apologises or corrects, with its report named near by."""
    found = ""
    for at, word in enumerate(words):
        plain = word[1:] if word.startswith("و") else word
        if plain in _WITHDRAW and _near(words, at, _REPORT) and (plain in _BY_US or _near(words, at, _OUTLET)):
            return "withdrawn"
        if plain in _APOLOGISE and _near(words, at, _REPORT):
            found = "withdrawn" if _near(words, at, _WITHDRAW) or not _near(words, at, _CORRECT) else "corrected"
        if plain in _CORRECT and _near(words, at, _OUTLET) and _near(words, at, _REPORT):
            found = found or "corrected"
    return found


def _near(words: list[str], at: int, wanted: frozenset[str]) -> bool:
    return any(word in wanted for word in words[max(0, at - 4) : at + _NEAR])
