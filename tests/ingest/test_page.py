"""Main text of pages; the samples are ours, shaped like outlets' templates."""

import pytest

from ingest.page import drop_leads, main_text
from tests.ingest.conftest import sample

FIRST, LAST = "أعلن المجلس العسكري في منطقة التلال", "ونفى وقوع اشتباكات خلال الانسحاب."
NOISE = [
    "شارك",
    "أرشيف",
    "اقرأ",
    "معبر الوادي",
    "موسم القمح",
    "تلغرام",
    "الخضار",
    "حقوق",
    "سياسة",
    "آليات على طريق النخيل",
]


@pytest.mark.parametrize("name", ["wordpress", "windows-1256", "json-ld"])
def test_the_article_is_found_and_what_stands_around_it_is_not(name: str) -> None:
    page = main_text(sample(f"page-{name}.html"), "text/html", "https://sahl.example/news/9")
    paragraphs = page.text.split("\n")
    assert page.text.endswith(LAST)
    assert [line for line in paragraphs if line.startswith(FIRST)]
    assert len(paragraphs) == 4  # the headline and three paragraphs
    assert not [noise for noise in NOISE if noise in page.text]
    assert page.title == "انسحاب القوات من مفرق الجسر"
    assert page.canonical == "https://sahl.example/news/9"
    assert page.language == "ar"


@pytest.mark.parametrize(
    ("name", "published"),
    [("wordpress", "2015-11-25T06:10:00+02:00"), ("json-ld", "2015-11-25T04:10:00Z"), ("table", "")],
)
def test_the_instant_of_publication_is_read(name: str, published: str) -> None:
    assert main_text(sample(f"page-{name}.html")).published == published


def test_a_rule_of_the_outlet_names_the_text() -> None:
    rules = {"content": "//td[@id='story']", "remove": ["//td[@id='story']/font"]}
    text = main_text(sample("page-table.html"), rules=rules).text
    assert text.startswith(FIRST)
    assert text.endswith(LAST)
    assert "محليات" not in text


def test_what_leads_elsewhere_goes_inside_the_element_of_a_rule_too() -> None:
    text = main_text(sample("page-wordpress.html"), rules={"content": "//article"}).text
    assert LAST in text
    assert not [noise for noise in NOISE if noise in text]


def test_a_rule_that_finds_nothing_falls_back() -> None:
    assert LAST in main_text(sample("page-wordpress.html"), rules={"content": "//div[@id='gone']"}).text


@pytest.mark.parametrize("body", [b"", b"\x00\x01\x02", b"<html>", b"plain", b"<!-- -->", b"<p>" * 30_000, b"{}"])
def test_no_page_breaks_it(body: bytes) -> None:
    main_text(body, "text/html")


def test_a_theme_that_calls_the_whole_article_a_widget_loses_nothing() -> None:
    page = sample("page-wordpress.html").replace(b"<main>", b'<div class="widget">').replace(b"</main>", b"</div>")
    assert LAST in main_text(page).text


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("اقرأ أيضا: هدنة في السهل", False),
        ("اقرأ أيضًا", False),
        ("تابعونا على تلغرام", False),
        ("The post هدنة appeared first on وكالة السهل.", False),
        ("شارك هذا الخبر", False),
        ("شارك مئات المدنيين في تشييع القتلى", True),
        ("شاركت الطائرات في القصف", True),
        ("قرأ المتحدث بيانا", True),
        ("تابعت القوات تقدمها نحو البلدة", True),
        ("اشترك في الهجوم ثلاثة فصائل", True),
        ("شارك عبر الحدود عشرات المقاتلين في الهجوم", True),
        ("تابعنا سقوط القذائف من سطح المنزل، يقول أحد السكان", True),
        ("مواضيع متعلقة بتبادل الأسرى بحثها الوفدان", True),
        ("مواضيع ذات صلة", False),
        ("أخبار ذات صلة: هدنة في السهل", False),
        ("شارك الخبر على فيسبوك", False),
        ("اشترك في نشرتنا البريدية", False),
    ],
)
def test_lines_that_lead_elsewhere_are_told_from_news(line: str, kept: bool) -> None:
    assert (drop_leads(line) == line) is kept
