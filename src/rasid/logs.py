"""Structured logs on stderr: key=value for people, JSON for programs."""

import logging
import sys

import structlog

from rasid.settings import Settings


def set_up(settings: Settings, worker: str = "") -> None:
    """Makes structlog and the standard logging of libraries write to stderr in one form.

    Args:
        settings: `log` and `log_format` are read.
        worker: name that stands in every line, where several workers write to one place.
    """
    level = getattr(logging, settings.log.upper())
    text = settings.log_format == "text" or (settings.log_format == "auto" and sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
        if text
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    for noisy in ("aiokafka", "faust", "mode", "elastic_transport"):
        logging.getLogger(noisy).addFilter(RateLimit())
    logging.getLogger("rasid").setLevel(level)
    if worker:
        structlog.contextvars.bind_contextvars(worker=worker)


class RateLimit(logging.Filter):
    """Lets one line of each format through per ten seconds: aiokafka writes 250 a second while a broker is away."""

    def __init__(self, seconds: float = 10.0) -> None:
        super().__init__()
        self._seconds = seconds
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """False for a line whose format was written less than `seconds` ago."""
        key = f"{record.name}:{record.msg!s:.80}"
        last = self._last.get(key, -self._seconds)
        if record.created - last < self._seconds:
            return False
        self._last[key] = record.created
        return True
