"""An Extraction in the form of the annotation guidelines: what `rasid extract` and `rasid replay` write."""

from typing import Any

from rasid.messages import Casualty, ControlChange, Event, Extraction, NotControl, PlaceMention, PlaceRef, Span


def extraction_row(doc_id: str, extraction: Extraction) -> dict[str, Any]:
    """The fields of the guidelines, with offsets of each evidence and ids and coordinates of places."""
    return {
        "doc_id": doc_id,
        "relevant": extraction.relevant,
        "control": [_control(entry) for entry in extraction.control],
        "not_control": [_not_control(entry) for entry in extraction.not_control],
        "casualties": [_casualty(entry) for entry in extraction.casualties],
        "events": [_event(entry) for entry in extraction.events],
        "places": [_mention(mention) for mention in extraction.places],
        "correction": extraction.correction,
        "reader": extraction.reader,
    }


def _evidence(span: Span) -> dict[str, Any]:
    return {"evidence": span.text, "start": span.start, "end": span.end}


def _place(place: PlaceRef | None) -> dict[str, Any]:
    if place is None:
        return {"place": None, "place_id": None, "lat": None, "lon": None}
    return {"place": place.name, "place_id": place.place_id, "lat": place.lat, "lon": place.lon}


def _control(entry: ControlChange) -> dict[str, Any]:
    return {
        **_place(entry.place),
        "place_type": entry.place.place_type or "other",
        "to": entry.to,
        "from": entry.from_,
        "manner": entry.manner,
        "status": entry.status,
        "when": entry.when,
        "date": entry.date,
        "time_precision": entry.time_precision,
        "geo_precision": entry.place.geo_precision,
        "source": entry.source,
        "source_side": entry.source_side,
        "acled": entry.acled,
        "plover": entry.plover,
        **_evidence(entry.evidence),
    }


def _not_control(entry: NotControl) -> dict[str, Any]:
    return {**_place(entry.place), "why": entry.why, "side": entry.side, **_evidence(entry.evidence)}


def _casualty(entry: Casualty) -> dict[str, Any]:
    return {
        "killed_min": entry.killed_min,
        "killed_max": entry.killed_max,
        "injured_min": entry.injured_min,
        "injured_max": entry.injured_max,
        "children": entry.children,
        "women": entry.women,
        "victims": entry.victims,
        "side": entry.side,
        **_place(entry.place),
        "cause": entry.cause,
        "scope": entry.scope,
        "conservative": entry.conservative,
        "phrase": entry.phrase,
        "source": entry.source,
        **_evidence(entry.evidence),
    }


def _event(entry: Event) -> dict[str, Any]:
    return {
        "type": entry.type,
        **_place(entry.place),
        "actor": entry.actor,
        "target": entry.target,
        "date": entry.date,
        "acled": entry.acled,
        "plover": entry.plover,
        **_evidence(entry.evidence),
    }


def _mention(mention: PlaceMention) -> dict[str, Any]:
    place = mention.place
    return {
        "name": place.name,
        "country": place.country or None,
        "admin1": place.admin1 or None,
        "place_id": place.place_id,
        "name_ar": place.name_ar,
        "name_en": place.name_en,
        "place_type": place.place_type,
        "lat": place.lat,
        "lon": place.lon,
        "geo_precision": place.geo_precision,
        "score": place.score,
        "rivals": list(place.rivals),
        "spans": [{"start": span.start, "end": span.end, "text": span.text} for span in mention.spans],
    }
