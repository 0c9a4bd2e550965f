"""What dedupe says of an article."""

import msgspec

from rasid.messages.codec import Message

COPIES = frozenset({"copy", "contained"})
"""Verdicts under which an article adds nothing of its own: it is counted as a copy and is no witness."""


class FigureChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A figure that differs from the one the cluster had told in the same context."""

    old: str
    """As written, "" if the cluster had none."""
    new: str
    context: str
    """The words beside it: «قتيلا», «جريحا» …"""


class Verdict(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Relation of an article to what was seen before.

    `kind` is one of
        new         nothing like it was seen
        copy        the same text, edited (m ≥ .50 and s ≥ .30; m, s: larger and smaller containment)
        contains    it holds an earlier article and much more
        contained   it stands inside an earlier, longer article
        passage     it shares a passage only
        revision    the same outlet published the same item again
        update      a copy with a figure (or name, date) that the cluster has not seen
        correction  a copy, contained or revision that corrects or withdraws
    Copies, contained ones and revisions without news are no witnesses of their own.
    """

    kind: str
    cluster: str
    """Article id of the cluster's first member: clusters are stars around it."""
    of: str = ""
    """Article id it was compared with and found alike; "" for new."""
    new_in_old: float = 0.0
    """Share of this article's shingles that stand in `of`, 0 to 1."""
    old_in_new: float = 0.0
    """Share of `of`'s shingles that stand in this article, 0 to 1."""
    figures: tuple[FigureChange, ...] = ()
    also: tuple[str, ...] = ()
    """Articles of other clusters that it is alike with as well: a round-up stands in one cluster and names its other parents here."""
    first_outlet: str = ""
    """Outlet of the cluster's first member."""


class SketchRecord(Message, frozen=True, kw_only=True, omit_defaults=True):
    """One decision of the dedupe owner, as kept in `articles.sketches`: all that is needed to go on after a restart."""

    article_id: str
    version: int
    outlet: str
    url: str
    """Short hash of the canonical URL, "" if it has none."""
    published: int
    """ms UTC: event time, by which entries leave the window."""
    sketch: bytes
    """The sketch, packed (processors/dedupe/sketch.py): half the size of a list of integers."""
    figures: tuple[str, ...] = ()
    """Normalised figures with their context, for the figures gate; form: processors/dedupe/figures.py."""
    digest: bytes = b""
    """Eight bytes of a hash of the folded text: whether a page that was fetched again has changed."""
    verdict: Verdict
