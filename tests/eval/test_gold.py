"""Least scores on the development set of the evaluation data: a change that reads worse fails here.

The figures are pinned a little below what was measured (docs/extraction.md), on the gazetteer that comes with the project.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from processors.gazetteer_load import load_gazetteer
from processors.reader import RuleReader
from processors.rows import extraction_row
from rasid.cli.extract import published_ms

pytestmark = pytest.mark.evaluation


@pytest.fixture(scope="module")
def scores(eval_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the evaluation data's own scorer says of the default reader."""
    folder = tmp_path_factory.mktemp("gold")
    reader = RuleReader(load_gazetteer((), folder))
    gold = eval_data / "gold"
    with (
        (gold / "dev.docs.jsonl").open(encoding="utf-8") as docs,
        (folder / "out.jsonl").open("w", encoding="utf-8") as out,
    ):
        for article in map(json.loads, docs):
            read = reader.read(article["text"], article["title"] or "", published_ms(article["published"]))
            out.write(json.dumps(extraction_row(article["doc_id"], read), ensure_ascii=False) + "\n")
    command = [
        sys.executable,
        str(gold / "score.py"),
        str(gold / "dev.gold.jsonl"),
        str(folder / "out.jsonl"),
        "--json",
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_places(scores: dict[str, Any]) -> None:
    assert scores["place"]["f1"] >= 0.93
    assert scores["place"]["precision"] >= 0.95
    assert scores["place"]["recall"] >= 0.905


def test_relevant(scores: dict[str, Any]) -> None:
    assert scores["relevant"]["f1"] >= 0.96
