"""`rasid extract`: form of the output, bad lines, exit codes."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from rasid.cli.extract import command, published_ms
from rasid.errors import Invalid, Usage

TEXT = "سيطر الجيش السوري على بلدة خان العسل بريف حلب أمس، وقُتل أربعة مدنيين في قصف على مدينة الباب."


@pytest.fixture(autouse=True)
def folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """One cache for the tests of this file, in no one's home."""
    base = tmp_path_factory.getbasetemp() / "extract-cache"
    monkeypatch.setenv("RASID_CACHE", str(base))


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(command, arguments, input=stdin, catch_exceptions=False)


def article(**changes: Any) -> str:
    return json.dumps(
        {"doc_id": "a1", "title": "", "text": TEXT, "published": "2018-03-02T10:00:00Z", "source": "x"} | changes
    )


def test_writes_the_form_of_the_guidelines_with_exact_evidence(tmp_path: Path) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "new" / "out.jsonl"
    source.write_text(article(), encoding="utf-8")
    assert run(str(source), "-o", str(output)).exit_code == 0
    row = json.loads(output.read_text(encoding="utf-8"))
    assert row["doc_id"] == "a1"
    assert row["relevant"] is True
    assert {place["name"] for place in row["places"]} >= {"خان العسل", "الباب"}
    for kind in ("control", "not_control", "casualties", "events"):
        for entry in row[kind]:
            assert entry["evidence"] == TEXT[entry["start"] : entry["end"]]
            assert len(entry["evidence"]) <= 200
    for place in row["places"]:
        assert all(span["text"] == TEXT[span["start"] : span["end"]] for span in place["spans"])
        assert {"place_id", "lat", "lon", "country", "admin1"} <= set(place)


def test_stdin_to_stdout_with_why() -> None:
    result = run("-", "--why", stdin=article())
    row = json.loads(result.stdout)
    assert {"clauses", "places", "actors", "numbers"} <= set(row["why"])


def test_bad_lines_are_told_and_skipped(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text("{broken\n" + article() + "\n", encoding="utf-8")
    result = run(str(source), "--json")
    assert result.exit_code == 0
    assert "line 1" in result.stderr
    assert json.loads(result.stderr.splitlines()[-1])["bad_lines"] == 1
    assert len(result.stdout.splitlines()) == 1


def test_strict_stops_at_a_bad_line(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text("{broken\n", encoding="utf-8")
    with pytest.raises(Invalid, match="line 1"):
        run(str(source), "--strict")


def test_a_missing_file_and_an_output_that_cannot_be_written_are_wrong_uses(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="cannot read"):
        run(str(tmp_path / "nowhere.jsonl"))
    source = tmp_path / "in.jsonl"
    source.write_text(article(), encoding="utf-8")
    with pytest.raises(Usage, match="cannot write"):
        run(str(source), "-o", str(source / "below-a-file.jsonl"))


@pytest.mark.parametrize("text", ["", " ", "\u200f", "a", "٣", "«", ".\n.\n", "🙂", "\x00", "ق" * 5000])
def test_any_text_is_read(text: str) -> None:
    assert json.loads(run("-", stdin=article(text=text, title=None, published=None)).stdout)["doc_id"] == "a1"


@pytest.mark.parametrize(
    ("written", "ms"),
    [
        ("2018-03-02T10:00:00Z", 1519984800000),
        ("2018-03-02T10:00:00", 1519984800000),
        ("2018-03-02", 1519948800000),
        ("Fri, 02 Mar 2018 14:00:00 +0400", 1519984800000),
        (1519984800000, 1519984800000),
        ("yesterday", 0),
        ("", 0),
        (None, 0),
    ],
)
def test_dates_in_iso_and_mail_form(written: object, ms: int) -> None:
    assert published_ms(written) == ms
