"""Articles for the tests of dedupe."""

import random

from rasid.messages import TextArticle

START = 1_700_000_000_000
HOUR = 3_600_000

_NOUNS = """
القوات المدينة السكان الحكومة المجلس القرية الطريق المعبر الجسر المستشفى المدرسة الوزارة اللجنة الوفد البيان المصدر المنطقة الحدود
القافلة المساعدات المفاوضات الهدنة الاتفاق الجولة المبعوث المنظمة الفريق المتحدث الصحيفة التقرير السوق الميناء المصنع الجامعة
"""
_OTHERS = """
أعلن أكد قال أوضح ذكر أشار دعا طالب وصل غادر بدأ انتهى استمر توقف عاد انسحب تقدم صباح مساء أمس اليوم غدا شمال جنوب شرق غرب قرب داخل
خارج بعد قبل خلال منذ حتى جديد قديم كبير صغير محلي دولي رسمي شعبي عسكري مدني إنساني طبي قانوني مالي سياسي أمني واسع سريع بطيء مفاجئ
"""
_WORDS = (_NOUNS + _OTHERS).split()


def words(count: int, seed: int) -> list[str]:
    """Unrelated words, the same for the same seed."""
    return random.Random(seed).choices(_WORDS, k=count)


def article(
    number: int | str, text: str, hours: float = 0.0, outlet: str = "", url: str = "", title: str = "", version: int = 1
) -> TextArticle:
    """An article as the text stage leaves it, published `hours` after START."""
    published = START + int(hours * HOUR)
    return TextArticle(
        article_id=str(number),
        version=version,
        feed_id="f",
        outlet=outlet or f"outlet-{number}",
        url=url,
        title=title,
        text=text,
        published=published,
        published_from="feed",
        fetched=published,
        language="ar",
    )
