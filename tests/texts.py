"""Own-made news texts for tests: as many as wanted, each different, some copies, some that tell of a change of control."""

import random
from typing import Any

PLACES = (
    "بنش",
    "سراقب",
    "تفتناز",
    "معرة مصرين",
    "حارم",
    "سلقين",
    "أريحا",
    "كفرنبل",
    "خان شيخون",
    "مورك",
    "كفرزيتا",
    "اللطامنة",
)
SIDES = ("قوات النظام", "فصائل المعارضة")
OPENINGS = (
    "أفادت مصادر محلية بأن",
    "ذكر مراسلنا في المنطقة أن",
    "قال سكان لوكالة المثال إن",
    "نقلت شبكة ناشطين عن شهود أن",
)
SUBJECTS = ("اجتماع المجلس المحلي", "وصول قافلة المساعدات", "ترميم شبكة المياه", "افتتاح المدرسة", "موسم قطاف الزيتون")
VERBS = ("تأخر بسبب الأمطار", "بدأ صباح اليوم", "انتهى بعد نقاش طويل", "لقي ترحيب الأهالي", "ينتظر قرار اللجنة")
DETAILS = (
    "وأضاف المصدر أن اللجنة ستجتمع مرة أخرى لبحث ما تبقى من بنود",
    "وأوضح أحد الأهالي أن الطريق الزراعي صار سالكا بعد إزالة الأتربة",
    "وتعمل ورشات الصيانة منذ أيام على إعادة الكهرباء إلى الأحياء الشرقية",
    "ولفت مدير المركز الصحي إلى نقص في أدوية الأطفال والمواد الإسعافية",
    "وشدد رئيس المجلس على ضرورة توزيع الخبز بالتساوي بين القرى",
    "وكانت لجنة مماثلة قد زارت البلدة خلال فصل الشتاء الماضي",
)


def rows(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Articles in the form of `rasid replay`: every fifth a copy of an earlier one, every seventh a change of control."""
    chance = random.Random(seed)
    made: list[dict[str, Any]] = []
    for number in range(count):
        row = {
            "doc_id": f"doc-{number:04d}",
            "source": chance.choice(("wakala", "nida", "marsad")),
            "published": f"2026-03-{1 + number // 600:02d}T{number // 60 % 10:02d}:{number % 60:02d}:00Z",
        }
        if number % 5 == 4:
            original = made[chance.randrange(max(0, len(made) - 30), len(made))]
            row |= {"title": original["title"], "text": original["text"] + " " + chance.choice(DETAILS) + "."}
        else:
            row |= _article(chance, number)
        made.append(row)
    return made


def _article(chance: random.Random, number: int) -> dict[str, str]:
    place = chance.choice(PLACES)
    words = [f"{chance.choice(OPENINGS)} {chance.choice(SUBJECTS)} في {place} {chance.choice(VERBS)}"]
    if number % 7 == 3:
        words.insert(0, f"سيطرت {chance.choice(SIDES)} اليوم على بلدة {place} بعد معارك عنيفة")
    # Words of no meaning keep the articles apart: real ones share far less than texts of a few building blocks.
    noise = " ".join("".join(chance.choices("ابتجدرسعفقكلمنهوي", k=6)) for _ in range(40))
    body = ".\n".join([*words, noise, *chance.sample(DETAILS, 3)])
    return {"title": words[0][:60], "text": body + "."}
