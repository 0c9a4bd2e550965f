"""The table of scenarios: tests/cases/dedupe.toml."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from processors.dedupe.deduper import Deduper
from rasid.messages import SketchRecord
from tests.processors.dedupe import edits
from tests.processors.dedupe.making import article

TABLE = tomllib.loads((Path(__file__).parents[2] / "cases" / "dedupe.toml").read_text(encoding="utf-8"))


def _text(row: dict[str, Any]) -> str:
    text = "\n\n".join(TABLE["texts"][name].strip() for name in row["text"].split())
    for old, new in row.get("replace", ()):
        assert old in text, f"{old} does not stand in the text"
        text = text.replace(old, new)
    if "keep" in row:
        kept = text.split(" ")
        text = " ".join(kept[: int(len(kept) * row["keep"])])
    if "edit" in row:
        text = getattr(edits, row["edit"])(text)
    return "\n\n".join(part for part in (row.get("before", ""), text, row.get("after", "")) if part)


def _check(deduper: Deduper, number: int, row: dict[str, Any]) -> SketchRecord:
    return deduper.check(
        article(
            row.get("id", number),
            _text(row),
            row.get("hours", number / 10),
            row.get("outlet", "o" if "url" in row else ""),
            row.get("url", ""),
            row.get("title", ""),
            row.get("version", 1),
        )
    )


@pytest.mark.parametrize("case", TABLE["case"], ids=lambda case: case["name"])
def test_each_article_of_a_scenario_gets_the_expected_verdict(case: dict[str, Any]) -> None:
    deduper = Deduper()
    records = []
    for number, row in enumerate(case["articles"]):
        record = _check(deduper, number, row)
        records.append(record)
        verdict = record.verdict
        told = {f"{change.old}>{change.new}" for change in verdict.figures}
        message = f"article {number}: {verdict}"
        assert verdict.kind in row.get("verdict", verdict.kind).split("|"), message
        if "of" in row:
            assert verdict.of == records[row["of"]].article_id, message
        if "also" in row:
            assert records[row["also"]].article_id in (*verdict.also, verdict.of), message
        if "cluster" in row:
            own = row["cluster"] == -1
            expected = record.article_id if own else records[row["cluster"]].verdict.cluster
            assert verdict.cluster == expected, message
        assert set(row.get("figures", ())) <= told, message


def test_an_unchanged_scenario_text_is_never_an_update_of_itself() -> None:
    for name, text in TABLE["texts"].items():
        deduper = Deduper()
        deduper.check(article(1, text))
        verdict = deduper.check(article(2, text)).verdict
        assert (verdict.kind, verdict.figures) == ("copy", ()), name
