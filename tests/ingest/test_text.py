"""The text stage."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.text import clean_title, drop_headline, to_text
from rasid.errors import Invalid
from rasid.messages import Passage, RawArticle
from rasid.outlets import Feed, Outlet
from tests.ingest.conftest import sample

OUTLET = Outlet(id="sahl", name="وكالة السهل للأنباء", zone="Asia/Damascus")
FETCHED = 1_448_500_000_000  # 2015-11-26 01:06:40 UTC
TITLE = "انسحاب القوات من مفرق الجسر"
TEXT = "أعلن المجلس العسكري انسحاب قواته من مفرق الجسر بعد اتفاق مع وجهاء القرى."


def raw(**changes: object) -> RawArticle:
    base = RawArticle(
        article_id="a1", version=FETCHED, feed_id="sahl-rss", outlet="sahl", url="https://sahl.example/news/9", title=TITLE,
        published="Wed, 25 Nov 2015 14:03:00 +0200", entry=f"<p>{TEXT}</p>".encode(),
    )  # fmt: skip
    return msgspec.structs.replace(base, **changes)


def test_the_text_of_the_entry_is_taken_where_there_is_no_page() -> None:
    article = to_text(raw(), OUTLET)
    assert (article.title, article.text, article.rejected) == (TITLE, TEXT, "")
    assert (article.published, article.published_from) == (1_448_452_980_000, "feed")
    assert (article.fetched, article.version, article.language) == (FETCHED, FETCHED, "ar")


def test_the_text_of_the_page_is_taken_where_there_is_one() -> None:
    article = to_text(raw(page=sample("page-wordpress.html"), page_content_type="text/html"), OUTLET)
    assert article.text.startswith("أعلن المجلس العسكري في منطقة التلال")
    assert article.text.endswith("ونفى وقوع اشتباكات خلال الانسحاب.")
    assert article.text.count("\n") == 2


def test_a_page_without_the_article_does_not_replace_the_entry() -> None:
    for name in ("page-no-article.html", "challenge.html"):
        assert to_text(raw(page=sample(name)), OUTLET).text == TEXT


def test_a_flash_has_its_headline_as_text() -> None:
    for entry in (b"", b"<p></p>", b"...", "صورة".encode(), f"<b>{TITLE}</b>".encode()):
        article = to_text(raw(entry=entry, page=sample("page-no-article.html")), OUTLET)
        assert (article.text, article.rejected) == (TITLE, "")


def test_the_rules_of_the_feed_are_used() -> None:
    feed = Feed(id="sahl-rss", outlet="sahl", url="", page={"content": "//td[@id='story']"})
    article = to_text(raw(page=sample("page-table.html")), OUTLET, feed)
    assert article.text.startswith("أعلن المجلس العسكري في منطقة التلال")  # and not with the menu or the headline


def test_text_from_outside_is_taken_as_it_is() -> None:
    text = "  نص  كما هو quot; <b>\n\n"
    assert to_text(raw(text=text, page=sample("page-wordpress.html")), OUTLET).text == text


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": "", "entry": b""}, "no text: 0 letters"),
        ({"title": "", "entry": b"<img src='x'>25/11"}, "no text: 0 letters"),
        ({"title": "خبر", "entry": b"..."}, "no text: 3 letters"),
        ({"title": "The town", "entry": b"The army entered the town on Wednesday morning."}, "not Arabic (other)"),
        ({"title": "", "entry": "نیروهای ارتش وارد شهر شدند و این خبر را تایید کرد".encode()}, "not Arabic (fa)"),
        ({"title": "", "entry": "فوج نے کہا ہے کہ شہر میں کارروائی کی گئی ہے".encode()}, "not Arabic (ur)"),
        ({"title": "", "text": "?????? ??? ??????"}, "no text: 0 letters"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_the_reason(changes: dict[str, object], reason: str) -> None:
    assert to_text(raw(**changes), OUTLET).rejected == reason


def test_the_reason_of_a_missing_page_is_part_of_the_rejection() -> None:
    trail = (
        Passage(stage="poll", status="ok", at=1, reason="page: larger than 5,000,000 bytes; it was not read further"),
    )
    assert "larger than 5,000,000 bytes" in to_text(raw(title="", entry=b"", trail=trail), OUTLET).rejected


def test_the_date_of_the_page_stands_in_for_a_missing_one() -> None:
    page = sample("page-wordpress.html")
    article = to_text(raw(published="", page=page), OUTLET)
    assert (article.published, article.published_from) == (1_448_424_600_000, "page")
    assert to_text(raw(page=page), OUTLET).published_from == "feed"
    assert to_text(raw(published="غير معروف"), OUTLET).published_from == "fetched"
    assert to_text(raw(published="2015-11-27"), OUTLET).published_from == "feed+clipped"


@pytest.mark.parametrize(
    ("title", "clean"),
    [
        (f"<b>{TITLE}</b> - وكالة السهل للأنباء", TITLE),
        (f"{TITLE} | sahl", TITLE),
        (f"{TITLE} {TITLE}", TITLE),
        (f"{TITLE} - {TITLE}", TITLE),
        ("مقتل &quot;أبو زيد&quot; &amp;amp; آخرين", 'مقتل "أبو زيد" & آخرين'),
        ("النظام - المعارضة", "النظام - المعارضة"),
        ("هدنة - عاجل", "هدنة - عاجل"),
        ("دبابات\u200f تدخل \u202bالبلدة\u202c", "دبابات تدخل البلدة"),
        ("لا لا لا", "لا لا لا"),
    ],
)
def test_titles_are_cleaned_and_nothing_else(title: str, clean: str) -> None:
    assert clean_title(title, OUTLET) == clean


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        (f"{TITLE}\n{TEXT}", TEXT),
        (f"{TITLE} !\n{TITLE}\n{TEXT}", TEXT),
        (f"{TITLE}{TITLE} ليلا", f"{TITLE} ليلا"),
        (f"{TITLE}، وقال شهود إن", f"{TITLE}، وقال شهود إن"),
        (f"{TITLE} بعد اتفاق مع الوجهاء\n{TEXT}", f"{TITLE} بعد اتفاق مع الوجهاء\n{TEXT}"),
        (TITLE, TITLE),
        ("", ""),
    ],
)
def test_only_a_doubled_headline_is_dropped(text: str, rest: str) -> None:
    assert drop_headline(text, TITLE) == rest


def test_paragraphs_stay_apart_and_words_stay_together() -> None:
    entry = "<div>دخلت <b>الق</b>وات<br/>بلدة<span> النخيل</span></div><ul><li>وانسحبت</li><li>المجموعات&nbsp;المسلحة</li></ul>"
    assert to_text(raw(entry=entry.encode()), OUTLET).text == "دخلت القوات\nبلدة النخيل\nوانسحبت\nالمجموعات المسلحة"


def test_a_record_that_names_no_article_is_invalid() -> None:
    with pytest.raises(Invalid):
        to_text(raw(article_id=""), OUTLET)
    with pytest.raises(Invalid):
        to_text(raw(), replace(OUTLET, id="other"))


@settings(deadline=None)
@given(st.binary(max_size=300), st.binary(max_size=300), st.text(max_size=60), st.text(max_size=40))
def test_no_content_raises(page: bytes, entry: bytes, title: str, published: str) -> None:
    to_text(raw(page=page, entry=entry, title=title, published=published), OUTLET)
