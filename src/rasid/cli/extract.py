"""`rasid extract`: articles of a file in, what was read in them out."""

import json
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import chain, islice
from typing import Any

import click
import msgspec

from processors.gazetteer_load import load_gazetteer
from processors.reader import RuleReader
from processors.rows import extraction_row
from rasid.jsonl import open_output, read_articles
from rasid.progress import progress
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
    first = list(islice(articles, 1))  # a file that cannot be read leaves no empty output behind
    started = time.monotonic()
    count = 0
    with open_output(output, source) as out, progress("extract", None, quiet=output == "-" and out.isatty()) as tick:
        for _, article in chain(first, articles):
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


def _summary(count: int, bad: int, seconds: float, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"articles": count, "bad_lines": bad, "seconds": round(seconds, 3)}), err=True)
    else:
        click.echo(f"rasid extract: {count} articles in {seconds:.1f} s; {bad} bad lines", err=True)
