"""Feed documents and pages: encodings, quirks, what a feed reader finds."""

import feedparser
import pytest

from rasid.newswire.articles import Newswire, served_paragraphs
from rasid.newswire.pages import feed_document, feed_type, page_document, template

BASE = "http://127.0.0.1:1"
OUTLETS = ("barid", "rayat", "bayariq", "jumhuriya", "asi", "ufuq")


def feed_of(newswire: Newswire, outlet: str) -> bytes:
    shown = newswire.of_outlet(outlet)[::-1]
    return feed_document(newswire.outlets[outlet], newswire.sites[outlet], shown, BASE)


def page_of(newswire: Newswire, key: str, related: tuple[str, ...] = ()) -> bytes:
    article = newswire.article(key)
    return page_document(
        template(article.outlet),
        article,
        newswire.outlets[article.outlet],
        newswire.sites[article.outlet],
        [newswire.article(one) for one in related],
        BASE,
    )


@pytest.mark.parametrize("outlet", OUTLETS)
def test_a_feed_reader_finds_every_item_with_title_and_date(newswire: Newswire, outlet: str) -> None:
    articles = newswire.of_outlet(outlet)[::-1]
    headers = {"content-type": feed_type(newswire.sites[outlet])}
    parsed = feedparser.parse(feed_of(newswire, outlet), response_headers=headers)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert [entry.title for entry in parsed.entries] == [one.title for one in articles]
    assert [entry.published_parsed[:5] for entry in parsed.entries] == [one.time.utctimetuple()[:5] for one in articles]
    assert len({entry.id for entry in parsed.entries}) == len(articles)


def test_both_feed_formats_are_served(newswire: Newswire) -> None:
    versions = {one: feedparser.parse(feed_of(newswire, one)).version for one in OUTLETS}
    assert versions == dict.fromkeys(OUTLETS, "rss20") | {"asi": "atom10"}


def test_the_state_agency_writes_windows_1256_and_says_so(newswire: Newswire) -> None:
    assert newswire.sites["jumhuriya"].encoding == "windows-1256"
    for one in newswire.of_outlet("jumhuriya"):
        page = page_of(newswire, one.key)
        with pytest.raises(UnicodeDecodeError):
            page.decode("utf-8")
        text = page.decode("windows-1256")
        assert one.title in text
        assert all(part in text for part in one.paragraphs)
        assert "charset=windows-1256" in text
    assert feed_of(newswire, "jumhuriya").startswith(b'<?xml version="1.0" encoding="windows-1256"?>')


def test_full_feeds_hold_all_text_and_summary_feeds_do_not(newswire: Newswire) -> None:
    full = {feed.outlet for feed in newswire.feeds if feed.full_text}
    assert (
        full == {one for one, site in newswire.sites.items() if site.content == "full"} == {"barid", "bayariq", "asi"}
    )
    for outlet in OUTLETS:
        text = feed_of(newswire, outlet).decode(newswire.sites[outlet].encoding)
        last = served_paragraphs(newswire.of_outlet(outlet)[0], newswire.sites[outlet])[-1]
        assert (last in text) == (outlet in full)


def test_the_opposition_network_repeats_the_headline_in_the_body(newswire: Newswire) -> None:
    article = newswire.article("rayat-suran-claim")
    text = page_of(newswire, article.key).decode()
    assert f"<p>{article.title}</p>" in text
    assert f"<p>{article.title}</p>" not in page_of(newswire, "barid-rai").decode()


def test_the_war_media_glues_words_after_full_stops(newswire: Newswire) -> None:
    text = page_of(newswire, "bayariq-kabbani-fire").decode()
    assert "عليها.ولم يعد" in text
    assert "عليها. ولم يعد" in newswire.article("bayariq-kabbani-fire").text


def test_the_paper_puts_tracking_parameters_on_its_links(newswire: Newswire) -> None:
    links = [entry.link for entry in feedparser.parse(feed_of(newswire, "ufuq")).entries]
    assert all("?utm_source=" in link for link in links)


def test_an_article_without_text_has_an_empty_entry_and_a_page(newswire: Newswire) -> None:
    page = page_of(newswire, "asi-photo-market").decode()
    assert "<p>" not in page
    assert "market.jpg" in page


def test_pages_link_to_other_articles(newswire: Newswire) -> None:
    page = page_of(newswire, "rayat-maardis-claim", ("rayat-suran-claim",)).decode()
    assert "اقرأ أيضا" in page
    assert newswire.article("rayat-suran-claim").title in page
    assert "كنسبا" not in page


def test_extra_markup_stands_after_the_first_paragraph(newswire: Newswire) -> None:
    article = newswire.article("asi-monthly")
    page = page_of(newswire, article.key).decode()
    assert page.index(article.paragraphs[0]) < page.index("<table>") < page.index(article.paragraphs[1])
