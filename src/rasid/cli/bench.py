"""`rasid bench`: measurements that can be run again."""

import json
import sys
from pathlib import Path

import click

from rasid.errors import Usage
from rasid.settings import load_settings


@click.group("bench")
def command() -> None:
    """Measures parts of Rasid on real data (RASID_EVAL_DATA)."""


@command.command("dedupe")
@click.argument("source", metavar="[FILE.jsonl]", required=False)
@click.option("--pairs", default="", metavar="FILE.tsv", help="Labelled pairs; pairs.tsv beside FILE by default.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def dedupe(source: str | None, pairs: str, as_json: bool) -> None:
    """Agreement with exact containment, hand-labelled pairs, speed and state, on one core.

    \b
    Example:
      rasid bench dedupe wire.jsonl.gz --pairs pairs.tsv
    """
    from rasid.bench.dedupe import measure, read_labels
    from rasid.textfile import text_articles

    settings = load_settings()
    folder = settings.eval_data / "stream"
    path = Path(source) if source else next(iter(sorted(folder.glob("*.jsonl.gz"))), None)
    if path is None:
        raise Usage(f"no stream in {folder}; name a file, or set RASID_EVAL_DATA")
    labelled = Path(pairs) if pairs else path.parent / "pairs.tsv"
    if pairs and not labelled.exists():
        raise Usage(f"cannot read {pairs}: no such file")
    articles = list(text_articles(str(path), False, lambda sentence: print(f"rasid: {sentence}", file=sys.stderr)))
    if not articles:
        raise Usage(f"no articles in {path}")
    figures = measure(articles, read_labels(labelled) if labelled.exists() else (), settings.dedupe_hours)
    if as_json:
        click.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        shown = ", ".join(f"{key} {item}" for key, item in value.items()) if isinstance(value, dict) else value
        click.echo(f"{name:26}{shown}")
