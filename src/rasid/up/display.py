"""What a person sees while `rasid up` runs: alerts as they come, and one live table; plain lines without a terminal."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from rasid.accounting import Balance, Tally

PLAIN_EVERY = 5.0
"""Seconds between two progress lines where there is no terminal."""


@dataclass
class Display:
    """Progress and alerts on one console.

    Attributes:
        tally: the counts to show.
        lag: seconds that the oldest waiting article has waited; None if nothing waits.
    """

    tally: Tally
    console: Console = field(default_factory=lambda: Console(soft_wrap=True))
    clock: Callable[[], float] = time.time
    lag: Callable[[], float | None] = lambda: None
    _live: Live | None = None
    _next: float = 0.0
    _last: str = ""

    def start(self) -> None:
        """Opens the live table on a terminal."""
        if self.console.is_terminal:
            self._live = Live(self._table(), console=self.console, refresh_per_second=4, transient=True)
            self._live.start()

    def stop(self) -> None:
        """Closes the live table."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def say(self, line: str) -> None:
        """One line of text, above the table."""
        self.console.print(Text(line))

    def refresh(self) -> None:
        """Shows the newest counts: at once on a terminal, else every few seconds and only what changed."""
        if self._live is not None:
            self._live.update(self._table())
            return
        now = self.clock()
        if now < self._next:
            return
        self._next = now + PLAIN_EVERY
        line = self._line()
        if line != self._last:
            self.say(line)
            self._last = line

    def _figures(self) -> list[tuple[str, str]]:
        balance = self.tally.balance()
        polls, failed = self.tally.polls.total(), self.tally.polls["failed"]
        lag = self.lag()
        return [
            ("polls", f"{polls}" + (f" ({failed} failed)" if failed else "")),
            ("articles", str(balance.seen)),
            ("indexed", f"{balance.indexed}" + (f" ({balance.updates} updates)" if balance.updates else "")),
            ("copies", str(balance.copies)),
            ("rejected", str(balance.rejected)),
            (
                "waiting",
                f"{balance.waiting}" + (f", oldest {lag:.1f} s" if lag is not None and balance.waiting else ""),
            ),
            ("dead letters", str(balance.dead)),
            ("alerts", str(balance.alerts)),
        ]

    def _table(self) -> Table:
        table = Table(title=f"Rasid · {self.tally.mode}", show_header=True, expand=False)
        figures = self._figures()
        for name, _ in figures:
            table.add_column(name, justify="right")
        table.add_row(*(value for _, value in figures))
        return table

    def _line(self) -> str:
        return "rasid: " + ", ".join(f"{name} {value}" for name, value in self._figures())


def summary(balance: Balance, notes: list[str]) -> str:
    """The last lines of a run: the balance, whether it holds, and what else is worth knowing."""
    sign = "=" if balance.holds else "≠"
    first = balance.seconds_to_first_alert
    equation = (
        f"{balance.indexed} indexed + {balance.copies} copies + {balance.rejected} rejected + {balance.waiting} waiting"
    )
    alerts = f"{balance.alerts} alert{'' if balance.alerts == 1 else 's'}" + (
        f", the first after {first} s" if first is not None else ""
    )
    lines = [
        f"{balance.seen} articles seen {sign} {equation}",
        f"{balance.updates} of the indexed are updates; {balance.dead} dead letters; {alerts}",
        *notes,
    ]
    return "\n".join(lines)
