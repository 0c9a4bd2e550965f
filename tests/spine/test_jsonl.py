"""Article files: plain, gzip, stdin; bad lines with their number."""

import gzip
import io
from pathlib import Path

import pytest

from rasid.errors import Invalid, Usage
from rasid.jsonl import open_output, read_articles

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


def test_a_file_of_a_byte_order_mark_alone_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b"\xef\xbb\xbf")
    assert list(read_articles(path, strict=True)) == []


def test_windows_line_ends_are_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes((GOOD * 2).replace("\n", "\r\n").encode() + b"\r\n")
    assert [number for number, _ in read_articles(path, strict=True)] == [1, 2]


def test_an_output_gets_its_folders_and_is_never_the_input(tmp_path: Path) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "new" / "out.jsonl"
    source.write_text(GOOD, encoding="utf-8")
    with open_output(str(output), str(source)) as file:
        file.write("x")
    assert output.read_text(encoding="utf-8") == "x"
    for wrong, sentence in ((source, "is what is read"), (tmp_path, "cannot write"), (source / "x", "cannot write")):
        with pytest.raises(Usage, match=sentence), open_output(str(wrong), str(source)):
            pass
    assert source.read_text(encoding="utf-8") == GOOD


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
