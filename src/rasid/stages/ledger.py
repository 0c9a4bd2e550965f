"""claims → places.state (its own memory), changes: who holds what, with what standing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from processors.ledger import apply
from rasid import metrics
from rasid.messages import Claim, PlaceState
from rasid.stages.base import Clock, Dead, Emit, Item, Out, one_by_one
from rasid.topics import CHANGES, CLAIMS, PLACES, Topic


@dataclass
class LedgerStage:
    """Keeps the state of every place, by partition."""

    clock: Clock
    worker: str = ""
    _places: dict[int, dict[str, PlaceState]] = field(default_factory=dict)

    name: ClassVar[str] = "ledger"

    @property
    def inputs(self) -> Mapping[Topic, type]:
        """Claims, keyed by place: one partition has all claims on a place."""
        return {CLAIMS: Claim}

    @property
    def state(self) -> tuple[Topic, type] | None:
        """The newest state of each place."""
        return PLACES, PlaceState

    async def handle(self, topic: Topic, items: Sequence[Item], emit: Emit) -> list[Dead]:
        """States are kept before changes go out; a repeated claim gives the same changes again, with the same ids."""
        states: dict[str, Out] = {}

        def enter(item: Item) -> list[Out]:
            claim: Claim = item.message
            places = self._places.setdefault(item.partition, {})
            place_id = claim.place.place_id
            places[place_id], changes = apply(places.get(place_id), claim)
            states[place_id] = Out(PLACES, place_id, places[place_id], item.partition)
            for change in changes:
                metrics.CHANGES.labels(change.standing).inc()
            return [Out(CHANGES, place_id, change) for change in changes]

        outs, dead = one_by_one(items, enter)
        await emit(list(states.values()))
        await emit(outs)
        return dead

    def restore(self, partition: int, messages: Iterable[PlaceState]) -> None:
        """The last state of a place wins."""
        self._places[partition] = {state.place.place_id: state for state in messages}

    def drop(self) -> None:
        """Forgets all places."""
        self._places.clear()
