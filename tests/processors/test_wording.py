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
        "تغيّرت السيطرة: سيطرت فصائل المعارضة السورية على تل النخيل (ادعاء طرف)",
        "Control change: Syrian opposition factions took the village of Tall al-Nakhil (claimed by a party for its own gain)",
    ),
    (
        {"holder": "ISIS", "standing": "claimed", "manner": "recaptured"},
        "تغيّرت السيطرة: استعاد تنظيم الدولة الإسلامية السيطرة على تل النخيل (ادعاء طرف)",
        "the Islamic State group retook the village of Tall al-Nakhil",
    ),
    (
        {"holder": "SY-GOV", "manner": "handed_over"},
        "تسلمت قوات الحكومة السورية تل النخيل",
        "Syrian government forces took over",
    ),
    (
        {"holder": None, "manner": "withdrew", "previous_holder": "ISIS"},
        "انسحب تنظيم الدولة الإسلامية من تل النخيل",
        "the Islamic State group withdrew from",
    ),
    (
        {"holder": None, "manner": "lost", "previous_holder": "SDF"},
        "فقدت قوات سوريا الديمقراطية السيطرة على تل النخيل",
        "the Syrian Democratic Forces lost",
    ),
    (
        {"standing": "confirmed", "follow_up": True, "rule": "two_independent_sources"},
        "تأكيد: سيطرت قوات الحكومة السورية على تل النخيل (مصدران مستقلان)",
        "Confirmed: Syrian government forces took the village of Tall al-Nakhil (two independent sources)",
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
        "تغيّرت السيطرة: انتقلت السيطرة على تل النخيل من دون ذكر الطرفين (خبر لم يتأكد بعد)",
        "control of the village of Tall al-Nakhil changed, neither side is named (reported, not yet confirmed)",
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
    text = body(told("claim then admission")[-1])
    for part in (
        "المكان: تل النخيل، حلب",
        "كان بيد: قوات الحكومة السورية",
        "الآن بيد: فصائل المعارضة السورية",
        "درجة الخبر: مؤكد (مصدران مستقلان)",
        "المصادر المستقلة: 2",
        "Place: the village of Tall al-Nakhil, حلب, SY (36.2000, 37.1000)",
        "Before: Syrian government forces",
        "Now: Syrian opposition factions, since 2016-03-01",
        "Standing: confirmed (two independent sources)",
        "Independent sources: 2",
        "- tahrir, favours SY-OPP, 2016-03-01 10:00 UTC, https://tahrir.example/a1",
        "- sanad, favours SY-GOV, 2016-03-01 15:00 UTC, https://sanad.example/a2",
        "«جملة من الخبر»",
    ):
        assert part in text.splitlines(), part


def test_the_body_shows_a_denial_as_one() -> None:
    text = body(told("claim then denial")[-1])
    assert "- denies: sanad, favours SY-GOV" in text
    assert "ينفي: «جملة من الخبر»" in text


def test_the_body_of_a_correction_says_what_was_told_before() -> None:
    text = body(told("a withdrawal after an alert")[-1])
    assert "الخبر السابق: قوات الحكومة السورية" in text
    assert "Told before: Syrian government forces" in text
    assert "Now: not known" in text
    assert "- takes back: wakala" in text


@pytest.mark.parametrize(
    ("copies", "arabic", "english"),
    [
        (1, "(لا تُحتسب نسخة واحدة من النص نفسه)", "(1 copy of the same wire is not counted)"),
        (2, "(لا تُحتسب نسختان من النص نفسه)", "(2 copies of the same wire are not counted)"),
        (3, "(لا تُحتسب 3 نسخ من النص نفسه)", "(3 copies of the same wire are not counted)"),
        (11, "(لا تُحتسب 11 نسخة من النص نفسه)", "(11 copies of the same wire are not counted)"),
    ],
)
def test_copies_are_told_as_not_counted(copies: int, arabic: str, english: str) -> None:
    text = body(change(copies=copies))
    assert arabic in text
    assert english in text


def test_coordinates_are_never_made_up() -> None:
    bare = PlaceRef(place_id="x", name="مارع")
    near = msgspec.structs.replace(PLACE, geo_precision=2, rivals=("SY-9",))
    assert "(" not in body(change(place=bare)).splitlines()[5]
    assert "(36.2000, 37.1000, approximate, other places have this name)" in body(change(place=near))


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
            assert body(one).count("\n") >= 10


def test_sides_have_names_in_both_languages() -> None:
    assert {"SY-GOV", "IQ-GOV", "YE-GOV", "LY-LNA", "SD-ARMY", "RSF", "HAMAS", "IDF", "CIVILIANS"} <= set(sides())
    assert side("OTHER:كتيبة الفرات").ar == "كتيبة الفرات"
    assert side(None).en == "an unknown side"
    assert side("ZZ-NEW").ar == "ZZ-NEW"
    assert known("OTHER:س")
    assert not known("OTHER:")
