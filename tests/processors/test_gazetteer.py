"""The gazetteer: lookup, formats, merging, the compact form."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processors import gazetteer_load
from processors.gazetteer import Gazetteer, Place, name_key
from processors.gazetteer_load import Row, build, distance_km, load_gazetteer, read_rows
from rasid.errors import Usage

OWN = "id\tname_ar\tname_en\tcountry\tadmin1_ar\tlat\tlon\tfeature\taliases\tsource\n"
TEN = "country\tname_ar\tname_en\tlat\tlon\tfeature\tadmin1_ar\tadmin2_ar\tsource\tsource_id\talt_ar\n"


@pytest.fixture
def no_geonames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading 80 MB of JSON again for each test would cost a second each."""
    cities = tmp_path / "cities.json"
    cities.write_text("{}")
    monkeypatch.setattr(gazetteer_load, "_geonames_file", lambda: cities)


@pytest.mark.parametrize(
    "written", ["حلب", "إعزاز", "اعزاز", "أعزاز", "البيضا", "بيضاء", "خان العسل", "كفرزيتا", "كفر زيتا"]
)
def test_finds_names_in_any_spelling(gazetteer: Gazetteer, written: str) -> None:
    assert gazetteer.find(written)


def test_homonyms_are_kept_and_core_places_come_first(gazetteer: Gazetteer) -> None:
    found = gazetteer.find("المنصورة")
    assert {place.country for place in found} >= {"SY", "YE", "EG"}
    assert found[0].core
    assert len({place.id for place in found}) == len(found)


def test_a_town_and_its_governorate_are_two_places(gazetteer: Gazetteer) -> None:
    assert {place.feature for place in gazetteer.find("إدلب")} == {"governorate", "city"}


def test_every_core_place_has_a_country_and_coordinates_in_its_part_of_the_world(gazetteer: Gazetteer) -> None:
    core = [place for place in gazetteer.places if place.core]
    assert len(core) > 2000
    assert all(place.country for place in core)
    near = [
        place
        for place in core
        if place.country in gazetteer_load.THEATRES and place.lat is not None and place.lon is not None
    ]
    assert all(
        3 < place.lat < 38 and 9 < place.lon < 55 for place in near if place.lat is not None and place.lon is not None
    )


@pytest.mark.usefixtures("no_geonames")
def test_further_files_of_both_formats_are_read(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text(
        OWN + "XX-1\tتل التجربة\tTell Test\tSY\tحلب\t36.5\t37.1\tvillage\tتل تجريب\tmade up\n", encoding="utf-8"
    )
    ten = tmp_path / "ten.tsv"
    ten.write_text(
        TEN + "IQ\tقرية الاختبار\tTest\t33.1\t44.2\tlocality\tبغداد\t\tmade up\tdtm:9\tالاختبار\n", encoding="utf-8"
    )
    found = load_gazetteer((own, ten))
    assert [place.id for place in found.find("تل تجريب")] == ["XX-1"]
    assert [(place.id, place.feature, place.admin1) for place in found.find("الاختبار")] == [
        ("dtm:9", "village", "بغداد")
    ]


@pytest.mark.parametrize("text", ["no header\nat all\n", "", "country\tname\nSY\tAleppo\n"])
def test_a_file_without_the_columns_is_a_wrong_use(tmp_path: Path, text: str) -> None:
    path = tmp_path / "wrong.tsv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Usage, match="name the columns"):
        list(read_rows(path))


@pytest.mark.usefixtures("no_geonames")
def test_a_missing_file_is_a_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="cannot read"):
        load_gazetteer((tmp_path / "nowhere.tsv",))


@pytest.mark.usefixtures("no_geonames")
def test_the_compact_form_is_the_same_gazetteer_and_is_rebuilt_when_a_source_changes(tmp_path: Path) -> None:
    source = tmp_path / "own.tsv"
    source.write_text(OWN + "XX-1\tتل التجربة\t\tSY\tحلب\t\t\tvillage\t\t\n", encoding="utf-8")
    cache = tmp_path / "cache"
    first, second = load_gazetteer((source,), cache), load_gazetteer((source,), cache)
    assert (list(first.places), first.names, first.articles) == (list(second.places), second.names, second.articles)
    source.write_text(OWN + "XX-2\tتل المحاولة\t\tSY\tحلب\t\t\tvillage\t\t\n", encoding="utf-8")
    third = load_gazetteer((source,), cache)
    assert third.find("تل المحاولة")
    assert not third.find("تل التجربة")


@pytest.mark.usefixtures("no_geonames")
def test_a_broken_compact_form_and_a_folder_that_cannot_be_made_only_cost_time(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    load_gazetteer((), cache)
    for file in cache.iterdir():
        file.write_bytes(b"\x00broken")
    assert load_gazetteer((), cache).find("حلب")
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert load_gazetteer((), blocked / "cache").find("حلب")


def test_the_same_place_of_two_sources_is_merged_and_a_namesake_elsewhere_is_not() -> None:
    rows = [
        Row(Place("A", "تل الزهر", "", "SY", "حلب", 36.0, 37.0)),
        Row(Place("B", "تل الزهر", "Tell Zahr", "SY", "", 36.02, 37.01, population=900)),
        Row(Place("C", "تل الزهر", "", "SY", "حمص", 34.7, 36.7)),
        Row(Place("D", "تل الزهر", "", "IQ", "", 36.0, 37.0)),
    ]
    found = build(rows).find("تل الزهر")
    assert [(place.id, place.name_en, place.population) for place in found] == [
        ("A", "Tell Zahr", 900),
        ("C", "", 0),
        ("D", "", 0),
    ]


def test_distance() -> None:
    assert distance_km(36.2, 37.16, 33.51, 36.29) == pytest.approx(309, rel=0.01)


@given(st.text(st.sampled_from("اأإآلبةهىيءؤئ َـ-()"), max_size=20))
def test_keys_are_stable(name: str) -> None:
    assert name_key(name_key(name)).split() == [word for word in name_key(name_key(name)).split() if word]
