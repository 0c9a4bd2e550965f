"""What a channel of alerts is."""

from typing import Protocol

from rasid.messages import Alert


class Channel(Protocol):
    """Brings an alert to people. The notify stage records each sending, so a channel keeps no memory of its own."""

    @property
    def name(self) -> str:
        """Stable: what was sent on which channel is remembered by it."""
        ...

    async def send(self, alert: Alert) -> None:
        """Returns when the alert has safely left.

        Raises:
            Retry: the way is blocked for now; the same alert will be handed in again.
            Invalid: this alert can never be sent here.
        """
        ...
