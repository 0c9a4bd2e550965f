"""What a stage is."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec
import structlog

from rasid.errors import Invalid, RasidError
from rasid.messages import Passage
from rasid.topics import Topic

log = structlog.get_logger("rasid.stage")

Clock = Callable[[], float]
"""Seconds since 1970 UTC."""


@dataclass(frozen=True, slots=True)
class Out:
    """A record to be produced.

    Attributes:
        partition: where the record must go, for state topics; None lets the key decide.
    """

    topic: Topic
    key: str
    message: msgspec.Struct
    partition: int | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A decoded record that came in.

    Attributes:
        message: of the kind that `Stage.inputs` names for the topic.
        index: position in the batch as it came from the transport, by which dead letters find their record.
    """

    message: Any
    partition: int
    index: int


@dataclass(frozen=True, slots=True)
class Dead:
    """An item that can never be worked on."""

    item: Item
    reason: str


Emit = Callable[[Sequence[Out]], Awaitable[None]]
"""Produces records and returns when the broker has confirmed every one of them."""


class Stage(Protocol):
    """One step on the way of an article.

    `handle` is called with a batch of one topic and partition order kept; what it emitted is confirmed when it
    returns, so that the caller may acknowledge the input. It may be called again with the same items at any time:
    effects are idempotent by their ids. It raises Retry to be called again with the same batch.
    """

    @property
    def name(self) -> str:
        """One of rasid.stages.build.NAMES."""

    @property
    def inputs(self) -> Mapping[Topic, type]:
        """Topics that it reads, with the kind of message on each."""

    @property
    def state(self) -> tuple[Topic, type] | None:
        """The topic from which its memory is rebuilt, with the kind of message; None for a stage without memory."""

    async def handle(self, topic: Topic, items: Sequence[Item], emit: Emit) -> list[Dead]:
        """Works on a batch; returns the items that could not be worked on."""

    def restore(self, partition: int, messages: Iterable[Any]) -> None:
        """Replaces the memory of a partition by what its state topic holds, oldest first."""

    def drop(self) -> None:
        """Forgets all memory: partitions were revoked."""


class Stateless:
    """The two methods of memory for stages that have none."""

    @property
    def state(self) -> tuple[Topic, type] | None:
        """No memory."""
        return None

    def restore(self, partition: int, messages: Iterable[Any]) -> None:
        """Nothing to restore."""

    def drop(self) -> None:
        """Nothing to forget."""


def passed(stage: str, clock: Clock, worker: str, status: str = "ok", reason: str = "") -> Passage:
    """The mark that a stage leaves in the trail of an article."""
    return Passage(stage=stage, status=status, at=int(clock() * 1000), worker=worker, reason=reason)


def one_by_one(items: Sequence[Item], work: Callable[[Item], Sequence[Out]]) -> tuple[list[Out], list[Dead]]:
    """Runs `work` on each item; what fails on one item makes that item dead and leaves the others alone.

    An error that is none of ours is a bug that this record found: it goes to the dead letters with its traceback in the
    log, can be replayed when the bug is mended, and does not stop everybody's news. A flood of them stops the stage.
    """
    outs: list[Out] = []
    dead: list[Dead] = []
    for item in items:
        try:
            outs.extend(work(item))
        except Invalid as error:
            dead.append(Dead(item, str(error)))
        except RasidError:
            raise
        except Exception as error:
            log.exception("a bug met a record", key=getattr(item.message, "article_id", ""))
            dead.append(Dead(item, f"a bug of Rasid: {type(error).__name__}: {error}"))
    return outs, dead
