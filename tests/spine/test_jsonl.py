"""Article files: plain, gzip, stdin; bad lines with their number."""

import gzip
import io
from pathlib import Path

import pytest

from rasid.errors import Invalid, Usage
from rasid.jsonl import read_articles

GOOD = '{"doc_id": "a1", "text": "نص"}\n'


@pytest.mark.parametrize("packed", [False, True])
def test_reads_plain_and_packed_files_and_passes_over_blank_lines(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / "articles"
    data = ("\ufeff" + GOOD + "\n" + GOOD).encode()
    path.write_bytes(gzip.compress(data) if packed else data)
    assert [(number, article["doc_id"]) for number, article in read_articles(path)] == [(1, "a1"), (3, "a1")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{not json", "not JSON"),
        (b"[1]", "not an object"),
        (b'{"text": "x"}', "no doc_id"),
        (b'{"doc_id": "", "text": "x"}', "no doc_id"),
        (b'{"doc_id": "a"}', "no text"),
        (b'{"doc_id": "a", "text": null}', "no text"),
        (b'{"doc_id": "\xff", "text": "x"}', "not JSON"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_skipped_or_stops(tmp_path: Path, line: bytes, reason: str) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(GOOD.encode() + line + b"\n" + GOOD.encode())
    told: list[str] = []
    assert [number for number, _ in read_articles(path, complain=told.append)] == [1, 3]
    assert len(told) == 1
    assert "line 2" in told[0]
    assert reason in told[0]
    with pytest.raises(Invalid, match="line 2"):
        list(read_articles(path, strict=True))


def test_a_dash_is_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(GOOD.encode())))
    assert [article["doc_id"] for _, article in read_articles("-")] == ["a1"]


def test_a_missing_or_cut_off_file_is_a_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="cannot read"):
        list(read_articles(tmp_path / "nowhere.jsonl"))
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(GOOD.encode() * 5000)[:-20])
    with pytest.raises(Usage, match="to its end"):
        list(read_articles(cut))
