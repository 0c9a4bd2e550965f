"""Which entries of a document are new or changed."""

from collections.abc import Mapping

from ingest.feed import Entry
from ingest.identity import article_id, fingerprint
from ingest.state import Seen

STAMPED = 4
"""From so many entries on, new dates on most of the known ones are the feed's habit, not changes."""


def new_entries(
    known: Mapping[str, Seen], entries: tuple[Entry, ...], feed_id: str, now: int
) -> tuple[list[tuple[str, Entry]], dict[str, Seen]]:
    """(entries that are new or changed, with their article ids; what is to be remembered of all entries).

    Changed is an entry whose title, summary or content differs, or whose dates do. A feed that stamps all its entries
    with the time of the poll says nothing by it.

    Args:
        known: what was seen before, by article id.
        now: ms.
    """
    fresh: list[tuple[str, Entry]] = []
    redated: list[tuple[str, Entry]] = []
    seen: dict[str, Seen] = {}
    for entry in entries:
        key = article_id(entry.url, feed_id, entry.id)
        if key in seen:
            continue
        marks = seen[key] = Seen(
            last=now,
            words=fingerprint(entry.title, entry.summary, entry.content),
            dates=fingerprint(entry.published, entry.updated),
        )
        before = known.get(key)
        if before is None or before.words != marks.words:
            fresh.append((key, entry))
        elif before.dates != marks.dates:
            redated.append((key, entry))
    again = sum(1 for key in seen if key in known)
    if len(redated) < STAMPED or len(redated) * 2 <= again:
        fresh += redated
    return fresh, seen
