"""The sample newswire gives exactly the expected clusters, changes and alerts, without servers."""

import time

from rasid.accounting import Tally
from rasid.newswire.articles import load
from rasid.newswire.expected import load_expected
from rasid.replay.inprocess import replay_in_process
from rasid.replay.output import Results
from rasid.settings import Settings
from tests.sample.compare import differences
from tests.sample.source import sample_feeds, sample_source


async def test_the_sample_gives_what_is_expected(sample_settings: Settings) -> None:
    newswire = load()
    source = sample_source(newswire)
    results, tally = Results(source.doc_ids), Tally("in-process", time.time())
    await replay_in_process(sample_settings, sample_feeds(), source, results, tally, [], lambda _done: None)
    expected = load_expected(newswire)
    found = differences(expected, results.articles.values(), results.changes.values(), source.doc_ids, in_order=True)
    assert not found, "\n".join(found)
    assert tally.balance().holds
    assert len(results.alerts) == 0, "no channel, no alert"
