"""`rasid replay` and `rasid up`: what is told before the work begins, and what a replay without servers leaves."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from rasid.cli import replay, up
from rasid.errors import Usage

TEXT = (
    "سيطرت فصائل المعارضة السورية صباح اليوم على بلدة مارع في ريف حلب الشمالي بعد اشتباكات مع تنظيم الدولة الإسلامية."
)
ROW = {"doc_id": "n1", "title": "مارع", "text": TEXT, "published": "2016-04-12T08:00:00Z", "source": "barid"}
FEEDS = str(files("seeds") / "newswire" / "feeds.toml")


@pytest.fixture(autouse=True)
def folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cache and data in no one's home, and no log file that stays open."""
    monkeypatch.setattr("rasid.logs.set_up", lambda *_args, **_named: None)
    base = tmp_path_factory.getbasetemp()
    monkeypatch.setenv("RASID_CACHE", str(base / "extract-cache"))
    monkeypatch.setenv("RASID_DATA", str(base / "data"))


def run(command: click.Command, *arguments: Any) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments], catch_exceptions=False)


def source(tmp_path: Path, *rows: dict[str, str]) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_replay_leaves_its_files_and_names_outlets_as_people_know_them(tmp_path: Path) -> None:
    result = run(
        replay.command, source(tmp_path, ROW), "--in-process", "--feeds", FEEDS, "-o", tmp_path / "out", "--json"
    )
    assert json.loads(result.stdout)["alerts"] == 1
    (alert,) = map(json.loads, (tmp_path / "out" / "alerts.jsonl").read_text(encoding="utf-8").splitlines())
    assert "- وكالة البريد الشرقي، 2016/04/12 08:00 UTC" in alert["body"].splitlines()
    assert alert["change"]["claims"][0]["doc_id"] == "n1"
    assert "1 alert," in result.stderr


def test_a_replay_of_nothing_tells_no_rates(tmp_path: Path) -> None:
    result = run(replay.command, source(tmp_path), "--in-process", "-o", tmp_path / "out")
    assert "0 articles seen" in result.stderr
    assert "per second" not in result.stderr


def test_a_folder_that_cannot_be_made_is_told_before_any_article_is_read(tmp_path: Path) -> None:
    path = source(tmp_path, ROW)
    with pytest.raises(Usage, match="cannot write to"):
        run(replay.command, path, "--in-process", "-o", path)


@pytest.mark.parametrize("below", [".", "in.jsonl/x.json"])
def test_a_summary_that_has_no_place_is_told_before_the_run(tmp_path: Path, below: str) -> None:
    source(tmp_path)
    with pytest.raises(Usage, match="cannot write the summary"):
        run(up.command, "--sample", "--in-process", "--summary", tmp_path / below)
