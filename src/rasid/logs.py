"""Structured logs: key=value for people, JSON for programs; on stderr, or in a file where the screen is the display's."""

import logging
import sys
from pathlib import Path

import structlog

from rasid.errors import RasidError, Usage
from rasid.settings import Settings


def set_up(settings: Settings, worker: str = "", path: Path | None = None) -> None:
    """Makes structlog and the standard logging of libraries write to one place in one form.

    Args:
        settings: `log` and `log_format` are read.
        worker: name that stands in every line, where several workers write to one place.
        path: file that is written anew; None for stderr.
    """
    level = getattr(logging, settings.log.upper())
    terminal = path is None and sys.stderr.isatty()
    text = settings.log_format == "text" or (settings.log_format == "auto" and terminal)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=terminal)
        if text
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr) if path is None else logging.FileHandler(path, "w", encoding="utf-8")
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    handler.addFilter(Noise())
    logging.getLogger("rasid").setLevel(level)
    if worker:
        structlog.contextvars.bind_contextvars(worker=worker)


def quiet() -> None:
    """For commands without a log: libraries write nothing to the screen, the command's own sentence says what is wrong."""
    logging.getLogger().addHandler(logging.NullHandler())


def file_of(settings: Settings, name: str) -> Path:
    """The log file of a process that `rasid up` or `rasid replay` runs, in the cache folder.

    Raises:
        Usage: the folder cannot be made.
    """
    path = settings.cache / "logs" / f"{name}.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    except OSError as error:
        raise Usage(
            f"cannot write logs to {path.parent} ({error.strerror}); name another folder in RASID_CACHE"
        ) from error
    return path


NOISY = frozenset({"aiokafka", "faust", "mode", "elastic_transport"})
"""Libraries whose lines are limited."""


class Noise(logging.Filter):
    """Lets one line of each format through per ten seconds: aiokafka writes 250 a second while a broker is away.

    Faust's tracebacks of our own errors are left out: the worker tells them in one sentence.
    """

    def __init__(self, seconds: float = 10.0) -> None:
        super().__init__()
        self._seconds = seconds
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """False for a library's line whose format was written less than `seconds` ago."""
        if record.name.partition(".")[0] not in NOISY:
            return True
        if record.exc_info and isinstance(record.exc_info[1], RasidError):
            return False
        key = f"{record.name}:{record.msg!s:.80}"
        last = self._last.get(key, -self._seconds)
        if record.created - last < self._seconds:
            return False
        self._last[key] = record.created
        return True
