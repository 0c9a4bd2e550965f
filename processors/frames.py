"""Layer 5: a predicate with its roles, as control.py judges it."""

from dataclasses import dataclass, field

from processors.modality import Judgement
from processors.objects import Taken


@dataclass(frozen=True, slots=True)
class Frame:
    """A predicate with its roles.

    Attributes:
        at: token of the predicate.
        verb: its lemma, folded; `cls` its class.
        places: what it takes.
        to, from_: the sides.
        armed: the subject is an armed body or left open; False for «الحزن», «الحريق».
        judgement: what modality says.
        manner: as ControlChange.manner.
        begin, end: token where the phrase begins, -1 for the predicate; token after it.
        sure: the subject stands in the predicate's own sentence.
    """

    at: int
    verb: str
    cls: str
    places: tuple[Taken, ...]
    to: str | None = None
    from_: str | None = None
    armed: bool = True
    judgement: Judgement = field(default_factory=Judgement)
    manner: str = "captured"
    begin: int = -1
    end: int = 0
    sure: bool = True
