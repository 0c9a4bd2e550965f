"""New, changed and known entries."""

from dataclasses import replace

from ingest.compare import new_entries
from ingest.feed import Entry

ENTRIES = tuple(
    Entry(
        id=str(number),
        url=f"https://sahl.example/{number}",
        title=f"خبر {number}",
        published="p",
        updated="u",
        summary="نص",
    )
    for number in range(10)
)


def test_known_entries_are_not_new() -> None:
    fresh, seen = new_entries({}, ENTRIES, "f", 1)
    assert len(fresh) == len(seen) == 10
    assert new_entries(seen, ENTRIES, "f", 2)[0] == []


def test_changed_words_or_dates_make_an_entry_new_again() -> None:
    _, seen = new_entries({}, ENTRIES, "f", 1)
    for change in ({"title": "تحديث"}, {"summary": "نص آخر"}, {"content": "متن"}, {"updated": "v"}, {"published": "q"}):
        changed = (replace(ENTRIES[0], **change), *ENTRIES[1:])
        fresh, _ = new_entries(seen, changed, "f", 2)
        assert [entry for _, entry in fresh] == [changed[0]], change


def test_a_changed_guid_or_tracking_parameter_is_no_change() -> None:
    _, seen = new_entries({}, ENTRIES, "f", 1)
    changed = tuple(replace(entry, id=entry.id + "x", url=entry.url + "?utm_source=rss") for entry in ENTRIES)
    assert new_entries(seen, changed, "f", 2)[0] == []


def test_a_feed_that_stamps_all_entries_with_the_time_of_the_poll_says_nothing() -> None:
    _, seen = new_entries({}, ENTRIES, "f", 1)
    stamped = tuple(replace(entry, updated="now") for entry in ENTRIES)
    assert new_entries(seen, stamped, "f", 2)[0] == []


def test_a_new_entry_among_stamped_ones_is_found() -> None:
    _, seen = new_entries({}, ENTRIES[:9], "f", 1)
    stamped = tuple(replace(entry, updated="now") for entry in ENTRIES)
    assert [entry.id for _, entry in new_entries(seen, stamped, "f", 2)[0]] == ["9"]
