"""From the bytes of an article's page to its main text.

trafilatura finds the article; before it, what is certainly no article is cut out of the tree (its corpus knows one
Arabic page), after it, lines that only lead elsewhere are dropped. An outlet's own XPaths come first where it has some.
"""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import lxml.html  # type: ignore[import-untyped]
import trafilatura
from lxml import etree

from ingest import charset
from ingest.identity import clean_url
from ingest.markup import clean, lines_of, to_line

MAX_TREE = 50_000
"""Elements of a page; a larger one is no article."""
_CUT = "//script | //style | //noscript | //iframe | //svg | //form | //figcaption | //nav | //aside | //footer"
_CUT_CLASS = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|addtoany|related|read-?also|readmore|read-more|more-?news|most-?read|trending|"
    r"recommended|newsletter|subscribe|breadcrumbs?|tags?|tag-?list|comments?|disqus|caption|wp-caption-text|cookie|"
    r"advert(?:isement)?|ads?|banner|sidebar|widget|author-?(?:box|bio)|jp-relatedposts|sharedaddy)(?:$|[\s_-])",
    re.IGNORECASE,
)
_KEEP = frozenset({"html", "body", "main", "article"})
# Each alternative needs more than a verb: «شارك», «اشترك» and «تابعنا» open sentences of news as well.
_LEADS_AWAY = re.compile(
    r"^\W*(?:(?:ا|إ|أ)قر(?:أ|ا|ؤوا|أي)\s*(?:أيضا|أيضًا|ايضا|المزيد|كذلك)|"
    r"(?:طالع|شاهد|تابع|شاهدوا|اقرؤوا)\s+(?:أيضا|أيضًا|ايضا|المزيد)|"
    r"(?:مواضيع|أخبار|مقالات)\s+(?:ذات صلة|متعلقة|مشابهة)\W*(?:$|:)|قد (?:يعجبك|يهمك)|لمتابعة (?:آخر|أهم) (?:الأخبار|المستجدات)|"
    r"تابعونا|تابعنا (?:على|عبر)|انضم(?:وا)? إلى قناتنا|اشترك (?:الآن|في (?:نشرتنا|النشرة|قناتنا|القناة))|"
    r"شارك(?:ها|وا)?\s+(?:هذا|هذه|المقال|المقالة|الخبر|الموضوع|القصة|على (?:فيسبوك|تويتر|واتساب|تلغرام))|حمّ?ل تطبيق|"
    r"جميع الحقوق محفوظة|(?:ال)?كلمات (?:ال)?(?:مفتاحية|دلالية)|وسوم\s*:|The post .{0,300} appeared first on)",
    re.IGNORECASE,
)
_LABEL_LETTERS = 28
"""A line that leads away and is no longer than this is a label: the list of links behind it goes too."""
_METAS = {
    "published": (
        "//meta[@property='article:published_time']/@content",
        "//meta[@itemprop='datePublished']/@content",
        "//*[@itemprop='datePublished']/@datetime",
        "//meta[@name='publish-date' or @name='pubdate' or @name='date' or @name='DC.date.issued']/@content",
        "//article//time/@datetime",
        "//time/@datetime",
    ),
    "title": ("//meta[@property='og:title']/@content", "//h1", "//title"),
    "canonical": ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"),
}

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs an error for each page without text; we report it


@dataclass(frozen=True)
class PageText:
    """What a page says.

    Attributes:
        text: paragraphs, one a line; "" where no article was found.
        published: date as the page writes it, unparsed, "" if none.
        canonical: the page's own address, "" if none.
        language: as declared (`lang`), "" if not.
    """

    title: str = ""
    text: str = ""
    published: str = ""
    canonical: str = ""
    language: str = ""


