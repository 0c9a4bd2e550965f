"""Feed documents with the quirks found in the wild; the samples are ours."""

import contextlib

import pytest

from ingest.feed import MAX_ENTRIES, parse_feed
from rasid.errors import Invalid
from tests.ingest.conftest import sample

URL = "https://sahl.example/rss"
TITLES = ["إخلاء مخيم الوادي بعد فيضان السد", "قصف على أطراف بلدة النخيل"]


@pytest.mark.parametrize(
    "name",
    [
        "plain", "windows-1256", "windows-1256-undeclared", "iso-8859-6", "utf-16-bom", "utf-16-no-bom", "utf-8-bom",
        "utf-8-called-windows-1256", "double-encoded", "cut-in-a-letter", "bad-letter",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "header", ["", "text/xml", "text/xml; charset=us-ascii", "application/xml; charset=iso-8859-1", "text/html"]
)
def test_every_charset_and_damage_gives_the_same_entries(name: str, header: str) -> None:
    parsed = parse_feed(sample(f"{name}.rss.xml"), header, URL)
    assert [entry.title for entry in parsed.entries] == TITLES
    assert [entry.id for entry in parsed.entries] == ["sahl-1", "sahl-2"]
    assert parsed.title == "وكالة السهل للأنباء"
    assert parsed.language == "ar"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "0 bytes"),
        (b" \n\n", "0 bytes"),
        (sample("html-page.html"), "an HTML page"),
        (sample("challenge.html"), "an HTML page"),
        (sample("not-xml.txt"), "no RSS, RDF or Atom"),
        (sample("sitemap.xml"), "no RSS, RDF or Atom"),
        (sample("entity-bomb.rss.xml"), "entity bomb"),
        (sample("entity-file.rss.xml"), "entity bomb"),
        (bytes(range(256)) * 20, "no RSS, RDF or Atom"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "no RSS, RDF or Atom"),
    ],
)
def test_what_is_no_feed_is_refused_with_the_reason(body: bytes, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        parse_feed(body, "text/xml", URL)


def test_a_channel_without_items_is_a_feed_without_news() -> None:
    assert parse_feed(sample("empty-channel.rss.xml")).entries == ()


def test_a_harmless_entity_is_read() -> None:
    assert parse_feed(sample("entity-harmless.rss.xml")).entries[0].title == "هدنة\xa0في السهل"


def test_damage_is_a_warning_and_no_error() -> None:
    assert "not well-formed" in parse_feed(sample("cut-in-a-letter.rss.xml")).warning
    assert parse_feed(sample("plain.rss.xml")).warning == ""


def test_entries_that_share_a_guid_survive() -> None:
    entries = parse_feed(sample("same-guid.rss.xml"), "", URL).entries
    assert len(entries) == 3
    assert len({entry.id for entry in entries}) == 3
    assert [entry.url[-1] for entry in entries] == ["1", "2", "3"]


def test_entries_without_guid_and_link_are_known_by_their_title() -> None:
    assert [entry.id for entry in parse_feed(sample("no-guid-no-link.rss.xml"), "", URL).entries] == [
        "إخلاء مخيم الوادي",
        "هدنة في السهل",
    ]


def test_guids_are_kept_where_entries_have_no_links() -> None:
    items = "".join(f"<item><title>خبر {n}</title><guid isPermaLink='false'>g{n}</guid></item>" for n in range(3))
    entries = parse_feed(f"<rss version='2.0'><channel>{items}</channel></rss>".encode(), "", URL).entries
    assert [entry.id for entry in entries] == ["g0", "g1", "g2"]


def test_entries_that_share_a_placeholder_link_do_not_become_one() -> None:
    entries = parse_feed(sample("placeholder-links.rss.xml"), "", URL).entries
    assert len(entries) == 2
    assert all(entry.url == "" for entry in entries)


def test_relative_links_are_completed_and_guids_are_not() -> None:
    (entry,) = parse_feed(sample("relative-links.rss.xml"), "", URL).entries
    assert (entry.id, entry.url) == ("17", "https://sahl.example/news/1")


def test_atom_and_rdf_are_read() -> None:
    (atom,) = parse_feed(sample("atom.xml")).entries
    assert (atom.published, atom.updated) == ("2015-11-25T10:00:00Z", "2015-11-25T11:30:00Z")
    (rdf,) = parse_feed(sample("rdf.xml")).entries
    assert rdf.published or rdf.updated == "2015-11-25T14:03:00+02:00"


def test_a_missing_date_of_change_is_not_made_of_the_date_of_publication() -> None:
    assert parse_feed(sample("plain.rss.xml")).entries[0].updated == ""


def test_whole_articles_are_told_from_teasers() -> None:
    entries = parse_feed(sample("full-content.rss.xml"), "", URL).entries
    assert [entry.is_full for entry in entries] == [True, False, False]


def test_thousands_of_entries_are_cut_and_the_warning_says_so() -> None:
    item = "<item><title>خبر {0}</title><link>https://sahl.example/{0}</link></item>"
    items = "".join(item.format(number) for number in range(MAX_ENTRIES + 500))
    parsed = parse_feed(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    assert len(parsed.entries) == MAX_ENTRIES
    assert f"{MAX_ENTRIES + 500} entries" in parsed.warning


def test_the_file_system_is_never_read() -> None:
    with pytest.raises(Invalid):
        parse_feed(b"/etc/hostname")


@pytest.mark.timeout(60)
def test_deep_nesting_ends() -> None:
    body = (
        b"<rss version='2.0'><channel><item><description>"
        + b"<div>" * 20_000
        + b"</description></item></channel></rss>"
    )
    with contextlib.suppress(Invalid):
        parse_feed(body)
