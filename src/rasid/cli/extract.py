"""`rasid extract`: articles of a file in, what was read in them out."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO, Any

import click
import msgspec

from processors.gazetteer_load import load_gazetteer
from processors.reader import RuleReader
from processors.rows import extraction_row
from rasid.errors import Usage
from rasid.jsonl import read_articles
from rasid.settings import load_settings


@click.command("extract")
@click.argument("source", metavar="IN.jsonl")
@click.option(
    "-o", "--output", default="-", metavar="OUT.jsonl", help="Where the extractions go; - (default) is stdout."
)
@click.option("--why", is_flag=True, help="Add a `why` field: tokens, clauses, mentions and the rules that spoke.")
@click.option("--strict", is_flag=True, help="Stop at the first bad line with exit code 1 instead of skipping it.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON on stderr.")
def command(source: str, output: str, why: bool, strict: bool, as_json: bool) -> None:
    """Read articles: places, control changes, casualties, events.

    IN.jsonl has one article a line (doc_id, title, text, published, source), plain or gzip; - is stdin.

    \b
    Example: rasid extract articles.jsonl.gz -o extractions.jsonl --why
    """
    settings = load_settings()
    reader = RuleReader(load_gazetteer(settings.gazetteer_files, settings.cache / "gazetteer"))
    bad: list[str] = []

    def complain(sentence: str) -> None:
        bad.append(sentence)
        click.echo(f"rasid extract: {sentence}", err=True)

    articles = read_articles(source, strict, complain)
    started = time.monotonic()
    count = 0
    with _writer(output) as out, _progress(output) as tick:
        for _, article in articles:
            out.write(json.dumps(_read(reader, article, why), ensure_ascii=False) + "\n")
            count += 1
            tick(count)
    _summary(count, len(bad), time.monotonic() - started, as_json)


def _read(reader: RuleReader, article: dict[str, Any], why: bool) -> dict[str, Any]:
    text, title = article["text"], str(article.get("title") or "")
    published = published_ms(article.get("published"))
    country = str(article.get("country") or "")
    row = extraction_row(article["doc_id"], reader.read(text, title, published, country))
    if why:
        row["why"] = msgspec.to_builtins(reader.explain(text, title, published, country))
    return row


def published_ms(value: object) -> int:
    """Milliseconds UTC of a date as ISO 8601, RFC 822 or a number of ms; 0 where it is absent or cannot be read."""
    if isinstance(value, int | float):
        return int(value)
    if not isinstance(value, str) or not value.strip():
        return 0
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            when = parse(value.strip())
        except (ValueError, TypeError):
            continue
        return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1000)
    return 0


@contextmanager
def _writer(output: str) -> Iterator[IO[str]]:
    if output == "-":
        yield sys.stdout
        return
    path = Path(output)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("w", encoding="utf-8")
    except OSError as error:
        raise Usage(f"cannot write {output}: {error.strerror}") from error
    with file:
        yield file


@contextmanager
def _progress(output: str) -> Iterator[Any]:
    """A counter on stderr once work has taken two seconds, where a terminal is there and the output is not on it."""
    if not sys.stderr.isatty() or (output == "-" and sys.stdout.isatty()):
        with nullcontext():
            yield lambda _count: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed} articles"), TimeElapsedColumn())
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    task = progress.add_task("reading", total=None)
    started = time.monotonic()

    def tick(count: int) -> None:
        if time.monotonic() - started > 2 and not progress.live.is_started:
            progress.start()
        progress.update(task, completed=count)

    try:
        yield tick
    finally:
        progress.stop()


def _summary(count: int, bad: int, seconds: float, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"articles": count, "bad_lines": bad, "seconds": round(seconds, 3)}), err=True)
    elif sys.stderr.isatty():
        click.echo(
            f"rasid extract: {count} articles in {seconds:.1f} s" + (f", {bad} bad lines" if bad else ""), err=True
        )
