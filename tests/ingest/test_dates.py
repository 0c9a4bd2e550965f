"""Dates of feeds and pages."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.dates import parse_date, read_instant

CASES = tomllib.loads((Path(__file__).parents[1] / "cases/dates.toml").read_text(encoding="utf-8"))["case"]
FETCHED = int(datetime(2025, 11, 24, 16, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_dates_as_outlets_write_them(case: dict[str, str]) -> None:
    found = parse_date(case["text"], "Asia/Damascus", FETCHED)
    if not case["utc"]:
        assert found == (FETCHED, "fetched")
        return
    wanted = datetime.fromisoformat(case["utc"]).replace(tzinfo=UTC)
    assert (datetime.fromtimestamp(found[0] / 1000, UTC), found[1]) == (wanted, "feed")


def test_a_date_in_the_future_is_clipped_and_marked() -> None:
    assert parse_date("Tue, 25 Nov 2025 14:03:00 GMT", "UTC", FETCHED) == (FETCHED, "feed+clipped")
    assert parse_date("2025-11-24T16:00:01Z", "UTC", FETCHED, origin="page") == (FETCHED, "page+clipped")
    assert parse_date("2025-11-24T16:00:00Z", "UTC", FETCHED, origin="page") == (FETCHED, "page")


def test_an_unknown_zone_counts_as_utc() -> None:
    assert read_instant("2015-11-25 14:03", "Mars/Base") == read_instant("2015-11-25T14:03Z")


@settings(deadline=None)
@given(st.text(alphabet="0123456789٠١٢٣٤٥٦٧٨٩/-:.,+TZ هـمص يناير تشرين الأول الموافق Nov GMT", max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    instant, origin = parse_date(text, "Asia/Damascus", FETCHED)
    assert instant <= FETCHED
    assert origin in ("feed", "feed+clipped", "fetched")
