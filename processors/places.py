"""Layer 3: places named in an article (stub)."""

from collections.abc import Sequence

from processors.gazetteer import Gazetteer
from processors.reading import PlaceHit, Reading


def find_places(reading: Reading, gazetteer: Gazetteer) -> tuple[PlaceHit, ...]:
    """The places that the article names, in order of the text; not yet linked."""
    return ()


def link(reading: Reading, hits: Sequence[PlaceHit], gazetteer: Gazetteer) -> tuple[PlaceHit, ...]:
    """The hits with their best reading in the gazetteer and its rivals."""
    return tuple(hits)
