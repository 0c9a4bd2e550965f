"""What both modes of `rasid up` share: the feeds or the sample, the poller, when it ends, the summary."""

import asyncio
import json
import os
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rasid import outlets
from rasid.accounting import Tally
from rasid.errors import Usage
from rasid.messages import Notification, Outcome
from rasid.outlets import FeedsFile
from rasid.settings import Settings
from rasid.terminal import clean, isolate
from rasid.up.display import Display, summary

if TYPE_CHECKING:
    from rasid.newswire.server import NewswireServer


REJECTED_TOLD = 20
"""So many rejected articles are named on the screen."""


@dataclass(frozen=True)
class Options:
    """Options of the command line.

    Attributes:
        sample: polls the sample newswire from a loopback server.
        feeds: feeds file, "" for the default one.
        seconds: ends by itself after this time; None for never (a sample ends when it is played out).
        in_process: without servers.
        summary: JSON file for the balance, "" for none.
        fresh: clears the local servers' data first.
        sample_seconds: time in which the sample is played.
    """

    sample: bool = False
    feeds: str = ""
    seconds: float | None = None
    in_process: bool = False
    summary: str = ""
    fresh: bool = False
    sample_seconds: float = 40.0


@dataclass
class Run:
    """One run: its options, its counts, its display, and the event that ends it."""

    settings: Settings
    options: Options
    tally: Tally
    display: Display
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    newswire: "NewswireServer | None" = None
    latencies: dict[str, float] = field(default_factory=dict)
    interrupted: bool = False
    polling: bool = False
    """Polling has begun: from then on there is a balance."""
    _told_rejected: int = 0
    _folder: Any = None

    def outlets_file(self) -> Path:
        """The feeds file as the workers need it, for the outlets and what they favour."""
        if self.options.sample:
            from rasid.newswire.articles import default_folder

            return default_folder() / "feeds.toml"
        return Path(self.options.feeds or self.settings.feeds or outlets.default_path())

    async def open_feeds(self) -> FeedsFile:
        """The feeds to poll; a sample begins to play now.

        Raises:
            Usage: the feeds file cannot be read or has no enabled feed.
        """
        feeds = outlets.load_enabled(await self._play() if self.options.sample else self.outlets_file())
        self.polling = True
        return feeds

    async def _play(self) -> Path:
        """Starts the sample's server and gives the feeds file with its port."""
        from rasid.newswire.articles import load
        from rasid.newswire.server import NewswireServer

        self._folder = tempfile.TemporaryDirectory(prefix="rasid-sample-")
        self.newswire = NewswireServer(load(), seconds=self.options.sample_seconds)
        await self.newswire.start()
        self.settings = self.settings.model_copy(
            update={"allow_private": (*self.settings.allow_private, self.newswire.address)}
        )
        self.display.say(
            f"rasid: the sample newswire plays at {self.newswire.base}; its outlets and events are invented"
        )
        return self.newswire.feeds_file(Path(self._folder.name))

    def catch_signals(self) -> None:
        """SIGINT and SIGTERM end the run in order; a second one ends it at once."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._interrupt, number)

    def _interrupt(self, number: int) -> None:
        if self.interrupted:
            self.display.stop()
            os._exit(128 + number)  # workers and servers end with their parent
        self.interrupted = True
        self.display.say("rasid: ending in order; once more ends it at once")
        self.stop.set()

    async def until_end(self) -> None:
        """Refreshes the display until the run is told to stop, its time is over, or the sample was played and read."""
        started = time.monotonic()
        while not self.stop.is_set():
            self.display.refresh()
            if self.options.seconds is not None and time.monotonic() - started >= self.options.seconds:
                return
            if self.newswire is not None and self.options.seconds is None and self._sample_read():
                return
            await _wait(self.stop, 0.25)

    def _sample_read(self) -> bool:
        """The sample was played to its end, its feeds were polled since, all that they showed is here, and nothing waits."""
        wire = self.newswire
        assert wire is not None
        if not wire.finished.is_set() or self.tally.waiting or not wire.shown_keys <= wire.served_keys:
            return False
        return len(wire.served_keys) <= len(self.tally.seen)

    def _missed(self) -> list[str]:
        """What no poll could see, as a note for the end of a sample (polling stood still while Kafka was away)."""
        if self.newswire is None:
            return []
        count = len(set(self.newswire.published_keys) - self.newswire.served_keys - self.newswire.shown_keys)
        return [f"{count} articles had left their feeds before they could be polled"] if count else []

    def on_outcome(self, outcome: Outcome) -> None:
        """Says why articles were rejected: the first ones each, then no more."""
        if outcome.status != "rejected" or self._told_rejected > REJECTED_TOLD:
            return
        self._told_rejected += 1
        if self._told_rejected > REJECTED_TOLD:
            self.display.say("rasid: further rejected articles are counted only; `rasid where ID` tells why")
            return
        name = isolate(clean(outcome.url or outcome.article_id))
        self.display.say(f"rasid: rejected: {name} ({outcome.outlet}): {outcome.reason}")

    def on_alert(self, note: Notification) -> None:
        """Notes, for the sample, how long it took from the feed's document to the terminal."""
        if self.newswire is None or note.state != "sent" or note.channel != "terminal":
            return
        cause = next((c for c in note.alert.change.claims if c.claim_id == note.alert.change.cause), None)
        key = self.newswire.key_of_url(cause.url) if cause else None
        appeared = self.newswire.appeared(key) if key else None
        if appeared is not None:
            self.latencies[note.alert.alert_id] = max(0.0, note.at / 1000 - appeared)

    async def close(self) -> None:
        """Ends the sample's server."""
        if self.newswire is not None:
            await self.newswire.stop()
        if self._folder is not None:
            self._folder.cleanup()

    def report(self) -> dict[str, Any]:
        """Prints the summary, writes `--summary`, and gives back what was written."""
        balance = self.tally.balance()
        figures = balance.as_dict()
        notes = self._missed()
        if self.latencies:
            ordered = sorted(self.latencies.values())
            p50, p95 = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95))
            figures |= {"latency_p50": round(p50, 2), "latency_p95": round(p95, 2)}
            notes.append(
                f"from the feed's document to the alert: median {p50:.2f} s, p95 {p95:.2f} s over {len(ordered)} alerts"
            )
        self.display.say(summary(balance, notes))
        if self.options.summary:
            path = Path(self.options.summary)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            except OSError as error:
                raise Usage(f"cannot write the summary to {path}: {error.strerror}") from error
        return figures


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return


async def settle(tally: Tally, refresh: Callable[[], None], idle_seconds: float, most_seconds: float) -> None:
    """Waits until nothing waits any more, or until nothing has moved for a while."""
    started = moved = time.monotonic()
    last = -1
    while tally.waiting and time.monotonic() - started < most_seconds:
        if tally.waiting != last:
            last, moved = tally.waiting, time.monotonic()
        if time.monotonic() - moved > idle_seconds:
            return
        refresh()
        await asyncio.sleep(0.1)
