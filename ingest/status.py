"""What an HTTP status means for a feed."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from ingest.fetch import Fetched
from rasid.errors import Retry


class BadStatus(Retry):
    """The answer is no document; `gone` for 410, `after` where the server names a time."""

    def __init__(self, message: str, after: float | None = None, gone: bool = False) -> None:
        super().__init__(message, after)
        self.gone = gone


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds of a Retry-After header (a number or an HTTP date); None if there is none or it cannot be read.

    Args:
        headers: names in lower case.
        now: seconds since 1970.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now) if value else None
    except (ValueError, TypeError, OverflowError):
        return None


def bad_status(answer: Fetched, now: float) -> BadStatus:
    """The error that an answer stands for."""
    if answer.status == 410:
        return BadStatus("status 410: the feed is gone; look for its new address", gone=True)
    after = retry_after(answer.headers, now) if answer.status in (429, 503) else None
    reason = f"status {answer.status}"
    if answer.headers.get("cf-mitigated"):
        reason += " (a Cloudflare challenge: the site refuses programs or data centres)"
    if after is not None:
        reason += f", to be asked again after {after:.0f} seconds"
    return BadStatus(reason, after)