def main_text(page: bytes, content_type: str = "", url: str = "", rules: Mapping[str, Any] | None = None) -> PageText:
    """Reads a page; never fails: what cannot be read gives an empty PageText.

    Args:
        page: bytes as they came, any charset.
        content_type: HTTP Content-Type.
        url: of the page, for relative links.
        rules: `content` (XPath of the main text), `remove` (XPaths to cut), as in the feeds file.
    """
    rules = rules or {}
    decoded = charset.repair(charset.decode(page, content_type).text)
    try:
        tree = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", decoded.replace("\x00", "")))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return PageText()
    structured = _structured(tree)
    title = to_line(_meta(tree, "title"))
    published = str(structured.get("datePublished") or "") or _meta(tree, "published")
    canonical = clean_url(_meta(tree, "canonical"))
    language = str(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    _prune(tree, _listed(rules.get("remove")))
    text = _by_rule(tree, _listed(rules.get("content"))) or _by_trafilatura(tree, url)
    return PageText(title, drop_leads(text), published.strip(), canonical, language)


def drop_leads(text: str) -> str:
    """The text without the lines that only lead elsewhere («اقرأ أيضا: …», «تابعونا على …», "The post … appeared first on")."""
    return "\n".join(line for line in text.split("\n") if len(line) > 300 or not _LEADS_AWAY.match(line))


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(one) for one in value or ()]


def _meta(tree: lxml.html.HtmlElement, what: str) -> str:
    for path in _METAS[what]:
        for found in tree.xpath(path):
            value = found if isinstance(found, str) else found.text_content()
            if value.strip():
                return str(value.strip())
    return ""


def _structured(tree: lxml.html.HtmlElement) -> dict[str, Any]:
    """The article of the page's JSON-LD, {} if none."""
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        try:
            data = json.loads(script.text_content(), strict=False)
        except (ValueError, RecursionError):
            continue
        rows = data if isinstance(data, list) else data.get("@graph", [data]) if isinstance(data, dict) else []
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict) and "Article" in str(row.get("@type", "")):
                return row
    return {}


def _prune(tree: lxml.html.HtmlElement, remove: list[str]) -> None:
    """Cuts what is no article; drop_tree keeps the text behind an element."""
    for path in (_CUT, *remove):
        for found in tree.xpath(path):
            if isinstance(found, etree._Element) and found.getparent() is not None:
                found.drop_tree()
    for element in list(tree.iter(etree.Element)):
        if element.tag in _KEEP or element.getparent() is None:
            continue
        marks = f"{element.get('class') or ''} {element.get('id') or ''}"
        if _CUT_CLASS.search(marks) and not _holds_article(element):
            element.drop_tree()
    for element in list(tree.iter("p", "div", "h2", "h3", "h4", "strong", "b", "span", "li")):
        own = " ".join(element.text_content().split()) if len(element) < 6 else ""
        if own and len(own) < 300 and element.getparent() is not None and _LEADS_AWAY.match(own):
            _cut_label(element, own)


def _holds_article(element: lxml.html.HtmlElement) -> bool:
    """Themes put `widget` or `tag-…` on the whole page: what holds much running text is not cut for its class."""
    return sum(len(p.text_content()) for p in element.iter("p")) > 1000 or bool(element.xpath(".//article | .//h1"))


def _cut_label(element: lxml.html.HtmlElement, own: str) -> None:
    following = element.getnext()
    if len(own) <= _LABEL_LETTERS and following is not None and following.tag in ("ul", "ol", "div"):
        links = sum(len(a.text_content()) for a in following.iter("a"))
        if links * 10 > len(following.text_content().strip()) * 7:
            following.drop_tree()
    element.drop_tree()


def _by_rule(tree: lxml.html.HtmlElement, paths: list[str]) -> str:
    for path in paths:
        found = [lines_of(one) if isinstance(one, etree._Element) else clean(str(one)) for one in tree.xpath(path)]
        if text := "\n".join(part for part in found if part):
            return text
    return ""


def _by_trafilatura(tree: lxml.html.HtmlElement, url: str) -> str:
    if sum(1 for _ in tree.iter()) > MAX_TREE:
        return ""
    found = trafilatura.bare_extraction(
        tree,
        url=url or None,
        include_comments=False,
        include_tables=False,
        include_formatting=False,
    )
    return clean(found.text or "") if found is not None and not isinstance(found, dict) else ""
