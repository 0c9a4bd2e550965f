"""From HTML to plain paragraphs, without guessing where the article is (page.py does that)."""

import html
import re
import unicodedata

import lxml.html  # type: ignore[import-untyped]
from lxml import etree

_BLOCK_NAMES = (
    "address article aside blockquote body dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "li main nav ol p pre section table tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_SILENT_NAMES = "script style noscript template iframe object embed svg form button select head figcaption"
_SILENT = frozenset(_SILENT_NAMES.split())
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,5000}>")
_SPACE = re.compile(r"[^\S\n]+")
_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


def clean(text: str) -> str:
    """Spaces and line ends made uniform, direction marks and controls dropped, letters composed (NFC); words stay."""
    text = _CONTROL.sub(
        "", _INVISIBLE.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    )
    lines = (_SPACE.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def to_lines(markup: str) -> str:
    """Text of an HTML fragment (or of plain text): one paragraph a line.

    Entities that were escaped twice are resolved; scripts, styles and captions are left out.
    """
    if not _TAG.search(markup):
        once = html.unescape(markup)
        if not _TAG.search(once):  # else it was escaped HTML
            return clean(html.unescape(once))
        markup = once
    try:
        root = lxml.html.fragment_fromstring(_CONTROL.sub("", markup), create_parent="div")
    except (etree.ParserError, ValueError):
        return clean(html.unescape(_TAG.sub("\n", markup)))
    return lines_of(root)


def lines_of(root: lxml.html.HtmlElement) -> str:
    """Text of an element: block elements and `<br>` end a line, inline ones do not part a word."""
    parts: list[str] = []
    _walk(root, parts, 0)
    text = clean("".join(parts))
    return clean(html.unescape(text)) if re.search(r"&(?:#\d+|#x[0-9a-f]+|[a-zA-Z]{2,8});", text) else text


def to_line(markup: str) -> str:
    """Text of a fragment on one line: titles."""
    return " ".join(to_lines(markup).split())


def _walk(element: lxml.html.HtmlElement, parts: list[str], depth: int) -> None:
    if not isinstance(element.tag, str) or element.tag in _SILENT or depth > 200:
        return
    block = element.tag in _BLOCKS
    if block or element.tag == "br":
        parts.append("\n")
    # A line end in the source is a space; only elements end a line.
    parts.append((element.text or "").replace("\n", " "))
    for child in element:
        _walk(child, parts, depth + 1)
        parts.append((child.tail or "").replace("\n", " "))
    if block:
        parts.append("\n")
