"""Own forces: the cases of tests/cases/own_forces.toml."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from processors.actors import find_actors
from processors.own_forces import find_own_forces, with_own_forces
from processors.sentences import read_text

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "own_forces.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_own_forces_belong_to_whoever_speaks(case: dict[str, Any]) -> None:
    reading = replace(read_text(case["text"]), outlet_sides=tuple(case["outlet"]))
    reading = replace(reading, actors=find_actors(reading))
    hits = find_own_forces(reading)
    assert [hit.side for hit in hits] == ([case["side"]] if case["side"] else [])
    assert all(reading.text[hit.start : hit.end] == hit.text for hit in hits)
    ordered = with_own_forces(replace(reading, actors=reading.actors))
    assert [hit.first for hit in ordered] == sorted(hit.first for hit in ordered)
