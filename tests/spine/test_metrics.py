"""Every metric in the list is counted somewhere: one that nobody counts would show zero for ever."""

import re
from pathlib import Path

from rasid import metrics

ROOT = Path(__file__).parents[2]


def test_every_metric_is_counted_somewhere() -> None:
    folders = ("src", "ingest", "sinks", "processors")
    code = "\n".join(path.read_text(encoding="utf-8") for name in folders for path in (ROOT / name).rglob("*.py"))
    names = [name for name, value in vars(metrics).items() if name.isupper() and hasattr(value, "describe")]
    listed = [name for name in names if name != "REGISTRY"]
    assert [name for name in listed if not re.search(rf"\b(metrics\.)?{name}\.(labels|inc|set|observe)", code)] == []
