"""From claims to alerts."""

import msgspec

from rasid.messages.codec import Message
from rasid.messages.extraction import PlaceRef


class Claim(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One sourced statement about who holds a place. Key of the topic: `place.place_id`."""

    claim_id: str
    """Hash of article id, place id, to, from, stance: the same statement read again has the same id."""
    place: PlaceRef
    stance: str = "assert"
    """`assert` a change, `deny` one (not_control/denied), `withdraw` an earlier report of the same outlet."""
    to: str | None = None
    from_: str | None = msgspec.field(default=None, name="from")
    manner: str = ""
    status: str = "reported"
    """As read: reported, claimed, disputed."""
    when: str = "recent"
    happened: int = 0
    """ms UTC: the time of the event as told, else `published`."""
    published: int
    article_id: str
    version: int
    url: str = ""
    title: str = ""
    outlet: str
    favours: tuple[str, ...] = ()
    """Sides that the outlet favours (seeds/outlets.toml)."""
    source: str = ""
    source_side: str | None = None
    cluster: str = ""
    relation: str = "new"
    """The article's verdict kind: a copy adds no weight, an update replaces its own earlier claim."""
    of: str = ""
    """Article that it is a copy, revision, update or correction of."""
    evidence: str = ""
    start: int = 0
    end: int = 0
    ordinal: int = 0
    """Position among the changes that the article tells of this place, in order of time: the last is its state."""


class Change(Message, frozen=True, kw_only=True, omit_defaults=True):
    """A transition of the ledger. Key of the topic: `place.place_id`."""

    change_id: str
    """Hash of place, holder, standing, since and the claim that caused it."""
    place: PlaceRef
    holder: str | None
    """Who holds it now; None where only the loss is told."""
    standing: str
    """claimed, reported, confirmed, disputed, reversed, corrected."""
    previous_holder: str | None = None
    """Who held it before `holder`, None if unknown."""
    previous_standing: str = ""
    """Standing that was told last, "" if nothing was."""
    follow_up: bool = False
    """The holder is the one told last: only the standing changed."""
    manner: str = ""
    since: int = 0
    """ms UTC: since when the holder holds it, as told."""
    at: int = 0
    """ms UTC: publication time of the claim that caused the transition."""
    rule: str = ""
    """Name of the ledger rule that decided."""
    cause: str = ""
    """claim_id that caused it."""
    claims: tuple[Claim, ...] = ()
    """The evidence: the claims that speak for (and against) it, oldest first, without copies, at most 8."""
    independent_sources: int = 0
    """Sources that assert it and are independent: no copy cluster, favoured side or named source in common."""
    copies: int = 0
    """Claims for and against it that repeat one of these texts and are not counted."""


class PlaceState(Message, frozen=True, kw_only=True, omit_defaults=True):
    """All that the ledger knows of one place: kept in `places.state`. Key: `place.place_id`."""

    place: PlaceRef
    holder: str | None = None
    standing: str = ""
    since: int = 0
    updated: int = 0
    claims: tuple[Claim, ...] = ()
    last_change: Change | None = None
    emitted: tuple[str, ...] = ()
    """Newest change_ids emitted, oldest first."""
    recent: tuple[Change, ...] = ()
    """Newest changes, oldest first: a redelivered claim gives the changes that it caused again and no others."""


class Alert(Message, frozen=True, kw_only=True, omit_defaults=True):
    """What people are told. Deterministic id: (rule, change)."""

    alert_id: str
    rule: str
    change: Change
    title_ar: str
    title_en: str
    body: str
    """Plain text, several lines: place, holder, standing, sources with links and the sentence."""
    severity: str = "normal"
    """normal, high."""


class Notification(Message, frozen=True, kw_only=True, omit_defaults=True):
    """The record of one alert on one channel, written before and after sending. Key: `alert.alert_id`."""

    alert: Alert
    channel: str
    state: str
    """sending, sent, failed, suppressed."""
    at: int
    reason: str = ""
