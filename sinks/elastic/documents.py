"""Messages → documents: index, id, version and fields. Pure; the fields are those of templates/*.json.

Ids are deterministic, so a redelivered message writes the same document again. The version is `external_gte`:
an older fetch of an article loses (409, a success), and the same fetch read again by a newer reader wins. With plain
`external` a replay after an improvement of the reader would be refused; what `external_gte` cannot do, order two
writes of one version, does not matter: they come in order, on one partition.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rasid.messages import (
    Casualty,
    Change,
    Claim,
    ControlChange,
    EnrichedArticle,
    Event,
    NotControl,
    Notification,
    Passage,
    PlaceRef,
    PlaceState,
    Span,
    Verdict,
    status_of,
)

KEYWORD_MAX = 8_000
"""Longest keyword, in bytes: Lucene refuses a term above 32,766, and nobody searches for so long a one."""


@dataclass(frozen=True, slots=True)
class Action:
    """One document to write.

    Attributes:
        id: deterministic; at most 512 bytes.
        version: external version, 0 or more.
    """

    index: str
    id: str
    version: int
    doc: Mapping[str, Any]


def cut(text: str, limit: int = KEYWORD_MAX) -> str:
    """The text's beginning, at most `limit` bytes of UTF-8, no character cut in two, lone surrogates dropped."""
    data = text.encode("utf-8", "ignore")
    return data[:limit].decode("utf-8", "ignore")


def month(ms: int) -> str:
    """`2026.11` for a time in ms UTC; times outside of 1970 to 2100 count as 1970.01."""
    if not 0 <= ms < 4_102_444_800_000:
        return "1970.01"
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y.%m")


def article_doc(prefix: str, enriched: EnrichedArticle) -> Action:
    """The article with all that was read in it; rejected ones and copies too, told apart by `status`."""
    article, verdict, found = enriched.article, enriched.verdict, enriched.extraction
    doc = _full(
        article_id=article.article_id,
        version=article.version,
        status=status_of(enriched),
        reason=article.rejected,
        feed_id=article.feed_id,
        outlet=article.outlet,
        url=article.url,
        published=article.published,
        published_from=article.published_from,
        fetched=article.fetched,
        language=article.language,
        # A story of its own where dedupe has not spoken: search folds by this field.
        cluster=verdict.cluster if verdict else article.article_id,
        verdict=_verdict(verdict) if verdict else None,
    )
    doc["title"] = _text(article.title)
    doc["text"] = _text(article.text)
    if found is not None:
        doc |= _full(
            relevant=found.relevant,
            correction=found.correction,
            reader=found.reader,
            actors=_actors(found.control, found.casualties, found.events),
            places=[place(one.place) | {"mentions": len(one.spans)} for one in found.places],
            control=[_control(one) for one in found.control],
            not_control=[_not_control(one) for one in found.not_control],
            casualties=[_casualty(one) for one in found.casualties],
            events=[_event(one) for one in found.events],
        )
    return Action(f"{prefix}-articles-{month(article.published)}", article.article_id, max(0, article.version), doc)


def stage_docs(prefix: str, enriched: EnrichedArticle) -> list[Action]:
    """One row an article and stage it passed, from its trail."""
    article = enriched.article
    passages: dict[str, Passage] = {one.stage: one for one in (*article.trail, *enriched.trail)}
    index = f"{prefix}-stages-{month(article.published)}"
    return [
        Action(
            index,
            f"{article.article_id}:{one.stage}",
            max(0, article.version),
            _full(
                article_id=article.article_id,
                version=article.version,
                stage=one.stage,
                status=one.status,
                reason=one.reason,
                at=one.at,
                after_ms=one.at - article.fetched,
                worker=one.worker,
                outlet=article.outlet,
                feed_id=article.feed_id,
                published=article.published,
                fetched=article.fetched,
            ),
        )
        for one in passages.values()
    ]


def change_doc(prefix: str, change: Change) -> Action:
    """A transition of the ledger with its evidence."""
    doc = _change(change) | _full(claims=[_claim(one) for one in change.claims])
    return Action(f"{prefix}-changes-{month(change.at)}", change.change_id, max(0, change.at), doc)


def alert_doc(prefix: str, notification: Notification) -> Action:
    """An alert on one channel in its newest state: `sending` is written over by `sent` or `failed`."""
    alert = notification.alert
    claims = alert.change.claims
    doc = _full(
        alert_id=alert.alert_id,
        rule=alert.rule,
        severity=alert.severity,
        title_ar=alert.title_ar,
        title_en=alert.title_en,
        channel=notification.channel,
        state=notification.state,
        reason=notification.reason,
        at=notification.at,
        change=_change(alert.change)
        | _full(outlets=_distinct(one.outlet for one in claims), articles=_distinct(one.article_id for one in claims)),
    )
    doc["body"] = _text(alert.body)
    index = f"{prefix}-alerts-{month(alert.change.at)}"
    return Action(index, f"{alert.alert_id}:{notification.channel}", max(0, notification.at), doc)


