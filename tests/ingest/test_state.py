"""What is remembered of feeds."""

from ingest.state import SEEN_DAYS, SEEN_MAX, FeedState, MemoryStore, Seen, remember
from rasid.messages import decode, encode

DAY = 86_400_000


def test_a_state_survives_the_wire() -> None:
    state = FeedState(
        feed_id="f",
        etag='W/"x"',
        seen={"a": Seen(last=5, words="w", dates="d")},
        next_due=7,
        failures=2,
        hash_mode=True,
    )
    assert decode(encode(state), FeedState) == state


def test_the_longest_unseen_leave_first() -> None:
    seen = {str(number): Seen(last=number, words="", dates="") for number in range(SEEN_MAX)}
    after = remember(
        FeedState(feed_id="f", seen=seen), {"new": Seen(last=SEEN_MAX + 5, words="", dates="")}, SEEN_MAX + 5
    )
    assert len(after) == SEEN_MAX
    assert "new" in after
    assert "0" not in after
    assert "1" in after


def test_what_stands_in_the_document_is_never_forgotten_for_its_age() -> None:
    old = {"static": Seen(last=0, words="", dates=""), "left": Seen(last=0, words="", dates="")}
    now = (SEEN_DAYS + 1) * DAY
    after = remember(FeedState(feed_id="f", seen=old), {"static": Seen(last=now, words="", dates="")}, now)
    assert set(after) == {"static"}


async def test_memory_keeps_the_newest_state() -> None:
    store = MemoryStore([FeedState(feed_id="f")])
    await store.save(FeedState(feed_id="f", etag="x"))
    assert (await store.load())["f"].etag == "x"
