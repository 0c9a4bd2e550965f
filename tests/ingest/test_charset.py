"""Bytes, whatever the headers say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.charset import decode, repair

TEXT = "<p>انسحبت القوات من مفرق الجسر وعاد الأهالي إلى بلدة النخيل</p>"


@pytest.mark.parametrize("charset", ["utf-8", "cp1256", "iso8859-6", "utf-16-le", "utf-16-be", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize(
    "header", ["", "text/html; charset=iso-8859-1", "text/html; charset=utf-8", "text/html; charset=Windows-1256"]
)
@pytest.mark.parametrize("declared", ["", "windows-1256", "utf-8", "iso-8859-6", "rot13", "unicode_escape"])
def test_the_bytes_win_over_what_is_said_of_them(charset: str, header: str, declared: str) -> None:
    prolog = f'<?xml version="1.0" encoding="{declared}"?>' if declared else "<?xml version='1.0'?>"
    decoded = decode((prolog + TEXT).encode(charset), header)
    assert decoded.text == prolog + TEXT


@pytest.mark.parametrize(
    "text",
    [
        "<p>غارة على المدينة</p>",
        "<b>وكالة السهل</b>",
        "<i>قصف على الجسر</i>",
        "<p>خبر عن غارة في المدينة</p>",
        "<p>قُتِلَ ثلاثة</p>",
        "<p>مُخيّم</p>",
        "<p>صُوَر اليوم</p>",
    ],
)
def test_a_few_words_are_enough_to_tell_the_two_arabic_charsets_apart(text: str) -> None:
    for charset, other in (("cp1256", "iso-8859-6"), ("iso8859-6", "windows-1256")):
        prolog = f'<?xml version="1.0" encoding="{other}"?>'
        assert decode((prolog + text).encode(charset), f"text/html; charset={other}").text == prolog + text


def test_a_contradiction_is_told() -> None:
    assert (
        decode(TEXT.encode("cp1256"), "text/html; charset=iso-8859-1").warning == "HTTP says cp1252, but it is cp1256"
    )
    assert decode(TEXT.encode(), "text/html; charset=utf-8").warning == ""
    assert decode(b"<p>plain</p>", "text/html; charset=us-ascii").warning == ""


def test_french_in_latin_1_stays_french() -> None:
    text = "<p>L'armée a été déployée près du château, à l'entrée de la cité où les réfugiés étaient hébergés</p>"
    assert decode(text.encode("latin-1"), "text/html; charset=iso-8859-1").text == text


def test_one_damaged_letter_does_not_change_the_charset() -> None:
    body = TEXT.encode() + b"\xe9"
    assert decode(body).text == TEXT + "\ufffd"
    assert decode(TEXT.encode()[:-5]).charset == "utf-8"


@pytest.mark.parametrize("wrong", ["latin-1", "cp1256"])
def test_text_that_was_encoded_twice_is_repaired(wrong: str) -> None:
    # «ي», «ر» and «س» stand for bytes that windows-1256 has letters for
    assert repair("ال عودة إلى قرية النخيل".encode().decode(wrong)) == "ال عودة إلى قرية النخيل"


@pytest.mark.parametrize("text", ["طط ظظ", "ضغط ظرفي على خط أطراف القطاع", TEXT, "Ø is a letter", ""])
def test_healthy_text_is_left_alone(text: str) -> None:
    assert repair(text) == text


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["", "text/html; charset=utf-16", "text/xml; charset=nonsense"]))
def test_no_bytes_break_it(body: bytes, header: str) -> None:
    decode(body, header)


@settings(deadline=None)
@given(st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإؤئآ ،؛؟.", min_size=30, max_size=200))
def test_arabic_in_utf_8_is_always_read_as_such(text: str) -> None:
    assert decode(f"<p>{text}</p>".encode(), "text/html; charset=windows-1256").text == f"<p>{text}</p>"
