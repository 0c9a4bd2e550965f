"""What a replay leaves: three JSON Lines files and the figures by stage."""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from processors.rows import extraction_row
from rasid.errors import Usage
from rasid.messages import Alert, Change, EnrichedArticle, Notification, Outcome, status_of


@dataclass
class Results:
    """Collects what would be indexed and sent; repeated records change nothing.

    Attributes:
        doc_ids: article id → doc_id, for the rows.
    """

    doc_ids: Mapping[str, str]
    articles: dict[str, EnrichedArticle] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)

    def keep(self, message: EnrichedArticle | Change | Notification) -> None:
        """Takes one message; the newest version of an article wins, the first of a change."""
        match message:
            case EnrichedArticle():
                self.articles[message.article.article_id] = message
            case Change():
                self.changes.setdefault(message.change_id, message)
            case Notification():
                self.alerts.setdefault(message.alert.alert_id, message.alert)

    @staticmethod
    def open(folder: Path) -> None:
        """Makes the folder, before the work whose results would otherwise have no place.

        Raises:
            Usage: it cannot be made or written.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Usage(f"cannot write to {folder}: {error.strerror}") from error
        if not os.access(folder, os.W_OK):
            raise Usage(f"cannot write to {folder}: Permission denied")

    def write(self, folder: Path) -> None:
        """Writes articles.jsonl (in order of publication), changes.jsonl and alerts.jsonl (in order of their cause).

        Raises:
            Usage: the folder cannot be written.
        """
        articles = sorted(self.articles.values(), key=lambda one: (one.article.version, one.article.article_id))
        changes = list(self.changes.values())
        alerts = list(self.alerts.values())
        try:
            _write(folder / "articles.jsonl", (self._row(one) for one in articles))
            _write(folder / "changes.jsonl", (self._with_doc_ids(msgspec.to_builtins(one)) for one in changes))
            _write(folder / "alerts.jsonl", (self._with_doc_ids(msgspec.to_builtins(one)) for one in alerts))
        except OSError as error:
            raise Usage(f"cannot write to {folder}: {error.strerror}") from error

    def _row(self, one: EnrichedArticle) -> dict[str, Any]:
        doc_id = self.doc_ids.get(one.article.article_id, one.article.article_id)
        row: dict[str, Any] = {"doc_id": doc_id, "article_id": one.article.article_id, "status": status_of(one)}
        if one.article.rejected:
            row["reason"] = one.article.rejected
        if one.verdict is not None:
            verdict = msgspec.to_builtins(one.verdict)
            row["verdict"] = verdict.pop("kind")
            row |= verdict
            row["cluster"] = self.doc_ids.get(one.verdict.cluster, one.verdict.cluster)
            row["of"] = self.doc_ids.get(one.verdict.of, one.verdict.of)
        if one.extraction is not None:
            row |= extraction_row(doc_id, one.extraction)
        return row

    def _with_doc_ids(self, row: Any) -> Any:
        """The row with the doc_id beside every article id."""
        if isinstance(row, dict):
            row = {key: self._with_doc_ids(value) for key, value in row.items()}
            if row.get("article_id") in self.doc_ids:
                row["doc_id"] = self.doc_ids[row["article_id"]]
            return row
        if isinstance(row, list | tuple):
            return [self._with_doc_ids(one) for one in row]
        return row


def _write(path: Path, rows: Iterable[Any]) -> None:
    with path.open("wb") as file:
        for row in rows:
            file.write(msgspec.json.encode(row) + b"\n")


def rates(outcomes: Iterable[Outcome], started: float) -> dict[str, float]:
    """Articles per second by stage: all that it finished, over the time from the start of the run to its last one."""
    last: dict[str, int] = defaultdict(int)
    count: dict[str, int] = defaultdict(int)
    for outcome in outcomes:
        for passage in outcome.trail:
            last[passage.stage] = max(last[passage.stage], passage.at)
            count[passage.stage] += 1
    return {
        stage: round(count[stage] / seconds, 1)
        for stage in ("text", "dedupe", "extract", "index")
        if stage in last and (seconds := last[stage] / 1000 - started) > 0
    }
