"""The balance: articles seen = indexed + copies + rejected + waiting."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from rasid.messages import Notification, Outcome

UPDATES = frozenset({"update", "correction", "revision"})


@dataclass(frozen=True)
class Balance:
    """Where the articles of a run ended.

    Attributes:
        seen: distinct articles that the feeds showed (or a file held).
        indexed: those that stand on their own; `updates` of them are newer versions of something known.
        copies: those that are copies of another one; they are indexed too, as copies.
        rejected: those that could not be read, each with its reason.
        waiting: those without an outcome yet; those in the dead letters wait there for a person.
        dead: records in the dead letters.
        alerts: distinct alerts that were sent.
    """

    seen: int
    indexed: int
    copies: int
    updates: int
    rejected: int
    waiting: int
    dead: int
    alerts: int
    seconds_to_first_alert: float | None
    mode: str

    @property
    def holds(self) -> bool:
        """Every article is accounted for."""
        return self.seen == self.indexed + self.copies + self.rejected + self.waiting

    def as_dict(self) -> dict[str, Any]:
        """For `--summary` and `--json`."""
        return asdict(self)


@dataclass
class Tally:
    """Counts what a run sees; ids are kept, so that repeated records change nothing.

    Attributes:
        started: seconds since 1970, the origin of `seconds_to_first_alert`.
    """

    mode: str
    started: float
    seen: set[str] = field(default_factory=set)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    alerts: dict[str, float] = field(default_factory=dict)
    dead: int = 0
    polls: Counter[str] = field(default_factory=Counter)

    def published(self, article_ids: Iterable[str]) -> None:
        """Articles that went onto `articles.raw`."""
        self.seen.update(article_ids)

    def ended(self, outcome: Outcome) -> None:
        """An article reached its end; one that an earlier run left behind counts as seen by this one."""
        self.seen.add(outcome.article_id)
        self.outcomes[outcome.article_id] = outcome

    def notified(self, note: Notification) -> None:
        """An alert went out on some channel."""
        if note.state == "sent":
            self.alerts.setdefault(note.alert.alert_id, note.at / 1000)

    @property
    def waiting(self) -> int:
        """Articles without an outcome."""
        return sum(1 for one in self.seen if one not in self.outcomes or self.outcomes[one].status == "dead")

    def balance(self) -> Balance:
        """The figures as they stand."""
        statuses = Counter(outcome.status for outcome in self.outcomes.values())
        first = min(self.alerts.values(), default=None)
        return Balance(
            seen=len(self.seen),
            indexed=statuses["indexed"],
            copies=statuses["copy"],
            updates=sum(1 for o in self.outcomes.values() if o.status == "indexed" and o.verdict in UPDATES),
            rejected=statuses["rejected"],
            waiting=self.waiting,
            dead=self.dead,
            alerts=len(self.alerts),
            seconds_to_first_alert=None if first is None else round(first - self.started, 2),
            mode=self.mode,
        )
