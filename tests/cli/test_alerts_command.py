"""`rasid alerts`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from rasid.cli.alerts import command, since_ms
from rasid.errors import Usage


@pytest.fixture
def runner(tmp_path: Path) -> CliRunner:
    return CliRunner(env={"RASID_ALERTS_FILE": str(tmp_path / "alerts.jsonl")})


def test_a_test_alert_goes_through_every_channel_and_is_listed(runner: CliRunner) -> None:
    sent = runner.invoke(command, ["test"])
    assert sent.exit_code == 0
    assert "TEST: " in sent.stdout
    assert sent.stderr.splitlines() == ["rasid: terminal: sent", "rasid: file: sent"]
    listed = runner.invoke(command, ["list"])
    assert "تجربة: " in listed.stdout
    (row,) = [
        json.loads(line) for line in runner.invoke(command, ["list", "--json", "--since", "1h"]).stdout.splitlines()
    ]
    assert row["rule"] == "test"
    assert row["alert_id"] in listed.stdout


def test_old_alerts_are_left_out(runner: CliRunner) -> None:
    runner.invoke(command, ["test"])
    assert runner.invoke(command, ["list", "--since", "2999-01-01"]).stdout == ""


def test_without_a_file_there_are_no_alerts_yet(runner: CliRunner) -> None:
    listed = runner.invoke(command, ["list"])
    assert (listed.exit_code, listed.stdout) == (0, "")
    assert "no alerts yet" in listed.stderr


def test_a_channel_that_fails_makes_exit_code_1(tmp_path: Path) -> None:
    runner = CliRunner(env={"RASID_ALERTS_FILE": str(tmp_path)})
    failed = runner.invoke(command, ["test"])
    assert failed.exit_code == 1
    assert "rasid: file: cannot write the alerts file" in failed.stderr


def test_rules_are_checked(runner: CliRunner, tmp_path: Path) -> None:
    right = runner.invoke(command, ["rules"])
    assert (right.exit_code, right.stdout.startswith("any-change")) == (0, True)
    bad = tmp_path / "rules.toml"
    bad.write_text('[[rule]]\nid = "a"\nto = ["X"]\n', encoding="utf-8")
    wrong = runner.invoke(command, ["rules", str(bad)])
    assert wrong.exit_code == 2
    assert "rules.toml, line 3: the side 'X' is unknown" in wrong.stderr


def test_a_span_of_time_is_read() -> None:
    assert since_ms("90m", 10_000.0) == 10_000_000 - 90 * 60_000
    assert since_ms("2016-03-01", 0.0) == 1_456_790_400_000
    assert since_ms("2016-03-01T03:00+03:00", 0.0) == 1_456_790_400_000
    with pytest.raises(Usage, match="write 90m, 24h, 7d or a day"):
        since_ms("yesterday", 0.0)
