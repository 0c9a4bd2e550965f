"""The sample newswire as a source of a replay."""

from ingest.files import raw_of_row
from rasid import outlets
from rasid.newswire.articles import Newswire, as_jsonl_rows, default_folder
from rasid.outlets import FeedsFile
from rasid.replay.source import Source


def sample_source(newswire: Newswire) -> Source:
    """Its articles in order of time, with their keys as doc ids."""
    raws = {row["doc_id"]: raw_of_row(row) for row in as_jsonl_rows(newswire)}
    ordered = sorted(raws.values(), key=lambda raw: raw.version)
    return Source(tuple(ordered), {raw.article_id: key for key, raw in raws.items()})


def sample_feeds() -> FeedsFile:
    """Its outlets, with what they favour."""
    return outlets.load(default_folder() / "feeds.toml")
