"""Every topic: its name, partitions and how long it is kept. They are created explicitly (rasid.broker)."""

from dataclasses import dataclass, replace

DAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True)
class Topic:
    """A topic as it must stand on the broker.

    Attributes:
        name: without the prefix of RASID_TOPIC_PREFIX.
        key: what the key is, for the docs.
        holds: what a record holds, for the docs.
        partitions: count that the broker must have; another count is an error at start.
        kept_ms: retention.
        compacted: the newest record of each key is kept whatever its age.
        compression: producer codec of the topic ("" for none); raw pages compress well, small messages do not pay.
        max_bytes: largest record.
    """

    name: str
    key: str
    holds: str
    partitions: int
    kept_ms: int
    compacted: bool = False
    compression: str = ""
    max_bytes: int = 12_000_000


RAW = Topic("articles.raw", "article id", "feed entry and page as they came", 8, 14 * DAY_MS, compression="lz4")
TEXT = Topic("articles.text", "article id", "clean text, title, dates, outlet, sketch", 1, 3 * DAY_MS)
SKETCHES = Topic("articles.sketches", "article id", "sketch and verdict: the dedupe owner's state", 1, 4 * DAY_MS, True)
CHECKED = Topic("articles.checked", "article id", "the article with the verdict on copies", 8, 14 * DAY_MS)
ENRICHED = Topic(
    "articles.enriched", "article id", "the article with all that was read: what is indexed", 8, 30 * DAY_MS
)
INDEXED = Topic("articles.indexed", "article id", "what became of the article: one outcome each", 8, 14 * DAY_MS)
CLAIMS = Topic("claims", "place id", "one sourced statement each", 8, 30 * DAY_MS)
CHANGES = Topic("changes", "place id", "transitions of the ledger", 8, 365 * DAY_MS)
PLACES = Topic("places.state", "place id", "newest state of each place", 8, 365 * DAY_MS, True)
NOTIFICATIONS = Topic("notifications", "alert id", "what was to be sent, what was sent", 8, 365 * DAY_MS)
FEEDS = Topic("feeds.state", "feed id", "validators, intervals, failures, seen ids", 8, 365 * DAY_MS, True)
DEAD = Topic("dlq", "key of the record", "original bytes; headers say where from and why", 1, 30 * DAY_MS)

ALL: tuple[Topic, ...] = (
    RAW, TEXT, SKETCHES, CHECKED, ENRICHED, INDEXED, CLAIMS, CHANGES, PLACES, NOTIFICATIONS, FEEDS, DEAD,
)  # fmt: skip


def planned(partitions: int = 0) -> tuple[Topic, ...]:
    """All topics as they must stand: with the counts of this file, or with another one (RASID_PARTITIONS).

    Topics of one partition keep it: two owners of articles.text would each know half of the copies.
    """
    if not partitions:
        return ALL
    return tuple(replace(topic, partitions=partitions if topic.partitions > 1 else 1) for topic in ALL)
