"""Articles that take back an earlier report: «تصحيح», «تعتذر … عن خبر», «تسحب الوكالة خبرها», «لا صحة لما نشرناه».

The outlet itself must do it: a party that denies an outlet's news is no correction.
"""

from processors.folding import fold_word
from processors.reading import Reading
from processors.words import listed

_REPORT = listed(
    fold_word("خبر الخبر خبرها خبره خبرا خبرنا نبأ النبأ تقرير تقريرها التقرير مادة المادة نشرناه نشرته نشر ورد")
)
_WITHDRAW = listed(fold_word("تسحب سحبت سحب سحبنا نسحب حذفت حذفنا تحذف إلغاء تلغي ألغت نلغي سحبها"))
_APOLOGISE = listed(fold_word("تعتذر نعتذر اعتذرت يعتذر اعتذار اعتذارها اعتذرنا"))
_CORRECT = listed(fold_word("تصحيح تصويب تنويه استدراك تصحح نصحح صححت يصحح تصحيحا والصحيح والصواب"))
_OUTLET = listed(
    fold_word("الوكالة وكالة الموقع الصحيفة القناة التحرير هيئة الجريدة الشبكة موقعنا قناتنا وكالتنا صحيفتنا المحررون")
)
_NEAR = 12


def find_correction(reading: Reading) -> str:
    """`withdrawn` where the article takes back an earlier report, `corrected` where it mends one, else "".

    Only the title and the first two sentences are looked at: a correction says so at once.
    """
    title = fold_word(reading.title).replace(":", " ").split()
    last = reading.sentences[min(1, len(reading.sentences) - 1)].last if reading.sentences else 0
    body = [token.folded for token in reading.tokens[:last] if token.is_word]
    for tokens in (title, body):
        found = _taken_back(tokens)
        if found:
            return found
    if (title and title[0] in _CORRECT) or (body and body[0] in _CORRECT and _near(body, 0, _REPORT | _OUTLET)):
        return "corrected"
    return ""


def _taken_back(tokens: list[str]) -> str:
    found = ""
    for at, word in enumerate(tokens):
        plain = word[1:] if word.startswith("و") else word
        if (
            plain in _WITHDRAW
            and _near(tokens, at, _REPORT)
            and (_near(tokens, at, _OUTLET) or plain in ("سحبنا", "نسحب", "حذفنا", "نلغي"))
        ):
            return "withdrawn"
        if plain in _APOLOGISE and _near(tokens, at, _REPORT):
            found = "withdrawn" if _near(tokens, at, _WITHDRAW) or not _near(tokens, at, _CORRECT) else "corrected"
        if (
            plain == "صحه"
            and at
            and tokens[at - 1] == "لا"
            and any(t in ("نشرناه", "نشرنا", "اوردناه", "بثثناه") for t in tokens[at : at + 6])
        ):
            return "withdrawn"
        if plain in _CORRECT and _near(tokens, at, _OUTLET) and _near(tokens, at, _REPORT):
            found = found or "corrected"
    return found


def _near(tokens: list[str], at: int, wanted: frozenset[str]) -> bool:
    return any(token in wanted for token in tokens[max(0, at - 4) : at + _NEAR])
