"""Rows of files as raw articles."""

import pytest

from ingest.files import raw_of_row
from ingest.text import to_text
from rasid.errors import Invalid
from rasid.outlets import Outlet

ROW = {
    "doc_id": "d-1",
    "title": "هدنة في السهل",
    "text": "توصل الوجهاء إلى هدنة.",
    "published": "2015-11-25 14:03:00",
    "source": "sahl",
}
AT = 1_448_460_180_000


@pytest.mark.parametrize(
    "published",
    [
        "2015-11-25 14:03:00",
        "2015-11-25T14:03:00Z",
        "2015-11-25T16:03:00+02:00",
        "Wed, 25 Nov 2015 14:03:00 GMT",
        1448460180,
    ],
)
def test_dates_of_rows_mean_utc_whatever_the_outlet_s_zone(published: object) -> None:
    raw = raw_of_row({**ROW, "published": published})
    assert raw.version == AT
    assert to_text(raw, Outlet(id="sahl", name="", zone="Asia/Damascus")).published == AT


def test_a_row_keeps_its_own_id_even_where_two_rows_share_an_address() -> None:
    rows = [{**ROW, "doc_id": name, "url": "https://www.sahl.example/news/1?utm_source=x"} for name in ("a", "b")]
    raws = [raw_of_row(row) for row in rows]
    assert [raw.article_id for raw in raws] == ["a", "b"]
    assert raws[0].url == "https://www.sahl.example/news/1"


def test_the_text_is_taken_as_it_is() -> None:
    raw = raw_of_row(ROW)
    assert (raw.text, raw.title, raw.outlet) == (ROW["text"], ROW["title"], "sahl")
    assert raw_of_row({**ROW, "text": ""}).text == ROW["title"]


def test_a_row_without_id_gets_one() -> None:
    row = {key: value for key, value in ROW.items() if key != "doc_id"}
    assert len(raw_of_row(row).article_id) == 20
    assert raw_of_row(row).article_id != raw_of_row({**row, "title": "أخرى"}).article_id


def test_a_row_without_date_takes_the_time_of_fetching() -> None:
    row = {key: value for key, value in ROW.items() if key != "published"}
    assert raw_of_row(row, fetched_ms=AT).version == AT


@pytest.mark.parametrize(
    "row",
    [
        {},
        [],
        {"title": "", "text": " "},
        {**ROW, "published": "غدا"},
        {**ROW, "text": ["x"]},
        {**ROW, "title": {"a": 1}},
    ],
)
def test_a_row_that_is_no_article_is_invalid(row: object) -> None:
    with pytest.raises(Invalid):
        raw_of_row(row)  # type: ignore[arg-type]
