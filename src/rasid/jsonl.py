"""Articles in JSON Lines files: one a line, plain or gzip, `-` for the standard input."""

import gzip
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec

from rasid.errors import Invalid, Usage


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
        value = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"))
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
