"""What comes from feeds cannot steer a terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasid.terminal import FSI, PDI, clean, isolate

CASES = [
    ("colours", "\x1b[31mعاجل\x1b[0m", "عاجل"),
    ("window title", "أ\x1b]0;pwned\x07ب", "أب"),
    ("link", "\x1b]8;;https://evil.invalid\x1b\\نص\x1b]8;;\x1b\\", "نص"),
    ("clipboard", "\x1b]52;c;ZWNobw==\x07خبر", "خبر"),
    ("string without end", "\x1b]0;عنوان بلا نهاية", "0;عنوان بلا نهاية"),
    ("one byte introducer", "\x9b31mأحمر", "31mأحمر"),
    ("quotes of a wrong charset", "قال \x93نعم\x94 ومضى", "قال نعم ومضى"),
    ("override", "أ\u202egnp.exe\u202c", "أgnp.exe"),
    ("isolates of its own", "\u2069\u2067تقدم\u2069", "تقدم"),
    ("direction marks", "\u200fحلب\u200e", "حلب"),
    ("carriage return", "صواب\rخطأ", "صواب خطأ"),
    ("backspace", "نعم\x08\x08\x08لا", "نعملا"),
    ("paragraph separators", "سطر\u2029سطر\u2028سطر\n سطر", "سطر سطر سطر سطر"),
    ("hidden tags", "خبر\U000e0041\U000e007f", "خبر"),
    ("half of a pair", "خبر\ud83d", "خبر"),
    ("joiners that shape words", "می\u200cخواهد", "می\u200cخواهد"),
]


@pytest.mark.parametrize(("name", "text", "wanted"), CASES, ids=[case[0] for case in CASES])
def test_what_steers_a_terminal_is_taken_out(name: str, text: str, wanted: str) -> None:
    assert clean(text) == wanted


def test_lines_can_be_kept() -> None:
    assert clean("أول\r\nثان\rثالث\tرابع\x1b[2J", lines=True) == "أول\nثان\nثالث رابع"


def test_arabic_is_isolated_and_latin_is_not() -> None:
    assert isolate("سانا 24") == f"{FSI}سانا 24{PDI}"
    assert isolate("SANA 24") == "SANA 24"
    assert isolate("") == ""


@given(st.text(), st.booleans())
def test_no_control_is_ever_left(text: str, lines: bool) -> None:
    cleaned = clean(text, lines)
    kinds = {unicodedata.category(letter) for letter in cleaned.replace("\n", "" if lines else "\n")}
    assert not kinds & {"Cc", "Cs", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(letter) for letter in cleaned} & {
        "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
    }  # fmt: skip
    cleaned.encode()
