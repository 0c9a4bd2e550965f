"""Tolls and other numbers."""

import pytest

from processors.corrections import taken_back
from processors.dedupe.figures import changes, figures, parsed, read, same
from processors.dedupe.folding import code_units, words

TOLLS = [
    ("قُتل 23 شخصاً وأصيب أربعون آخرون بجروح", ["dead 23", "hurt 40"]),
    ("مقتل شخصين وجرح ثلاثة وعشرين", ["dead 2", "hurt 23"]),
    ("سقوط قتيلين و١٢ جريحاً", ["dead 2", "hurt 12"]),
    ("ارتفعت حصيلة القتلى من 23 إلى 32 قتيلاً", ["dead 23", "dead 32"]),
    ("استشهاد أكثر من 20 مدنياً", ["dead >20"]),
    ("مقتل شخص وإصابة مئة واثنين وثلاثين", ["dead 1", "hurt 132"]),
    ("ارتفع عدد الشهداء إلى أحد عشر شهيداً", ["dead 11"]),
    ("قتل اثنا عشر عنصراً", ["dead 12"]),
    ("توفي ثلاثة من الجرحى متأثرين بجراحهم", ["dead 3"]),
    ("مصرع مئتين وخمسين شخصاً جراء الزلزال", ["dead 250"]),
    ("وفاة 1,250 شخصاً", ["dead 1250"]),
    ("فقدان 14 مهاجراً قبالة الساحل", ["missing 14"]),
    ("اعتقال 17 شاباً", ["held 17"]),
    ("مقتل ألفين ومئة مدني", ["dead 2100"]),
]
NO_TOLLS = [
    "قُتل في 3 غارات",
    "انتشل المسعفون الضحايا من تحت أنقاض ثلاثة محال تجارية",
    "أطلق المقاتلون 186 صاروخاً على المدينة",
    "قُتل في عام 2013",
    "وقال أحد الجرحى إن القصف استمر ساعات",
]


@pytest.mark.parametrize(("text", "expected"), TOLLS, ids=[text for text, _ in TOLLS])
def test_a_toll_is_read(text: str, expected: list[str]) -> None:
    assert [figure for figure in figures(text) if " " in figure and figure.count(" ") == 1] == expected


@pytest.mark.parametrize("text", NO_TOLLS)
def test_a_number_of_things_is_no_toll(text: str) -> None:
    assert [figure for figure in figures(text) if figure.count(" ") == 1] == []


@pytest.mark.parametrize(
    ("first", "second", "least", "expected"),
    [
        ("23", "23", False, True),
        ("23", "32", False, False),
        ("20", "23", True, True),
        ("20", "45", True, False),
        ("33000", "33288", False, True),
        ("33000", "38000", False, False),
        ("1.9", "1.9", False, True),
        ("22", "30", False, False),
        ("2", "3", True, False),
    ],
)
def test_values_that_tell_the_same(first: str, second: str, least: bool, expected: bool) -> None:
    assert same(first, second, least) is expected
    assert same(second, first, least) is expected


def _changes(old: str, new: str) -> list[tuple[str, str]]:
    found = read(words(code_units(new)).split())
    return [(change.old, change.new) for change in changes(found, figures(old), ())]


def test_every_single_change_of_a_toll_is_told() -> None:
    text = "قُتل {} شخصاً وأصيب {} آخرون في القصف على البلدة"
    for before in range(3, 60, 7):
        for after in range(3, 60, 5):
            if before != after:
                assert (str(before), str(after)) in _changes(text.format(before, 99), text.format(after, 99))


def test_a_number_in_the_same_context_is_told_and_in_another_is_not() -> None:
    assert _changes("أطلقت القوات 186 صاروخاً على المدينة", "أطلقت القوات 190 صاروخاً على المدينة") == [("186", "190")]
    assert _changes("أطلقت القوات 186 صاروخاً على المدينة", "وزعت المنظمة 190 سلة غذائية على النازحين") == []


def test_the_written_form_can_be_read_again() -> None:
    for figure in figures("قُتل أكثر من 20 شخصاً وأطلقت القوات 186 صاروخاً على المدينة اليوم"):
        assert str(parsed(figure)) == figure


CORRECTIONS = [
    ("تصحيح: حصيلة الغارة", ""),
    ("تصويب", "ورد خطأ في الخبر المنشور أمس عن عدد القتلى"),
    ("خبر", "تعتذر الوكالة عن الخبر السابق وترجو إلغاءه."),
    ("خبر", "يرجى إهمال الخبر السابق."),
    ("(إعادة مع تصحيح الحصيلة) قتلى في غارة", ""),
    ("خبر", "سحبت الوكالة الخبر السابق عن سقوط البلدة."),
    ("تصويب من الشبكة حول خبر سنجار", ""),
    ("", "تصويب: تسحب الصحيفة خبرها المنشور صباحا عن سقوط الميناء، وتعتذر من قرائها."),
]
ORDINARY = [
    ("تصحيح المسار شرط لاستئناف المحادثات", "قال الوزير إن تصحيح المسار ضروري"),
    ("توضيح من وزارة الصحة بشأن اللقاح", "أصدرت الوزارة بياناً"),
    ("تصحيح أوراق الطلاب يبدأ الأحد", ""),
    ("انسحاب القوات من البلدة", "سحبت القيادة قواتها من البلدة"),
    ("", "اعتذر المدير عن التأخير في صرف الرواتب"),
    ("تصويب من لاعب الوسط يمنح فريقه الفوز", "سجل اللاعب هدفا بتصويبة بعيدة"),
    ("", "نفى الناطق خبر سحب القوات من المعبر"),
]


@pytest.mark.parametrize(("title", "text"), CORRECTIONS)
def test_words_of_correction_are_seen(title: str, text: str) -> None:
    assert taken_back(words(code_units(title)).split(), words(code_units(text)).split())


@pytest.mark.parametrize(("title", "text"), ORDINARY)
def test_ordinary_news_corrects_nothing(title: str, text: str) -> None:
    assert not taken_back(words(code_units(title)).split(), words(code_units(text)).split())
