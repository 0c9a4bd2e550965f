"""What is wrong with a story is said in one sentence that names the file or the article."""

import shutil
from pathlib import Path

import pytest

from rasid.errors import Usage
from rasid.newswire.articles import default_folder, load
from rasid.newswire.expected import load_expected

ARTICLE = """
[[article]]
key = "{key}"
outlet = "{outlet}"
time = {time}
title = "عنوان"
text = "{text}"
{more}
"""
GOOD = {"key": "one", "outlet": "barid", "time": "2016-03-05T09:00:00+02:00", "text": "نص قصير.", "more": ""}
CASES = {
    "a key with capitals": ({"key": "One"}, "small ASCII letters"),
    "an outlet nobody describes": ({"outlet": "nobody"}, "does not describe"),
    "a time without offset": ({"time": "2016-03-05T09:00:00"}, "with its offset"),
    "a copy of nothing": ({"more": 'copy_of = "nothing"'}, "no earlier article"),
    "a quirk nobody knows": ({"more": 'quirk = ["odd"]'}, "not one of"),
    "no text and no quirk": ({"text": ""}, "needs a title, and a text"),
    "a field nobody knows": ({"more": "colour = 1"}, "unknown key"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("feeds.toml", "sites.toml"):
        shutil.copy(default_folder() / name, tmp_path / name)
    (tmp_path / "days").mkdir()
    return tmp_path


def write(folder: Path, *articles: dict[str, str]) -> None:
    text = "".join(ARTICLE.format(**{**GOOD, **one}) for one in articles)
    (folder / "days" / "day.toml").write_text(text, encoding="utf-8")


def test_a_good_story_loads(folder: Path) -> None:
    write(folder, {})
    assert [one.key for one in load(folder).articles] == ["one"]


@pytest.mark.parametrize("case", CASES)
def test_a_wrong_article_is_named(folder: Path, case: str) -> None:
    change, sentence = CASES[case]
    write(folder, change)
    with pytest.raises(Usage, match=sentence):
        load(folder)


def test_a_key_that_stands_twice_is_named(folder: Path) -> None:
    write(folder, {}, {})
    with pytest.raises(Usage, match="'one' stands there twice"):
        load(folder)


def test_a_copy_before_its_original_is_named(folder: Path) -> None:
    write(folder, {"key": "two", "more": 'copy_of = "one"'}, {"time": "2016-03-05T10:00:00+02:00"})
    with pytest.raises(Usage, match="'two' is a copy of 'one'"):
        load(folder)


def test_an_outlet_without_a_site_is_named(folder: Path) -> None:
    write(folder, {})
    (folder / "sites.toml").write_text("", encoding="utf-8")
    with pytest.raises(Usage, match=r"needs a \[\[site\]\]"):
        load(folder)


def test_an_expected_key_without_an_article_is_named(folder: Path) -> None:
    write(folder, {})
    (folder / "expected.toml").write_text('[relation]\nmissing = "copy"\n', encoding="utf-8")
    with pytest.raises(Usage, match="no article has the key 'missing'"):
        load_expected(load(folder), folder)


def test_a_broken_file_is_named(folder: Path) -> None:
    (folder / "days" / "day.toml").write_text("[[article", encoding="utf-8")
    with pytest.raises(Usage, match=r"day\.toml is no valid TOML"):
        load(folder)
