"""Fixtures for all tests."""

from pathlib import Path

import pytest

from rasid.settings import load_settings


@pytest.fixture(scope="session")
def eval_data() -> Path:
    """The folder of the evaluation data (RASID_EVAL_DATA); tests that need it skip where it is absent."""
    folder = load_settings().eval_data
    if not (folder / "gold").is_dir():
        pytest.skip(f"no evaluation data at {folder} (RASID_EVAL_DATA names it)")
    return folder
