"""The words of an alert."""

from typing import Any

import msgspec
import pytest

from processors.ledger import apply
from processors.sides import known, side, sides
from processors.wording import STANDINGS, body, place_ar, place_en, title_ar, title_en
from rasid.messages import Change, PlaceRef
from tests.processors.ledger_cases import CASES, PLACE, claims_in
from tests.processors.test_rules import change

TITLES: list[tuple[dict[str, Any], str, str]] = [
    (
        {"holder": "SY-OPP", "standing": "claimed", "manner": "captured"},
        "سيطرت فصائل المعارضة السورية على تل النخيل (ادعاء طرف)",
        "Syrian opposition factions took the village of Tall al-Nakhil from the Islamic State group (claimed by one side)",
    ),
    (
        {"holder": "ISIS", "standing": "claimed", "manner": "recaptured", "previous_holder": None},
        "استعاد تنظيم الدولة الإسلامية السيطرة على تل النخيل (ادعاء طرف)",
        "The Islamic State group retook the village of Tall al-Nakhil (claimed by one side)",
    ),
    (
        {"holder": "SY-GOV", "manner": "handed_over"},
        "تسلمت قوات الحكومة السورية تل النخيل",
        "Syrian government forces took over the village of Tall al-Nakhil from the Islamic State group (reported",
    ),
    (
        {"holder": None, "manner": "withdrew", "previous_holder": "ISIS"},
        "انسحب تنظيم الدولة الإسلامية من تل النخيل",
        "The Islamic State group withdrew from",
    ),
    (
        {"holder": None, "manner": "lost", "previous_holder": "SDF"},
        "فقدت قوات سوريا الديمقراطية السيطرة على تل النخيل",
        "The Syrian Democratic Forces lost",
    ),
    (
        {"standing": "confirmed", "follow_up": True, "rule": "two_independent_sources"},
        "تأكيد: سيطرت قوات الحكومة السورية على تل النخيل (مصدران مستقلان)",
        "Confirmed: Syrian government forces took the village of Tall al-Nakhil from the Islamic State group (two ind",
    ),
    (
        {"standing": "claimed", "manner": "recaptured", "rule": "retaken_unseen"},
        "استعادت قوات الحكومة السورية السيطرة على تل النخيل (ادعاء طرف)",
        "retook the village of Tall al-Nakhil from the Islamic State group (claimed by one side)",
    ),
    ({"standing": "reported", "follow_up": True}, "متابعة: سيطرت قوات الحكومة", "Follow-up: Syrian government forces"),
    ({"standing": "disputed"}, "تضارب في الأنباء: سيطرت قوات الحكومة", "Conflicting reports: Syrian government forces"),
    (
        {"standing": "reversed", "previous_holder": "ISIS"},
        "تبيّن خطأ الادعاء: تنظيم الدولة الإسلامية لا يسيطر على تل النخيل",
        "Claim turned out wrong: the Islamic State group did not take",
    ),
    (
        {"holder": None, "previous_holder": None},
        "انتقلت السيطرة على تل النخيل من دون ذكر الطرفين (خبر لم يتأكد بعد)",
        "Control of the village of Tall al-Nakhil changed, neither side is named (reported, not confirmed)",
    ),
    ({"standing": "corrected"}, "تصحيح: سُحب خبر سابق عن السيطرة على تل النخيل", "Correction: an earlier report"),
]


@pytest.mark.parametrize(("fields", "arabic", "english"), TITLES, ids=[english for _, _, english in TITLES])
def test_a_title_says_who_took_what_and_how_sure_it_is(fields: dict[str, Any], arabic: str, english: str) -> None:
    assert arabic in title_ar(change(**fields))
    assert english in title_en(change(**fields))


def test_a_place_keeps_the_head_noun_that_its_name_has() -> None:
    def named(name: str, kind: str) -> PlaceRef:
        return PlaceRef(place_id="x", name=name, place_type=kind)

    assert place_ar(named("مارع", "town")) == "بلدة مارع"
    assert place_ar(named("مطار دير الزور", "base")) == "مطار دير الزور"
    assert place_ar(named("حقل العمر", "other")) == "حقل العمر"
    assert place_ar(named("الشدادي", "")) == "الشدادي"
    assert place_en(named("مارع", "town")) == "the town of مارع"
    assert place_en(named("Al-Anad Air Base", "base")) == "Al-Anad Air Base"
    assert place_en(named("Lahij Governorate", "governorate")) == "Lahij Governorate"


def told(name: str) -> list[Change]:
    case = next(case for case in CASES if case["name"] == name)
    state, changes = None, []
    for claim in claims_in(case):
        state, new = apply(state, claim)
        changes += new
    return changes


def test_the_body_tells_place_sides_standing_and_every_source() -> None:
    assert body(told("claim then admission")[-1], {"tahrir": "شبكة التحرير"}).splitlines() == [
        "المكان: تل النخيل، حلب، سوريا (36.2000,37.1000)",
        "كان بيد: قوات الحكومة السورية؛ الآن بيد: فصائل المعارضة السورية (منذ 2016/03/01)",
        "درجة الخبر: مؤكد، مصدران مستقلان",
        "- شبكة التحرير (منحاز إلى فصائل المعارضة السورية)، 2016/03/01 10:00 UTC",
        "«جملة من الخبر»",
        "https://tahrir.example/a1",
        "- sanad (منحاز إلى قوات الحكومة السورية)، 2016/03/01 15:00 UTC",
        "«جملة من الخبر»",
        "https://sanad.example/a2",
    ]