def place_doc(prefix: str, state: PlaceState) -> Action:
    """Who holds the place now; one document a place, in one index."""
    doc = _full(
        place_id=state.place.place_id,
        place=place(state.place),
        point=_point(state.place),
        holder=state.holder,
        standing=state.standing,
        since=state.since or None,
        updated=state.updated,
        claims_count=len(state.claims),
        outlets=_distinct(one.outlet for one in state.claims),
        last_change=_change(state.last_change) if state.last_change else None,
    )
    doc.get("last_change", {}).pop("place", None)
    return Action(f"{prefix}-places", state.place.place_id, max(0, state.updated), doc)


def place(ref: PlaceRef) -> dict[str, Any]:
    """A place as all indices hold it."""
    return _full(
        id=ref.place_id,
        name=ref.name,
        name_ar=ref.name_ar,
        name_en=ref.name_en,
        country=ref.country,
        admin1=ref.admin1,
        type=ref.place_type,
        point=_point(ref),
        geo_precision=ref.geo_precision,
        score=ref.score,
    )


def _full(**fields: Any) -> dict[str, Any]:
    """The fields that hold something; strings cut to a keyword's length."""
    short = {name: cut(value) if isinstance(value, str) else value for name, value in fields.items()}
    return {name: value for name, value in short.items() if value is not None and value != "" and value != []}


def _text(text: str) -> str:
    """Analysed text: of any length, but valid UTF-8."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def _distinct(values: Iterable[str | None]) -> list[str]:
    return sorted({cut(value) for value in values if value})


def _point(ref: PlaceRef) -> dict[str, float] | None:
    """lat and lon, or None where they are missing or lie outside of the Earth."""
    if ref.lat is None or ref.lon is None or not (math.isfinite(ref.lat) and math.isfinite(ref.lon)):
        return None
    return {"lat": ref.lat, "lon": ref.lon} if abs(ref.lat) <= 90 and abs(ref.lon) <= 180 else None


def _at(ref: PlaceRef | None) -> dict[str, Any]:
    """A place inside of a row: control change, toll, event."""
    if ref is None:
        return {}
    return _full(
        place_id=ref.place_id, place=ref.name_ar or ref.name, country=ref.country, admin1=ref.admin1, point=_point(ref)
    )


def _span(span: Span) -> dict[str, Any]:
    return {"evidence": cut(span.text), "start": span.start, "end": span.end}


def _actors(
    control: tuple[ControlChange, ...], casualties: tuple[Casualty, ...], events: tuple[Event, ...]
) -> list[str]:
    sides: list[str | None] = [side for one in control for side in (one.to, one.from_)]
    sides += [one.side for one in casualties]
    sides += [side for event in events for side in (event.actor, event.target)]
    return _distinct(sides)


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return _full(
        kind=verdict.kind,
        of=verdict.of,
        new_in_old=verdict.new_in_old,
        old_in_new=verdict.old_in_new,
        first_outlet=verdict.first_outlet,
        figures=[_full(old=one.old, new=one.new, context=one.context) for one in verdict.figures],
    )


def _control(one: ControlChange) -> dict[str, Any]:
    return (
        _at(one.place)
        | _full(**{"from": one.from_})
        | _full(
            to=one.to,
            manner=one.manner,
            status=one.status,
            when=one.when,
            date=one.date,
            time_precision=one.time_precision,
            source=one.source,
            source_side=one.source_side,
            acled=one.acled,
            plover=one.plover,
        )
        | _span(one.evidence)
    )


def _not_control(one: NotControl) -> dict[str, Any]:
    return _at(one.place) | _full(why=one.why, side=one.side, source_side=one.source_side) | _span(one.evidence)


def _casualty(one: Casualty) -> dict[str, Any]:
    return (
        _at(one.place)
        | _full(
            killed_min=one.killed_min,
            killed_max=one.killed_max,
            injured_min=one.injured_min,
            injured_max=one.injured_max,
            children=one.children,
            women=one.women,
            victims=one.victims,
            side=one.side,
            cause=one.cause,
            scope=one.scope,
            conservative=one.conservative,
            phrase=one.phrase,
            source=one.source,
        )
        | _span(one.evidence)
    )


def _event(one: Event) -> dict[str, Any]:
    return (
        _at(one.place)
        | _full(type=one.type, actor=one.actor, target=one.target, date=one.date, acled=one.acled, plover=one.plover)
        | _span(one.evidence)
    )


def _claim(one: Claim) -> dict[str, Any]:
    return _full(**{"from": one.from_}) | _full(
        claim_id=one.claim_id,
        article_id=one.article_id,
        outlet=one.outlet,
        url=one.url,
        title=one.title,
        stance=one.stance,
        to=one.to,
        manner=one.manner,
        status=one.status,
        source=one.source,
        source_side=one.source_side,
        favours=_distinct(one.favours),
        cluster=one.cluster,
        relation=one.relation,
        of=one.of,
        published=one.published,
        happened=one.happened or None,
        evidence=one.evidence,
        start=one.start,
        end=one.end,
        ordinal=one.ordinal,
    )


def _change(change: Change) -> dict[str, Any]:
    return _full(
        change_id=change.change_id,
        place=place(change.place),
        holder=change.holder,
        standing=change.standing,
        previous_holder=change.previous_holder,
        previous_standing=change.previous_standing,
        manner=change.manner,
        since=change.since or None,
        at=change.at,
        rule=change.rule,
        cause=change.cause,
        independent_sources=change.independent_sources,
        follow_up=change.follow_up,
        copies=change.copies,
    )
