"""`rasid dedupe`: copies, updates and corrections among the articles of a file."""

import json
import time
from collections import Counter
from typing import Any

import click

from rasid.errors import Usage
from rasid.settings import load_settings


@click.command("dedupe")
@click.argument("source", metavar="IN.jsonl")
@click.option(
    "-o", "--output", required=True, metavar="OUT.jsonl", help="One verdict a line; `-` is the standard output."
)
@click.option(
    "--hours",
    type=click.FloatRange(min=0, min_open=True),
    help="Event time in which copies are looked for; RASID_DEDUPE_HOURS (72) by default.",
)
@click.option("--strict", is_flag=True, help="Stop at the first bad line.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON on the standard output.")
def command(source: str, output: str, hours: float | None, strict: bool, as_json: bool) -> None:
    """Reads articles in order of arrival (doc_id, title, text, published, source, perhaps url; plain or .gz; `-`: standard
    input) and writes for each: doc_id, verdict, of, cluster, new_in_old, old_in_new, figures.

    The verdict is new, copy, contains, contained, passage, revision, update or correction.

    \b
    Example:
      rasid dedupe wire.jsonl.gz -o verdicts.jsonl
    """
    from processors.dedupe.deduper import Deduper
    from rasid.jsonl import open_output
    from rasid.progress import progress
    from rasid.textfile import text_articles

    if as_json and output == "-":
        raise Usage("--json and -o - would both write to the standard output; name a file with -o")
    bad: list[str] = []

    def complain(sentence: str) -> None:
        bad.append(sentence)
        click.echo(f"rasid: {sentence}", err=True)

    deduper = Deduper(hours or load_settings().dedupe_hours)
    verdicts: Counter[str] = Counter()
    started = time.perf_counter()
    articles = text_articles(source, strict, complain)
    first = next(articles, None)  # a file that cannot be read leaves no empty output behind
    with open_output(output, source) as out, progress("dedupe", None) as advance:
        while first is not None:
            record = deduper.check(first)
            verdicts[record.verdict.kind] += 1
            out.write(json.dumps(_row(first.article_id, record.verdict), ensure_ascii=False) + "\n")
            advance(verdicts.total())
            first = next(articles, None)
    seconds = time.perf_counter() - started
    summary = {
        "articles": verdicts.total(),
        "bad_lines": len(bad),
        "verdicts": dict(verdicts.most_common()),
        "seconds": round(seconds, 2),
        "articles_per_second": round(verdicts.total() / max(seconds, 1e-9)),
    }
    if as_json:
        click.echo(json.dumps(summary))
    else:
        told = ", ".join(f"{count} {kind}" for kind, count in verdicts.most_common())
        click.echo(
            f"rasid dedupe: {verdicts.total()} articles in {seconds:.1f} s: {told or 'nothing'}; {len(bad)} bad lines",
            err=True,
        )


def _row(doc_id: str, verdict: Any) -> dict[str, Any]:
    return {
        "doc_id": doc_id,
        "verdict": verdict.kind,
        "of": verdict.of,
        "cluster": verdict.cluster,
        "new_in_old": verdict.new_in_old,
        "old_in_new": verdict.old_in_new,
        "figures": [{"old": change.old, "new": change.new, "context": change.context} for change in verdict.figures],
    }