def test_the_body_shows_a_denial_as_one() -> None:
    assert "- نفي: sanad (منحاز إلى قوات الحكومة السورية)" in body(told("claim then denial")[-1])


def test_the_body_of_a_correction_says_what_was_told_before() -> None:
    text = body(told("a withdrawal after an alert")[-1])
    assert "الخبر السابق: بيد قوات الحكومة السورية؛ الآن بيد: لا يُعرف" in text.splitlines()
    assert "- سحب خبره: wakala" in text


@pytest.mark.parametrize(
    ("holder", "before", "line"),
    [
        ("SY-GOV", "ISIS", "كان بيد: تنظيم الدولة الإسلامية؛ الآن بيد: قوات الحكومة السورية"),
        ("SY-GOV", None, "الآن بيد: قوات الحكومة السورية"),
        ("SY-GOV", "SY-GOV", "الآن بيد: قوات الحكومة السورية"),
        (None, "ISIS", "كان بيد: تنظيم الدولة الإسلامية"),
        (None, None, ""),
    ],
)
def test_a_holder_that_is_unknown_takes_no_line(holder: str | None, before: str | None, line: str) -> None:
    lines = body(change(holder=holder, previous_holder=before)).splitlines()
    assert [one for one in lines if "بيد" in one] == ([line] if line else [])


def test_a_speaker_stands_before_the_sentence_unless_the_reader_sees_the_name_anyway() -> None:
    case = told("claim then admission")[0]

    def quoted(**fields: str) -> str:
        claim = msgspec.structs.replace(case.claims[0], outlet="marsad", **fields)
        return body(msgspec.structs.replace(case, claims=(claim,)), {"marsad": "المرصد"}).splitlines()[-2]

    assert quoted(source="قائد ميداني", evidence="دخلنا القرية") == "قائد ميداني: «دخلنا القرية»"
    assert quoted(source="قائد ميداني", evidence="قال قائد ميداني: دخلنا") == "«قال قائد ميداني: دخلنا»"
    assert quoted(source="المرصد", evidence="سقطت القرية") == "«سقطت القرية»"
    assert quoted(source="", evidence="سقطت القرية") == "«سقطت القرية»"


@pytest.mark.parametrize(
    ("sources", "copies", "line"),
    [
        (0, 0, "درجة الخبر: خبر لم يتأكد بعد"),
        (1, 1, "درجة الخبر: خبر لم يتأكد بعد، مصدر واحد، ولا تُحتسب نسخة واحدة من النص نفسه"),
        (2, 2, "درجة الخبر: خبر لم يتأكد بعد، مصدران مستقلان، ولا تُحتسب نسختان من النص نفسه"),
        (3, 10, "درجة الخبر: خبر لم يتأكد بعد، 3 مصادر مستقلة، ولا تُحتسب 10 نسخ من النص نفسه"),
        (11, 103, "درجة الخبر: خبر لم يتأكد بعد، 11 مصدرا مستقلا، ولا تُحتسب 103 نسخ من النص نفسه"),
    ],
)
def test_sources_are_counted_and_copies_told_as_not_counted(sources: int, copies: int, line: str) -> None:
    assert line in body(change(independent_sources=sources, copies=copies)).splitlines()


def test_coordinates_are_never_made_up() -> None:
    bare = PlaceRef(place_id="x", name="مارع")
    near = msgspec.structs.replace(PLACE, geo_precision=2, rivals=("SY-9",))
    assert body(change(place=bare)).splitlines()[0] == "المكان: مارع"
    assert "(36.2000,37.1000، موقع تقريبي، أماكن أخرى تحمل الاسم نفسه)" in body(change(place=near))


def test_evidence_over_several_lines_stands_in_one() -> None:
    case = told("claim then admission")[0]
    claim = msgspec.structs.replace(case.claims[0], evidence="سطر\nأول\u2028ثان")
    assert "«سطر أول ثان»" in body(msgspec.structs.replace(case, claims=(claim,))).splitlines()


def test_every_change_of_every_scenario_has_words() -> None:
    for case in CASES:
        for one in told(case["name"]):
            assert one.standing in STANDINGS
            assert title_ar(one)
            assert title_en(one)
            assert all(line.strip(" -:؛،()") and "None" not in line for line in body(one).splitlines())


def test_sides_have_names_in_both_languages() -> None:
    assert {"SY-GOV", "IQ-GOV", "YE-GOV", "LY-LNA", "SD-ARMY", "RSF", "HAMAS", "IDF", "CIVILIANS"} <= set(sides())
    assert side("OTHER:كتيبة الفرات").ar == "كتيبة الفرات"
    assert side(None).en == "an unknown side"
    assert side("ZZ-NEW").ar == "ZZ-NEW"
    assert known("OTHER:س")
    assert not known("OTHER:")
