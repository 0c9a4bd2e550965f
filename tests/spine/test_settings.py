"""Settings come from the environment, and a wrong one is named."""

import os
from pathlib import Path

import pytest

from rasid.errors import Usage
from rasid.settings import load_settings


def test_defaults_need_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("RASID_")]:
        monkeypatch.delenv(name)
    settings = load_settings()
    assert settings.kafka == ""
    assert settings.index_prefix == "rasid"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RASID_POLL_INTERVAL", "soon"),
        ("RASID_DEAD_SHARE", "2"),
        ("RASID_STAGE_BATCH", "0"),
        ("RASID_METRICS_PORT", "70000"),
    ],
)
def test_a_wrong_value_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Usage, match=name):
        load_settings()


def test_lists_are_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASID_ALLOW_PRIVATE", "127.0.0.1:80, 10.0.0.1:443")
    monkeypatch.setenv("RASID_GAZETTEER", os.pathsep.join(["a.tsv", "b.tsv"]))
    settings = load_settings()
    assert settings.allow_private == ("127.0.0.1:80", "10.0.0.1:443")
    assert settings.gazetteer_files == (Path("a.tsv"), Path("b.tsv"))


def test_a_secret_does_not_show_in_logs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASID_ELASTICSEARCH_API_KEY", "topsecret")
    assert "topsecret" not in repr(load_settings())
