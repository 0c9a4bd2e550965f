"""The reader with the gazetteer that comes with the project, built once a run."""

from pathlib import Path

import pytest

from processors.gazetteer import Gazetteer
from processors.gazetteer_load import load_gazetteer
from processors.reader import RuleReader


@pytest.fixture(scope="session")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    """Core table and GeoNames."""
    folder: Path = tmp_path_factory.mktemp("gazetteer")
    return load_gazetteer((), folder)


@pytest.fixture(scope="session")
def reader(gazetteer: Gazetteer) -> RuleReader:
    """The default reader."""
    return RuleReader(gazetteer)
