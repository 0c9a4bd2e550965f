"""The sample newswire on real Kafka and Elasticsearch: the same clusters, changes and alerts; and the whole `rasid up`."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rasid.accounting import Tally
from rasid.localstack import Servers
from rasid.newswire.articles import load
from rasid.newswire.expected import load_expected
from rasid.replay.output import Results
from rasid.replay.servers import replay_on_servers
from rasid.settings import Settings
from tests.sample.compare import differences
from tests.sample.source import sample_source


async def test_through_kafka_the_sample_gives_what_is_expected(
    servers: Servers, index_prefix: str, sample_settings: Settings
) -> None:
    settings = sample_settings.model_copy(
        update={"kafka": servers.kafka, "elasticsearch": servers.elasticsearch, "index_prefix": index_prefix}
    )
    newswire = load()
    source = sample_source(newswire)
    results, tally = Results(source.doc_ids), Tally("servers", time.time())
    await replay_on_servers(settings, source, results, tally, print, lambda _done: None)
    expected = load_expected(newswire)
    found = differences(expected, results.articles.values(), results.changes.values(), source.doc_ids, in_order=True)
    assert not found, "\n".join(found)
    assert len(results.alerts) == len(expected.changes)
    assert tally.balance().waiting == 0


def _rasid(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rasid", *arguments]
    return subprocess.run(
        command, env=os.environ | environment, capture_output=True, text=True, timeout=200, check=False
    )


@pytest.mark.parametrize("mode", ["servers", "in-process"])
def test_up_polls_the_sample_and_alerts(mode: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    environment = {"RASID_CACHE": str(tmp_path / "cache"), "RASID_DATA": str(tmp_path / "data")}
    if mode == "servers":
        servers: Servers = request.getfixturevalue("servers")
        environment |= {
            "RASID_KAFKA": servers.kafka,
            "RASID_ELASTICSEARCH": servers.elasticsearch,
            "RASID_INDEX_PREFIX": request.getfixturevalue("index_prefix"),
        }
    summary = tmp_path / "summary.json"
    options = ["--in-process"] if mode == "in-process" else []
    done = _rasid(
        "up", "--sample", "--sample-seconds", "30", "--summary", str(summary), *options, environment=environment
    )
    assert done.returncode == 0, done.stderr
    newswire = load()
    expected = load_expected(newswire)
    figures = json.loads(summary.read_text(encoding="utf-8"))
    assert figures["mode"] == mode
    assert figures["seen"] == len(newswire.articles)
    assert figures["seen"] == figures["indexed"] + figures["copies"] + figures["rejected"] + figures["waiting"]
    assert (figures["waiting"], figures["dead"], figures["rejected"]) == (0, 0, len(expected.rejected))
    assert figures["alerts"] == len(expected.changes)
    assert figures["seconds_to_first_alert"] is not None
    told = [
        json.loads(line)
        for line in (tmp_path / "data" / "sample-alerts.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert len({row["alert_id"] for row in told}) == len(told) == len(expected.changes)
    if mode == "servers":
        found = _rasid("search", "طومان", "--json", environment=environment)
        assert found.returncode == 0, found.stderr
        assert "khantuman" in found.stdout
