"""Which addresses are one article."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.identity import article_id, canonical_url, clean_url, fingerprint

CASES = tomllib.loads((Path(__file__).parents[1] / "cases/urls.toml").read_text(encoding="utf-8"))
SAME = [(group["of"], url) for group in CASES["same"] for url in group["urls"]]
APART = CASES["apart"][0]["urls"]
NONE = CASES["none"][0]["urls"]


@pytest.mark.parametrize(("of", "url"), SAME)
def test_variants_of_an_address_are_one_article(of: str, url: str) -> None:
    assert canonical_url(url) == canonical_url(of)
    assert article_id(url, "feed", "1") == article_id(of, "other-feed", "2")


def test_addresses_that_choose_another_article_stay_apart() -> None:
    assert len({canonical_url(url) for url in APART}) == len(APART)


@pytest.mark.parametrize("url", NONE)
def test_what_is_no_web_address_is_no_identity(url: str) -> None:
    assert canonical_url(url) == ""
    assert clean_url(url) == ""


def test_the_cleaned_address_still_opens() -> None:
    assert (
        clean_url("http://www.sahl.example:80/news/1/?utm_source=rss&id=2#top")
        == "http://www.sahl.example/news/1/?id=2"
    )


def test_entries_without_an_address_of_their_own_are_known_by_feed_and_entry() -> None:
    front_page = [article_id("https://sahl.example/", feed, entry) for feed in ("a", "b") for entry in ("1", "2")]
    none = [article_id("", feed, entry) for feed in ("a", "b") for entry in ("1", "2")]
    assert len(set(front_page)) == 4
    assert front_page == none


def test_an_id_is_twenty_hex_digits() -> None:
    assert len(article_id("https://sahl.example/news/1", "", "")) == 20
    assert int(article_id("", "feed", "1"), 16) >= 0


def test_white_space_changes_no_fingerprint() -> None:
    assert fingerprint("هدنة  في\nالسهل") == fingerprint("هدنة في السهل") != fingerprint("هدنة في الجبل")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_it_and_applying_it_again_changes_nothing(text: str) -> None:
    for url in (text, f"https://sahl.example/{text}", f"https://sahl.example/x?{text}", f"http://{text}/x"):
        once = canonical_url(url)
        assert canonical_url(once) == once
        assert clean_url(clean_url(url)) == clean_url(url)
