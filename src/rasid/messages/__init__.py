"""What travels on the topics: frozen msgspec structs, one file a part of the way.

    articles.py    RawArticle → TextArticle → (verdict) → (extraction): the article as each stage leaves it
    verdicts.py    what dedupe says of an article: new, copy of, update of …
    extraction.py  what was read: places, control changes, casualties, events, each with its span
    ledger.py      Claim → PlaceState, Change → Alert, Notification
    codec.py       bytes in and out, the schema version, decode errors as Invalid

Times are integers, milliseconds since 1970 UTC. Offsets are code points into `TextArticle.text`, end exclusive.
"""

from rasid.messages.articles import (
    CheckedArticle,
    EnrichedArticle,
    Outcome,
    Passage,
    RawArticle,
    TextArticle,
    status_of,
)
from rasid.messages.codec import SCHEMA_VERSION, decode, encode
from rasid.messages.extraction import (
    Casualty,
    ControlChange,
    Event,
    Extraction,
    NotControl,
    PlaceMention,
    PlaceRef,
    Span,
)
from rasid.messages.ledger import Alert, Change, Claim, Notification, PlaceState
from rasid.messages.verdicts import COPIES, FigureChange, SketchRecord, Verdict

__all__ = [
    "COPIES",
    "SCHEMA_VERSION",
    "Alert",
    "Casualty",
    "Change",
    "CheckedArticle",
    "Claim",
    "ControlChange",
    "EnrichedArticle",
    "Event",
    "Extraction",
    "FigureChange",
    "NotControl",
    "Notification",
    "Outcome",
    "Passage",
    "PlaceMention",
    "PlaceRef",
    "PlaceState",
    "RawArticle",
    "SketchRecord",
    "Span",
    "TextArticle",
    "Verdict",
    "decode",
    "encode",
    "status_of",
]
