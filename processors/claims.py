"""Claims of an article: one sourced statement per place and change, denials and withdrawals. What the ledger lives on."""

import hashlib
from datetime import UTC, date, datetime, time
from typing import Any

import msgspec

from rasid.messages import Claim, ControlChange, EnrichedArticle, Extraction, NotControl, PlaceRef, TextArticle, Verdict


def claims_of(article: EnrichedArticle, favours: tuple[str, ...]) -> tuple[Claim, ...]:
    """The claims that an article makes about who holds a place.

    Args:
        article: as it leaves the extract stage.
        favours: sides that its outlet favours (rasid.outlets).

    Returns:
        In this order: assertions as the article tells them, denials, withdrawals. A rejected article, one without
        verdict or extraction, and a place without an id give none. Ids depend on the article only, so that the
        same article read again gives the same claims.
    """
    text, verdict, extraction = article.article, article.verdict, article.extraction
    if text.rejected or verdict is None or extraction is None:
        return ()
    maker = _Maker(text, verdict, favours)
    withdrawn = extraction.correction == "withdrawn"
    # A withdrawal repeats what it takes back («نسحب خبر سيطرة …»): what is read as a change there is none.
    asserted = () if withdrawn else _assertions(maker, extraction)
    denied = tuple(maker.denial(row) for row in extraction.not_control if row.why == "denied" and row.place.place_id)
    taken_back = tuple(
        maker.withdrawal(place, extraction.correction) for place in _places_taken_back(extraction, verdict)
    )
    return tuple({claim.claim_id: claim for claim in (*asserted, *denied, *taken_back)}.values())


def _assertions(maker: "_Maker", extraction: Extraction) -> tuple[Claim, ...]:
    seen: dict[str, int] = {}
    claims = []
    for row in extraction.control:
        if row.place.place_id:
            ordinal = seen[row.place.place_id] = seen.get(row.place.place_id, -1) + 1
            claims.append(maker.assertion(row, ordinal))
    return tuple(claims)


def _places_taken_back(extraction: Extraction, verdict: Verdict) -> tuple[PlaceRef, ...]:
    """Places whose earlier report falls: all that a withdrawal names; of a correction those that it no longer asserts.

    A correction withdraws only what the article it corrects had said, so without that article there is nothing.
    """
    if extraction.correction not in {"withdrawn", "corrected"}:
        return ()
    if extraction.correction == "corrected" and not verdict.of:
        return ()
    named = [mention.place for mention in extraction.places]
    named += [row.place for row in extraction.control]
    named += [row.place for row in extraction.not_control]
    kept = {row.place.place_id for row in extraction.control} if extraction.correction == "corrected" else set()
    unique = {place.place_id: place for place in named if place.place_id and place.place_id not in kept}
    return tuple(unique.values())


class _Maker:
    """Fills in what all claims of one article share."""

    def __init__(self, text: TextArticle, verdict: Verdict, favours: tuple[str, ...]) -> None:
        self._text, self._verdict, self._favours = text, verdict, favours

    def _claim(self, place: PlaceRef, stance: str, to: str | None, from_: str | None, happened: int) -> Claim:
        text, verdict = self._text, self._verdict
        return Claim(
            claim_id=_claim_id(text.article_id, place.place_id, to, from_, stance),
            place=place,
            stance=stance,
            to=to,
            from_=from_,
            happened=happened,
            published=text.published,
            article_id=text.article_id,
            version=text.version,
            url=text.url,
            title=text.title,
            outlet=text.outlet,
            favours=self._favours,
            cluster=verdict.cluster or text.article_id,
            relation=verdict.kind,
            of=verdict.of,
        )

    def assertion(self, row: ControlChange, ordinal: int) -> Claim:
        claim = self._claim(row.place, "assert", row.to, row.from_, happened(row.date, self._text.published))
        return _with(
            claim,
            manner=row.manner,
            status=row.status,
            when=row.when,
            source=row.source,
            source_side=row.source_side,
            evidence=row.evidence.text,
            start=row.evidence.start,
            end=row.evidence.end,
            ordinal=ordinal,
        )

    def denial(self, row: NotControl) -> Claim:
        """`from` is the side that still holds the place: the one told to hold it, else the one that denies.

        The speaker is a party only where the article names it: what the writer denies is a neutral statement.
        """
        claim = self._claim(row.place, "deny", None, row.side or row.source_side, self._text.published)
        evidence = row.evidence
        return _with(claim, source_side=row.source_side, evidence=evidence.text, start=evidence.start, end=evidence.end)

    def withdrawal(self, place: PlaceRef, kind: str) -> Claim:
        """`manner` is `withdrawn` or `corrected`; the evidence is the beginning of the article."""
        claim = self._claim(place, "withdraw", None, None, self._text.published)
        evidence = self._text.text[:200]
        return _with(claim, manner=kind, evidence=evidence, start=0, end=len(evidence))


def _with(claim: Claim, **fields: Any) -> Claim:
    return msgspec.structs.replace(claim, **fields)


def happened(day: str, published: int) -> int:
    """Time of the event in ms UTC: midnight of the ISO date `day`, but never after `published` (which stands in for no date)."""
    try:
        start = datetime.combine(date.fromisoformat(day), time(), UTC)
    except ValueError:
        return published
    return min(int(start.timestamp() * 1000), published)


def _claim_id(article_id: str, place_id: str, to: str | None, from_: str | None, stance: str) -> str:
    key = "\x1f".join((article_id, place_id, to or "", from_ or "", stance))
    return hashlib.blake2b(key.encode(), digest_size=12).hexdigest()
