"""A Reading with places and actors given by hand: tests of the layers above do not depend on gazetteer and actor lexicon."""

from datetime import UTC, datetime

from processors.folding import fold_word
from processors.numbers import find_numbers
from processors.reading import ActorHit, PlaceHit, Reading
from processors.sentences import read_text
from processors.words import listed
from rasid.messages import PlaceRef

HEADS = listed(
    fold_word(
        "مدينة بلدة قرية قريتي قرى بلدات بلدتي مدينتي حي أحياء حيي ضاحية مديرية مديريتي محافظة محافظتي منطقة مناطق ناحية قضاء قاعدة معسكر "
        "معسكري معبر منفذ مبنى مبنيا مبنيي موقع نقطة حاجز جبل جبال تلة تلال تل مزارع مزرعة مخيم مطار جزيرة وادي طريق ميناء حقل حقلي سد جسر "
        "بلدتا قريتا مدينتا"
    )
)
SINGULAR = {
    "قري": "قريه",
    "قريتي": "قريه",
    "قريتا": "قريه",
    "بلدات": "بلده",
    "بلدتي": "بلده",
    "احياء": "حي",
    "حيي": "حي",
    "مدينتي": "مدينه",
}
ACTORS = {
    "SY-GOV": "قوات النظام السوري|قوات النظام|الجيش السوري|القوات الحكومية السورية|النظام|نظام الأسد|القوات النظامية",
    "SY-OPP": "الجيش الحر|فصائل المعارضة|قوات المعارضة|الفصائل المعارضة|كتائب الثوار|المعارضة المسلحة|المعارضة|الثوار|"
    "الفصائل المقاتلة|الجيش الوطني السوري",
    "NUSRA": "جبهة النصرة|هيئة تحرير الشام",
    "ISIS": "تنظيم داعش|تنظيم الدولة الإسلامية|تنظيم الدولة|داعش|التنظيم المتطرف|التنظيم",
    "SDF": "قوات سوريا الديمقراطية|وحدات حماية الشعب|الوحدات الكردية|قسد",
    "TR": "الجيش التركي|القوات التركية",
    "IQ-GOV": "القوات العراقية|الجيش العراقي|القوات الأمنية العراقية|جهاز مكافحة الإرهاب|الشرطة الاتحادية",
    "PMF": "الحشد الشعبي",
    "PESH": "البيشمركة|قوات البيشمركة",
    "YE-GOV": "المقاومة الشعبية|الجيش اليمني|قوات الجيش الوطني|الجيش الوطني|القوات الحكومية اليمنية|قوات الشرعية",
    "HOUTHI": "ميليشيا الحوثي|ميليشيات الحوثي|الحوثيون|الحوثيين|المتمردين الحوثيين|المتمردون الحوثيون|جماعة الحوثي",
    "SA-COAL": "التحالف العربي|طيران التحالف العربي|قوات التحالف العربي",
    "STC": "قوات المجلس الانتقالي|المجلس الانتقالي الجنوبي|قوات الحزام الأمني",
    "AQAP": "تنظيم القاعدة|القاعدة",
    "LY-LNA": "قوات حفتر|الجيش الوطني الليبي|القيادة العامة",
    "LY-GNA": "قوات حكومة الوفاق|قوات الوفاق|حكومة الوفاق|قوات فجر ليبيا",
    "SD-ARMY": "الجيش السوداني|القوات المسلحة السودانية",
    "RSF": "قوات الدعم السريع|الدعم السريع",
    "IDF": "الجيش الإسرائيلي|قوات الاحتلال|الاحتلال الإسرائيلي",
    "HAMAS": "كتائب القسام|حركة حماس|حماس",
    "HZB": "حزب الله",
    "RU": "الطيران الروسي|القوات الروسية|روسيا",
    "US-COAL": "التحالف الدولي|طيران التحالف الدولي",
}
SOURCES = "المرصد السوري لحقوق الإنسان|المرصد السوري|المرصد|ناشطون|وكالة الأنباء|شهود عيان|الأهالي"


def tag(text: str, places: list[str], published: str = "2020-03-15", title: str = "") -> Reading:
    """The Reading of a text in which `places` are named (bare names) and the actors above are known."""
    day = datetime.fromisoformat(published).replace(tzinfo=UTC, hour=12)
    base = read_text(text, title=title, published=int(day.timestamp() * 1000))
    words = [token.folded for token in base.tokens]
    actors = _actors(base, words)
    taken = {at for hit in actors for at in range(hit.first, hit.last)}
    reading = Reading(
        text=text, title=title, published=base.published, tokens=base.tokens, sentences=base.sentences,
        places=_places(base, words, places, taken), actors=actors,
    )  # fmt: skip
    return Reading(
        text=text, title=title, published=base.published, tokens=base.tokens, sentences=base.sentences,
        places=reading.places, actors=actors, numbers=find_numbers(reading),
    )  # fmt: skip


def _actors(base: Reading, words: list[str]) -> tuple[ActorHit, ...]:
    known = [(fold_word(name).split(), side, "party") for side, names in ACTORS.items() for name in names.split("|")]
    known += [(fold_word(name).split(), None, "source") for name in SOURCES.split("|")]
    known.sort(key=lambda entry: -len(entry[0]))
    hits: list[ActorHit] = []
    at = 0
    while at < len(words):
        for parts, side, role in known:
            first = [_bare(words[at], parts[0]), *words[at + 1 : at + len(parts)]]
            if first == parts:
                last = at + len(parts)
                cut = 0 if words[at] == parts[0] or words[at].startswith("لل") else 1
                start, end = base.tokens[at].start + cut, base.tokens[last - 1].end
                hits.append(ActorHit(start, end, at, last, side, role, base.text[start:end]))
                at = last - 1
                break
        at += 1
    return tuple(hits)


def _bare(word: str, wanted: str) -> str:
    if word == wanted:
        return word
    if word.startswith("لل") and "ال" + word[2:] == wanted:
        return wanted
    return word[1:] if word[:1] in "وفلب" and word[1:] == wanted else word


def _places(base: Reading, words: list[str], names: list[str], taken: set[int]) -> tuple[PlaceHit, ...]:
    known = sorted(((fold_word(name).split(), name) for name in names), key=lambda entry: -len(entry[0]))
    hits: list[PlaceHit] = []
    at, group = 0, 0
    while at < len(words):
        for parts, name in known:
            if at in taken or [_bare(words[at], parts[0]), *words[at + 1 : at + len(parts)]] != parts:
                continue
            proclitic = words[at][0] if words[at] != parts[0] else ""
            head, head_first = _head(words, at)
            joined = (
                bool(hits)
                and (proclitic == "و" or words[at - 1] in ("و", "،"))
                and at - hits[-1].last <= 2
                and not head
            )
            group += 0 if joined else 1
            last = at + len(parts)
            start, end = base.tokens[at].start, base.tokens[last - 1].end
            ref = PlaceRef(place_id="t:" + fold_word(name), name=name)
            hits.append(
                PlaceHit(start, end, at, last, ref, hits[-1].head if joined else head, head_first, proclitic, group)
            )
            at = last - 1
            break
        at += 1
    return tuple(hits)


def _head(words: list[str], at: int) -> tuple[str, int]:
    step = at - 1
    while step >= 0 and words[step] in ('"', "«"):
        step -= 1
    before = words[step] if step >= 0 else ""
    for cut in (before, before[1:], before[2:]):
        if cut in HEADS and (cut == before or before[: len(before) - len(cut)] in ("و", "ب", "ل", "ف", "وب")):
            return SINGULAR.get(cut, cut), step
    return "", at
