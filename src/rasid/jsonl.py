"""JSON Lines files: articles in, one a line, plain or gzip, `-` for the standard input; results out."""

import gzip
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec

from rasid.errors import Invalid, Usage

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@contextmanager
def open_output(path: str, source: str) -> Iterator[IO[str]]:
    """The file of an `-o` option for writing, with the folders that it needs; `-` is the standard output.

    Args:
        path: the file.
        source: what is read at the same time.

    Raises:
        Usage: it cannot be written, or it is the source.
    """
    if path == "-":
        yield sys.stdout
        return
    if source != "-" and Path(path).exists() and Path(path).samefile(source):
        raise Usage(f"{path} is what is read; name another file with -o")
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        file = Path(path).open("w", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        raise Usage(f"cannot write {path}: {error.strerror}") from error
    with file:
        yield file


def read_articles(
    path: str | Path, strict: bool = False, complain: Callable[[str], None] | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number (from 1) and article of each good line; blank lines are passed over.

    Args:
        path: a file, gzip by its content, or `-`.
        strict: a bad line raises instead of being skipped.
        complain: gets one sentence for each bad line that is skipped; by default it goes to stderr.

    Raises:
        Usage: the file cannot be read.
        Invalid: with `strict`, the first line that is no JSON object with a `doc_id` and a text; the message has its number.
    """
    say = complain or (lambda sentence: print(f"rasid: {sentence}", file=sys.stderr))
    with _open(path) as lines:
        for number, line in enumerate(_lines(lines, path), start=1):
            line = line.removeprefix(BYTE_ORDER_MARK)
            if not line.strip():
                continue
            article = _article(line)
            if isinstance(article, dict):
                yield number, article
            elif strict:
                raise Invalid(f"{path}, line {number}: {article}")
            else:
                say(f"{path}, line {number}: {article}; skipped")


def _article(line: bytes) -> dict[str, Any] | str:
    """The article, or what is wrong with the line."""
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return f"not JSON ({error})"
    if not isinstance(value, dict):
        return "not an object with doc_id, title, text, published, source"
    if not isinstance(value.get("doc_id"), str) or not value["doc_id"]:
        return "no doc_id"
    if not isinstance(value.get("text"), str):
        return "no text"
    return value


def _open(path: str | Path) -> IO[bytes]:
    if str(path) == "-":
        return sys.stdin.buffer
    try:
        return Path(path).open("rb")
    except OSError as error:
        raise Usage(f"cannot read {path}: {error.strerror}") from error


def _lines(file: IO[bytes], path: str | Path) -> Iterator[bytes]:
    zipped = isinstance(file, io.BufferedReader) and file.peek(2)[:2] == b"\x1f\x8b"
    try:
        if not zipped:
            yield from file
            return
        with gzip.GzipFile(fileobj=file) as lines:  # closes itself only: the file is the caller's
            yield from lines
    except (OSError, EOFError) as error:
        raise Usage(f"cannot read {path} to its end: {error}") from error
