"""`rasid dedupe` and `rasid bench dedupe`."""

import gzip
import json
import sys
from pathlib import Path

import pytest

from rasid.bench.dedupe import measure
from rasid.bench.exact import exact_pairs
from rasid.cli import main
from rasid.textfile import text_articles
from tests.processors.dedupe.making import article, words

TEXT = "قُتل 23 شخصاً في انهيار مبنى قرب الجسر القديم. " + " ".join(words(80, 1))
ROWS = [
    {"doc_id": "a", "title": "انهيار مبنى", "text": TEXT, "published": "2024-03-01 10:00:00", "source": "one"},
    {"doc_id": "b", "title": "انهيار", "text": TEXT, "published": "2024-03-01T10:20:00Z", "source": "two"},
    {
        "doc_id": "c",
        "title": "حصيلة",
        "text": TEXT.replace("23", "29"),
        "published": "2024-03-01 12:00:00",
        "source": "one",
    },
    {"doc_id": "d", "title": "خبر آخر", "text": " ".join(words(80, 2)), "published": "", "source": "three"},
]
FIELDS = ["doc_id", "verdict", "of", "cluster", "new_in_old", "old_in_new", "figures"]


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["rasid", *map(str, arguments)])
    try:
        main()
    except SystemExit as leave:
        return int(leave.code or 0)
    return 0


def _write(path: Path, lines: list[str]) -> Path:
    data = "\n".join(lines).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.mark.parametrize("name", ["in.jsonl", "in.jsonl.gz"])
def test_each_article_gets_one_line_with_the_fields_of_the_contract(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = _write(tmp_path / name, [json.dumps(row, ensure_ascii=False) for row in ROWS])
    assert _run(monkeypatch, "dedupe", source, "-o", tmp_path / "out.jsonl") == 0
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [list(row) for row in rows] == [FIELDS] * 4
    assert [(row["doc_id"], row["verdict"], row["of"], row["cluster"]) for row in rows] == [
        ("a", "new", "", "a"),
        ("b", "copy", "a", "a"),
        ("c", "update", "a", "a"),
        ("d", "new", "", "d"),
    ]
    assert [(change["old"], change["new"]) for change in rows[2]["figures"]] == [("23", "29")]
    assert "شخصا" in rows[2]["figures"][0]["context"]


def test_a_bad_line_is_told_with_its_number_and_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    good = json.dumps(ROWS[0], ensure_ascii=False)
    bad_date = json.dumps({**ROWS[1], "published": "yesterday"}, ensure_ascii=False)
    source = _write(tmp_path / "in.jsonl", [good, "{broken", bad_date, "[]"])
    assert _run(monkeypatch, "dedupe", source, "-o", tmp_path / "out", "--json") == 0
    told = capfd.readouterr()
    assert all(f"line {number}:" in told.err for number in (2, 3, 4))
    summary = json.loads(told.out)
    assert (summary["articles"], summary["bad_lines"], summary["verdicts"]) == (1, 3, {"new": 1})


def test_strict_stops_at_the_first_bad_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    source = _write(tmp_path / "in.jsonl", [json.dumps(ROWS[0]), "{broken", json.dumps(ROWS[1])])
    assert _run(monkeypatch, "dedupe", source, "-o", tmp_path / "out", "--strict") == 1
    assert "line 2:" in capfd.readouterr().err
    assert len((tmp_path / "out").read_text(encoding="utf-8").splitlines()) == 1


def test_a_file_that_is_not_there_is_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, "dedupe", tmp_path / "none", "-o", tmp_path / "out") == 2
    assert "cannot read" in capfd.readouterr().err
    assert not (tmp_path / "out").exists()
    source = _write(tmp_path / "in.jsonl", [json.dumps(ROWS[0])])
    assert _run(monkeypatch, "dedupe", source, "-o", source / "out") == 2


def test_an_empty_file_gives_an_empty_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _run(monkeypatch, "dedupe", _write(tmp_path / "in.jsonl", []), "-o", tmp_path / "out") == 0
    assert (tmp_path / "out").read_text(encoding="utf-8") == ""


def test_exact_pairs_have_exact_containments() -> None:
    text = words(100, 1)
    old, new = " ".join(text), " ".join(text[:40] + words(40, 2))
    (pair,) = exact_pairs([article(0, old), article(1, new)], 72.0)
    assert (pair.new, pair.old) == (1, 0)
    assert 0.3 < pair.old_in_new < 0.45 < pair.new_in_old < 0.6
    assert exact_pairs([article(0, old), article(1, new, hours=80)], 72.0) == []


def test_the_benchmark_counts_right_wrong_and_missed() -> None:
    articles = [
        article(0, " ".join(words(100, 1))),
        article(1, " ".join(words(100, 1))),
        article(2, " ".join(words(90, 2))),
    ]
    figures = measure(articles, [("0", "1", "D"), ("0", "2", "U"), ("1", "2", "P"), ("0", "1", "R")], 72.0)
    assert (figures["exact"]["right"], figures["exact"]["wrong"], figures["exact"]["missed"]) == (1, 0, 0)
    assert (figures["labels"]["right"], figures["labels"]["wrong"], figures["labels"]["missed"]) == (1, 0, 1)


@pytest.mark.evaluation
def test_the_real_stream_holds_the_goals(eval_data: Path) -> None:
    path = next(iter(sorted((eval_data / "stream").glob("*.jsonl.gz"))), None)
    if path is None:
        pytest.skip("the evaluation data has no stream")
    articles = list(text_articles(str(path), False, lambda sentence: None))[:6000]
    figures = measure(articles, (), 72.0)
    assert figures["exact"]["precision"] >= 0.97
    assert figures["exact"]["recall"] >= 0.97
    assert figures["state_bytes"] <= 1024
