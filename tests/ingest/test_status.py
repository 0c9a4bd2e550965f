"""What statuses mean."""

import pytest

from ingest.fetch import Fetched
from ingest.status import bad_status, retry_after

NOW = 1_448_460_180.0  # Wed, 25 Nov 2015 14:03:00 GMT


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 14400 ", 14_400.0),
        ("Wed, 25 Nov 2015 14:05:00 GMT", 120.0),
        ("Wed, 25 Nov 2015 13:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("٣٠", None),
        ("9" * 400, 999_999_999.0),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


def test_only_429_and_503_have_a_wish() -> None:
    headers = {"retry-after": "120"}
    assert [bad_status(Fetched(status, "", headers), NOW).after for status in (429, 503, 404, 500)] == [
        120,
        120,
        None,
        None,
    ]


def test_410_is_gone_for_good() -> None:
    assert bad_status(Fetched(410, ""), NOW).gone
    assert not bad_status(Fetched(404, ""), NOW).gone


def test_a_challenge_is_named() -> None:
    assert "Cloudflare" in str(bad_status(Fetched(403, "", {"cf-mitigated": "challenge"}), NOW))
