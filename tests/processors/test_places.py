"""Places: what is found, what is left out, which place a name means (tests/cases/places.toml)."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from processors.gazetteer import name_key
from processors.reader import RuleReader

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "places.toml").read_text(encoding="utf-8"))["case"]
WORDS = (
    "في قريتي بلدات مدينة حي ريف الباب حلب وحلب بتعز للرقة والمنصورة قرية خان العسل تل أبيض محافظة الشمالي "
    "قال إن و ، . « » : - # \n كفر أم أبو مطار الجوية مبنى المحافظة دمشق/ 15 شارع طريق مجلس قوات من على"
)


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_finds_the_places_of_the_sentence(reader: RuleReader, case: dict[str, Any]) -> None:
    mentions = reader.read(case["text"]).places
    spans = sorted((span.start, mention.place.name) for mention in mentions for span in mention.spans)
    names = list(dict.fromkeys(name for _, name in spans))
    assert names == ([] if case.get("none") else case["found"])
    linked = {mention.place.name: f"{mention.place.country}/{mention.place.admin1}" for mention in mentions}
    for name, where in case.get("linked", {}).items():
        assert linked[name] == where


def test_a_name_named_as_a_place_is_found_again_bare_behind_a_preposition(reader: RuleReader) -> None:
    text = "دارت معارك في حي الكريبات في بنغازي، ثم سيطر الجيش الليبي على الكريبات."
    spans = {mention.place.name: len(mention.spans) for mention in reader.read(text).places}
    assert spans == {"الكريبات": 2, "بنغازي": 1}


def test_every_case_says_what_is_found() -> None:
    assert all(("found" in case) != case.get("none", False) for case in CASES)


@given(st.lists(st.sampled_from(sorted(WORDS.split(" "))), max_size=40).map(" ".join))
@example("حلب والمنصورة و")
@settings(max_examples=200, deadline=None)
def test_spans_and_token_ranges_hold_for_any_order_of_words(reader: RuleReader, text: str) -> None:
    reading = reader.mentions(text)
    for hit in reading.places:
        assert 0 <= hit.start < hit.end <= len(text)
        assert 0 <= hit.head_first <= hit.first < hit.last <= len(reading.tokens) or hit.head_first == hit.first
        assert hit.ref.name.strip()
        assert hit.ref.place_id
        assert (hit.ref.lat is None) == (hit.ref.lon is None)
    for mention in reader.read(text).places:
        assert all(span.text == text[span.start : span.end] for span in mention.spans)


def test_an_unknown_place_keeps_its_id_and_has_no_coordinates(reader: RuleReader) -> None:
    first, second = (
        reader.read(f"{verb} بلدة الزعيترة بريف إدلب في سوريا.").places[0].place
        for verb in ("قصفت الطائرات", "دخل الجيش")
    )
    assert first.place_id == second.place_id
    assert first.place_id.startswith("x:")
    assert first.lat is None
    assert (first.country, first.admin1) == ("SY", "إدلب")


def test_a_name_without_evidence_for_one_of_its_places_keeps_the_rivals(reader: RuleReader) -> None:
    place = reader.read("وقع انفجار في بلدة الطيبة.").places[0].place
    assert place.rivals
    assert place.score < 0.9


def test_surroundings_of_a_town_are_less_precise_than_the_town(reader: RuleReader) -> None:
    hits = {
        hit.ref.name: hit.ref for hit in reader.mentions("قصف في محيط مدينة سراقب، وانفجار في بنش في سوريا.").places
    }
    assert hits["سراقب"].geo_precision == 2
    assert hits["بنش"].geo_precision == 1


def test_members_of_a_list_share_a_group_and_the_singular_of_their_head_noun(reader: RuleReader) -> None:
    hits = reader.mentions("سيطر الجيش على بلدات سراقب وبنش وتفتناز في إدلب.").places
    assert {(hit.head, hit.group) for hit in hits[:3]} == {("بلده", 1)}
    assert hits[3].group == 0


def test_names_in_organisations_are_hits_that_say_so(reader: RuleReader) -> None:
    hits = reader.mentions("قال مجلس منبج العسكري إن القوات دخلت الباب شرق حلب.").places
    assert [name_key(hit.ref.name) for hit in hits if hit.in_name] == ["منبج"]


@pytest.mark.parametrize("text", ["قرية " * 3000, "قرى " + "وحلب " * 3000, '"' * 3000, "ريف " * 3000, "الال" * 3000])
def test_text_that_repeats_without_end_is_read(reader: RuleReader, text: str) -> None:
    assert reader.mentions(text).text == text
