"""Puts the layers together: an article in, an Extraction out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from processors.actors import find_actors
from processors.casualties import find_casualties
from processors.control import explain, find_control
from processors.corrections import find_correction
from processors.events import find_events
from processors.gazetteer import Gazetteer, name_key
from processors.marks import mark
from processors.numbers import find_numbers
from processors.own_forces import with_own_forces
from processors.places import find_places, link, theatres
from processors.reading import PlaceHit, Reading
from processors.sentences import read_text
from rasid.messages import Casualty, ControlChange, Event, Extraction, PlaceMention

VERSION = "rules/1"


class Reader(Protocol):
    """What a reader does; RuleReader is the default, a neural one may stand beside it."""

    def read(
        self, text: str, title: str = "", published: int = 0, outlet_country: str = "", outlet_sides: Sequence[str] = ()
    ) -> Extraction:
        """All that is read in an article."""


@dataclass(frozen=True)
class RuleReader:
    """Reads by grammar and lexicon."""

    gazetteer: Gazetteer

    def mentions(
        self, text: str, title: str = "", published: int = 0, outlet_country: str = "", outlet_sides: Sequence[str] = ()
    ) -> Reading:
        """The Reading with its mentions: layers 1 to 3."""
        reading = replace(read_text(text, title, published, outlet_country), outlet_sides=outlet_sides)
        countries = theatres(reading, self.gazetteer)
        hits = find_places(reading, self.gazetteer, countries)
        reading = replace(reading, places=link(reading, hits, self.gazetteer, countries))
        reading = replace(reading, actors=find_actors(reading))
        reading = replace(reading, actors=with_own_forces(reading))
        return replace(reading, numbers=find_numbers(reading))

    def read(
        self, text: str, title: str = "", published: int = 0, outlet_country: str = "", outlet_sides: Sequence[str] = ()
    ) -> Extraction:
        """All that is read in an article; offsets point into `text`."""
        return _extract(self.mentions(text, title, published, outlet_country, outlet_sides))

    def explain(
        self, text: str, title: str = "", published: int = 0, outlet_country: str = "", outlet_sides: Sequence[str] = ()
    ) -> dict[str, Any]:
        """What `--why` shows: clauses with their tokens, mentions, and the notes that the layers left."""
        reading = self.mentions(text, title, published, outlet_country, outlet_sides)
        _extract(reading)
        clauses = [clause for sentence in reading.sentences for clause in sentence.clauses]
        return {
            "clauses": [
                {"opener": one.opener, "quoted": one.quoted, "text": text[one.start : one.end]} for one in clauses
            ],
            "places": [_place_note(hit) for hit in reading.places],
            "actors": [
                {"text": hit.text, "side": hit.side, "role": hit.role, "start": hit.start} for hit in reading.actors
            ],
            "numbers": [
                {
                    "text": text[hit.start : hit.end],
                    "low": hit.low,
                    "high": hit.high,
                    "what": hit.what,
                    "noun": hit.noun,
                }
                for hit in reading.numbers
            ],
            "control": explain(reading),
            **reading.notes,
        }


def _extract(reading: Reading) -> Extraction:
    marks = mark(reading)
    control, not_control = find_control(reading, marks)
    casualties, events = find_casualties(reading, marks), find_events(reading, marks)
    return Extraction(
        relevant=is_relevant(control, casualties, events),
        control=control,
        not_control=not_control,
        casualties=casualties,
        events=events,
        places=gather_places(reading),
        correction=find_correction(reading),
        reader=VERSION,
    )


def is_relevant(control: Sequence[ControlChange], casualties: Sequence[Casualty], events: Sequence[Event]) -> bool:
    """The article reports a concrete act of armed conflict: a recent change, a toll with a violent cause, or an armed event."""
    if any(entry.when == "recent" for entry in control):
        return True
    if any(entry.type not in {"protest", "truce"} for entry in events):
        return True
    return any(entry.cause not in {"unknown", "other"} for entry in casualties)


def _place_note(hit: PlaceHit) -> dict[str, Any]:
    ref = hit.ref
    note = {"name": ref.name, "start": hit.start, "head": hit.head, "place_id": ref.place_id, "score": ref.score}
    flags = [name for name in ("in_name", "dateline") if getattr(hit, name)]
    return note | {"rivals": list(ref.rivals), "left_out": flags}


def gather_places(reading: Reading) -> tuple[PlaceMention, ...]:
    """One entry per distinct place, in order of first mention, without datelines and names inside names."""
    groups: dict[str, list[PlaceHit]] = {}
    for hit in reading.places:
        if not hit.in_name and not hit.dateline:
            groups.setdefault(hit.ref.place_id, []).append(hit)
    named = {name_key(hit.ref.name) for group in groups.values() for hit in group}
    mentions = []
    for group in groups.values():
        key = name_key(group[0].ref.name)
        unlisted = group[0].ref.place_id.startswith("x:")  # «ريف دمشق» is a governorate
        if unlisted and group[0].head == "ريف" and key.removeprefix("ريف ") in named:
            continue
        spans = tuple(reading.span(hit.start, hit.end) for hit in group)
        mentions.append(PlaceMention(place=group[0].ref, spans=spans))
    return tuple(mentions)
