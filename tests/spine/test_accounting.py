"""The balance holds for every order and repetition of what a run sees."""

from hypothesis import given
from hypothesis import strategies as st

from rasid.accounting import Tally
from rasid.messages import Outcome

IDS = st.sampled_from([f"a{n}" for n in range(12)])
OUTCOMES = st.builds(
    Outcome,
    article_id=IDS,
    version=st.just(1),
    url=st.just(""),
    outlet=st.just("o"),
    status=st.sampled_from(["indexed", "copy", "rejected", "dead"]),
    verdict=st.sampled_from(["new", "copy", "update"]),
)


@given(st.lists(st.one_of(IDS, OUTCOMES)))
def test_seen_is_indexed_and_copies_and_rejected_and_waiting(steps: list[str | Outcome]) -> None:
    tally = Tally("test", started=0.0)
    for step in steps:
        if isinstance(step, Outcome):
            tally.ended(step)
        else:
            tally.published([step])
        assert tally.balance().holds


def test_an_article_in_the_dead_letters_waits() -> None:
    tally = Tally("test", started=0.0)
    tally.published(["a"])
    tally.ended(Outcome(article_id="a", version=1, url="", outlet="o", status="dead", reason="refused"))
    assert tally.balance().waiting == 1


def test_an_outcome_that_comes_twice_counts_once() -> None:
    tally = Tally("test", started=0.0)
    for _ in range(2):
        tally.ended(Outcome(article_id="a", version=1, url="", outlet="o", status="copy", verdict="copy"))
    assert (tally.balance().seen, tally.balance().copies) == (1, 1)
