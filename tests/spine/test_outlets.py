"""The feeds file is read strictly: a slip of the pen is named, not swallowed."""

from pathlib import Path

import pytest

from rasid.errors import Usage
from rasid.outlets import load

GOOD = """
[[outlet]]
id = "wakala"
name = "وكالة مثال"
favours = ["SY-GOV"]
[[feed]]
id = "wakala-main"
outlet = "wakala"
url = "https://wakala.example/rss"
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "feeds.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_outlets_and_feeds_are_read(tmp_path: Path) -> None:
    feeds = load(_write(tmp_path, GOOD))
    assert feeds.outlets["wakala"].favours == ("SY-GOV",)
    assert feeds.feeds[0].enabled


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (GOOD + '[[feed]]\nid = "wakala-main"\noutlet = "wakala"\nurl = "x"\n', "twice"),
        (GOOD + '[[feed]]\nid = "b"\noutlet = "nobody"\nurl = "x"\n', "nobody"),
        (GOOD + '[[feed]]\nid = "b"\noutlet = "wakala"\nurl = "x"\ncolour = "red"\n', "unknown"),
        ("[[feed", "no feeds file"),
    ],
)
def test_a_slip_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(Usage, match=sentence):
        load(_write(tmp_path, text))


def test_a_missing_file_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="cannot read"):
        load(tmp_path / "none.toml")
