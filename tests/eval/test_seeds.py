"""Five real articles through the real pipeline: indexed, found again, and the changes that they assert are found."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from processors.folding import bare, fold_word
from rasid.localstack import Servers
from tests.files import read_jsonl, write_jsonl

pytestmark = pytest.mark.evaluation


def _place(name: str) -> str:
    return " ".join(bare(word) for word in fold_word(name).split())


@pytest.fixture
def seeds(eval_data: Path) -> dict[str, dict[str, Any]]:
    """The annotated seed articles by doc_id."""
    rows = read_jsonl(eval_data / "gold" / "dev.docs.jsonl")
    return {row["doc_id"]: row for row in rows if row["doc_id"].startswith("seed-")}


def test_the_seed_articles_are_indexed_found_and_read(
    seeds: dict[str, dict[str, Any]], eval_data: Path, servers: Servers, index_prefix: str, tmp_path: Path
) -> None:
    environment = os.environ | {
        "RASID_KAFKA": servers.kafka,
        "RASID_ELASTICSEARCH": servers.elasticsearch,
        "RASID_INDEX_PREFIX": index_prefix,
        "RASID_CACHE": str(tmp_path / "cache"),
    }
    source = write_jsonl(tmp_path / "seeds.jsonl", seeds.values())

    def rasid(*arguments: str) -> str:
        command = [sys.executable, "-m", "rasid", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    rasid("replay", str(source), "-o", str(tmp_path / "out"), "--no-notify")
    articles = {row["doc_id"]: row for row in read_jsonl(tmp_path / "out" / "articles.jsonl")}
    changes = read_jsonl(tmp_path / "out" / "changes.jsonl")
    assert set(articles) == set(seeds)
    gold = {row["doc_id"]: row for row in read_jsonl(eval_data / "gold" / "dev.gold.jsonl")}
    wanted = {_place(one["place"]) for key in seeds for one in gold[key]["control"] if one["when"] == "recent"}
    got = {_place(one["place"]) for key in seeds for one in articles[key]["control"] if one["when"] == "recent"}
    assert wanted <= got, f"missed: {wanted - got}"
    assert got <= wanted, f"false: {got - wanted}"
    assert {_place(change["place"]["name"]) for change in changes} == wanted
    for key in seeds:
        place = gold[key]["places"][0]["name"]
        hits = [json.loads(line) for line in rasid("search", place, "--json").splitlines()]
        flat = json.dumps(hits, ensure_ascii=False)
        assert key in flat, f"{key} is not among the hits for its first place"
