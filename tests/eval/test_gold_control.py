"""Scores on the development set of the evaluation data must not fall below what was reached.

The scoring is score.py of the evaluation data. A lower score is a regression; raise the minimum when a
change raises the score.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from processors.gazetteer_load import load_gazetteer
from processors.reader import RuleReader
from processors.rows import extraction_row
from rasid.cli.extract import published_ms
from rasid.settings import load_settings

pytestmark = pytest.mark.evaluation

MINIMUM = {
    ("control", "precision"): 0.96,
    ("control", "recall"): 0.82,
    ("control side", "to"): 0.86,
    ("alert precision", "precision"): 0.96,
    ("casualty", "f1"): 0.88,
    ("event", "f1"): 0.62,
    ("event type", "f1"): 0.82,
    ("relevant", "f1"): 0.96,
}


@pytest.fixture(scope="module")
def scores(eval_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float]]:
    """What score.py prints for the reader's extractions of the development set."""
    settings = load_settings()
    reader = RuleReader(load_gazetteer(settings.gazetteer_files, settings.cache / "gazetteer"))
    out = tmp_path_factory.mktemp("gold") / "extractions.jsonl"
    with out.open("w", encoding="utf-8") as file:
        for line in (eval_data / "gold" / "dev.docs.jsonl").read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            found = reader.read(article["text"], article["title"] or "", published_ms(article["published"]), "")
            file.write(json.dumps(extraction_row(article["doc_id"], found), ensure_ascii=False) + "\n")
    return _score(eval_data / "gold" / "score.py", eval_data / "gold" / "dev.gold.jsonl", out)


def _score(script: Path, gold: Path, predicted: Path) -> dict[str, dict[str, float]]:
    done = subprocess.run(
        [sys.executable, str(script), str(gold), str(predicted), "--json"], capture_output=True, text=True, check=True
    )
    result: dict[str, dict[str, float]] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize(("task", "figure"), list(MINIMUM))
def test_the_score_does_not_fall(scores: dict[str, dict[str, float]], task: str, figure: str) -> None:
    assert scores[task][figure] >= MINIMUM[task, figure]
