"""Makes the stages by name, with the parts that each needs; heavy parts are imported only for stages that run."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rasid.errors import Usage
from rasid.outlets import FeedsFile
from rasid.settings import Settings
from rasid.stages.base import Clock, Stage

NAMES = ("text", "dedupe", "extract", "ledger", "notify", "index")
"""All stages, in the order of the way."""


def names_of(text: str) -> tuple[str, ...]:
    """The stages of a `--stages a,b` option; `all` or "" for all.

    Raises:
        Usage: a name is unknown.
    """
    if text in {"", "all"}:
        return NAMES
    names = tuple(part.strip() for part in text.split(",") if part.strip())
    for name in names:
        if name not in NAMES:
            raise Usage(f"there is no stage {name!r}; stages are {', '.join(NAMES)}")
    return names


def make_reader(settings: Settings) -> Any:
    """The default reader with the gazetteer of this installation."""
    from processors.gazetteer_load import load_gazetteer
    from processors.reader import RuleReader

    return RuleReader(load_gazetteer(settings.gazetteer_files, settings.cache / "gazetteer"))


def make_channels(settings: Settings, write: Callable[[str], None]) -> list[Any]:
    """The channels of alerts: the terminal and the JSON Lines file (none where RASID_ALERTS_FILE is `none`)."""
    from sinks.notify.jsonl import JsonLinesChannel
    from sinks.notify.terminal import TerminalChannel

    if settings.alerts_file == "none":
        return [TerminalChannel(write)]
    path = Path(settings.alerts_file) if settings.alerts_file else settings.data / "alerts.jsonl"
    return [TerminalChannel(write), JsonLinesChannel(path)]


def make_stage(
    name: str,
    settings: Settings,
    feeds: FeedsFile,
    *,
    channels: Sequence[Any] = (),
    index: Callable[[], Stage] | None = None,
    clock: Clock = time.time,
    worker: str = "",
) -> Stage:
    """One stage.

    Args:
        channels: for the notify stage.
        index: makes the last stage; there is no default, since it may need a server.
    """
    if name == "text":
        from rasid.stages.text import TextStage

        return TextStage(feeds, clock, worker)
    if name == "dedupe":
        from processors.dedupe.deduper import Deduper
        from rasid.stages.dedupe import DedupeStage

        return DedupeStage(lambda: Deduper(hours=settings.dedupe_hours), clock, worker)
    if name == "extract":
        from rasid.stages.extract import ExtractStage

        return ExtractStage(make_reader(settings), feeds, clock, worker)
    if name == "ledger":
        from rasid.stages.ledger import LedgerStage

        return LedgerStage(clock, worker)
    if name == "notify":
        from processors.rules import load_rules
        from rasid.stages.notify import NotifyStage

        max_age_ms = int(settings.alert_max_age_hours * 3_600_000)
        names = {outlet.id: outlet.name for outlet in feeds.outlets.values()}
        return NotifyStage(load_rules(), channels, max_age_ms, clock, worker, names)
    if index is None:
        raise Usage("the index stage needs Elasticsearch: name one in RASID_ELASTICSEARCH")
    return index()
