"""From bytes to text, whatever the headers say.

Order of trust: byte-order mark; UTF-16 seen by its zero bytes; UTF-8 that decodes (Arabic in another charset never looks
like UTF-8 by chance); then the declared charset, the one of HTTP, windows-1256 and iso-8859-6, of which the one wins that
gives the most plausible Arabic. The last rule is needed because the two Arabic charsets decode each other's bytes, and
because servers send `charset=iso-8859-1` over windows-1256.
"""

import codecs
import re
from dataclasses import dataclass

import ftfy

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)["']""")
_DECLARED_HTML = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_HTTP = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_WEB = re.compile(r"^(utf-8|utf-16(-[lb]e)?|cp125\d|cp874|iso8859-\d+|koi8-[ru]|mac-arabic|gb18030|shift_jis|euc_jp)$")
"""Charsets that are text charsets of the web; Python's `unicode_escape`, `utf-7` and the like are none."""
_ARABIC_WORD = re.compile(r"[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc]{2,}")
_MIXED = re.compile(r"[\u0621-\u064a](?=[\u00c0-\u024f])|[\u00c0-\u024f](?=[\u0621-\u064a])")
"""Latin beside Arabic inside a word: the charset is wrong."""
_COMMON = frozenset("اليمنورتبهعدفسكقحأىة")
_TARGETS = ("cp1256", "iso8859-6")


@dataclass(frozen=True)
class Decoded:
    """Text with the charset that was taken; `warning` is "" where headers and bytes agreed."""

    text: str
    charset: str
    warning: str = ""


def decode(body: bytes, content_type: str = "") -> Decoded:
    """The text of a feed document or page; never fails: what cannot be decoded becomes U+FFFD.

    Args:
        body: as it came, unpacked.
        content_type: HTTP Content-Type, "" if unknown.
    """
    declared, http = _declared(body), _known(_first(_HTTP, content_type))
    for mark, charset in _BOMS:
        if body.startswith(mark):
            text = body[len(mark) :].decode(charset, "replace")
            return _decoded(text, charset, declared, http)
    if (wide := _wide(body)) and (text := body.decode(wide, "replace")):
        return _decoded(text, wide, declared, http)
    text = body.decode("utf-8", "replace")
    if _is_utf8(body, text):
        return _decoded(text, "utf-8", declared, http)
    text, charset = _best_legacy(body, declared, http)
    return _decoded(text, charset, declared, http)


def repair(text: str) -> str:
    """Undoes UTF-8 that was read in a single-byte charset and written again («Ø§Ù„» or «ط§ظ„» for «ال»).

    Text that is not damaged in this way is returned as it is.
    """
    if text.count("Ø") + text.count("Ù") > 3:
        return str(ftfy.fix_encoding(text))
    # «ط» and «ظ» are the lead bytes of Arabic letters read as windows-1256; in prose they are rare.
    if len(text) > 7 and text.count("ط") + text.count("ظ") > len(text) * 0.3:
        try:
            return text.encode("cp1256").decode("utf-8")
        except UnicodeError:
            return text
    return text


def _decoded(text: str, charset: str, declared: str, http: str) -> Decoded:
    wrong = [
        f"{where} says {said}"
        for where, said in (("the document", declared), ("HTTP", http))
        if said and said.removesuffix("-le").removesuffix("-be") != charset.removesuffix("-le").removesuffix("-be")
    ]
    ascii_only = text.isascii()
    return Decoded(text, charset, f"{' and '.join(wrong)}, but it is {charset}" if wrong and not ascii_only else "")


def _declared(body: bytes) -> str:
    head = body[:4096].replace(b"\x00", b"")
    found = _DECLARED_XML.search(head) or _DECLARED_HTML.search(head)
    return _known(found[1].decode("ascii", "replace")) if found else ""


def _known(name: str) -> str:
    """Python's name of a web charset, "" for any other name; ASCII and Latin-1 mean windows-1252, as in browsers."""
    try:
        normal = codecs.lookup(name).name if name else ""
    except LookupError:
        return ""
    if normal in ("ascii", "iso8859-1"):
        return "cp1252"
    return normal if _WEB.match(normal) else ""


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""


def _wide(body: bytes) -> str:
    """UTF-16 without a mark: markup is ASCII, so every second byte of its `<` is zero."""
    head = body[:4]
    if head.startswith((b"<\x00", b"\n\x00")):
        return "utf-16-le"
    return "utf-16-be" if head.startswith((b"\x00<", b"\x00\n")) else ""


def _is_utf8(body: bytes, text: str) -> bool:
    """It decodes, but for a few damaged letters (a document cut in the middle of one, an advertisement in Latin-1)."""
    bad = text.count("\ufffd") - body.count("\ufffd".encode())
    good = sum(1 for _ in re.finditer(rb"[\xc2-\xf4][\x80-\xbf]+", body)) if bad else 1
    return bad == 0 or bad * 20 < good


def _best_legacy(body: bytes, declared: str, http: str) -> tuple[str, str]:
    """The most plausible reading; on equal terms the one that was declared, then the one of HTTP."""
    best: tuple[float, str, str] = (float("-inf"), "", "cp1252")
    for bonus, charset in ((0.05, declared), (0.03, http), (0.0, _TARGETS[0]), (0.0, _TARGETS[1]), (-0.5, "cp1252")):
        if not charset or charset.startswith("utf"):
            continue
        text = body.decode(charset, "replace")
        score = plausible(text) + bonus
        if score > best[0]:
            best = (score, text, charset)
    return best[1], best[2]


def plausible(text: str) -> float:
    """How much the letters beyond ASCII look like text: common Arabic letters in words count most, controls against it."""
    beyond = re.findall(r"[^\x00-\x7f\u00a0\u00ab\u00bb\u060c\u061b\u061f]", text[:200_000])
    if not beyond:
        return 0.0
    in_words = sum(1 for word in _ARABIC_WORD.findall(text[:200_000]) for letter in word if letter in _COMMON)
    latin = sum(1 for letter in beyond if "\u00c0" <= letter <= "\u024f")
    damaged = sum(1 for letter in beyond if letter == "\ufffd" or "\x80" <= letter <= "\x9f")
    mixed = len(_MIXED.findall(text[:200_000]))
    return (in_words + 0.5 * latin - 3.0 * (damaged + mixed)) / len(beyond)
