"""Fixtures of the sample newswire."""

from pathlib import Path

import pytest

from rasid.newswire.articles import default_folder
from rasid.settings import Settings, load_settings


@pytest.fixture
def sample_settings(tmp_path: Path) -> Settings:
    """Settings of a run on the sample: nothing is held back for its age, and no file of the user is touched."""
    return load_settings(
        cache=tmp_path,
        data=tmp_path,
        alerts_file="none",
        alert_max_age_hours=1e9,
        feeds=str(default_folder() / "feeds.toml"),
    )
