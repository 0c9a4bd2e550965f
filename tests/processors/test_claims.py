"""Which claims an article makes."""

from typing import Any

from processors.claims import claims_of, happened
from rasid.messages import (
    ControlChange,
    EnrichedArticle,
    Extraction,
    NotControl,
    PlaceMention,
    PlaceRef,
    Span,
    TextArticle,
    Verdict,
)

DAY = 86_400_000
PUBLISHED = 1_456_790_400_000 + 15 * 3_600_000
"""2016-03-01 15:00 UTC."""
TEXT = "قالت مصادر محلية إن القوات دخلت قرية تل النخيل وبسطت سيطرتها عليها."
EVIDENCE = Span(start=20, end=40, text=TEXT[20:40])


def place(number: int = 1) -> PlaceRef:
    return PlaceRef(place_id=f"SY-{number}", name=f"قرية {number}")


def change(**fields: Any) -> ControlChange:
    base: dict[str, Any] = {"place": place(), "to": "SY-OPP", "date": "2016-03-01", "evidence": EVIDENCE}
    return ControlChange(**base | fields)


def denied(**fields: Any) -> NotControl:
    base: dict[str, Any] = {"place": place(), "why": "denied", "evidence": EVIDENCE}
    return NotControl(**base | fields)


def article(extraction: Extraction | None, verdict: Verdict | None = None, rejected: str = "") -> EnrichedArticle:
    text = TextArticle(
        article_id="a1",
        version=7,
        feed_id="f",
        outlet="nabd",
        url="https://nabd.example/1",
        title="عنوان",
        text=TEXT,
        published=PUBLISHED,
        published_from="feed",
        fetched=PUBLISHED,
        language="ar",
        rejected=rejected,
    )
    return EnrichedArticle(article=text, verdict=verdict or Verdict(kind="new", cluster="a1"), extraction=extraction)


def test_an_assertion_carries_all_that_was_read() -> None:
    row = change(from_="ISIS", manner="recaptured", status="claimed", source="ناطق", source_side="SY-OPP")
    verdict = Verdict(kind="update", cluster="a0", of="a0")
    (claim,) = claims_of(article(Extraction(control=(row,)), verdict), ("SY-OPP",))
    assert (claim.stance, claim.to, claim.from_, claim.manner, claim.status) == (
        "assert",
        "SY-OPP",
        "ISIS",
        "recaptured",
        "claimed",
    )
    assert (claim.source, claim.source_side, claim.favours) == ("ناطق", "SY-OPP", ("SY-OPP",))
    assert (claim.cluster, claim.relation, claim.of) == ("a0", "update", "a0")
    assert (claim.outlet, claim.url, claim.version, claim.published) == ("nabd", "https://nabd.example/1", 7, PUBLISHED)
    assert TEXT[claim.start : claim.end] == claim.evidence


def test_the_same_article_gives_the_same_ids() -> None:
    one = article(Extraction(control=(change(), change(place=place(2)), change(to="ISIS"))))
    assert claims_of(one, ()) == claims_of(one, ())
    assert len({claim.claim_id for claim in claims_of(one, ())}) == 3


def test_changes_of_one_place_are_numbered_in_the_order_of_the_article() -> None:
    rows = (change(to="ISIS"), change(place=place(2)), change(to="SY-OPP"))
    claims = claims_of(article(Extraction(control=rows)), ())
    assert [(claim.place.place_id, claim.ordinal) for claim in claims] == [("SY-1", 0), ("SY-2", 0), ("SY-1", 1)]


def test_only_a_denial_among_the_rows_that_are_no_change_is_a_claim() -> None:
    reasons = ("attempt", "repelled", "ongoing", "planned", "demanded", "static", "hypothetical", "metaphor")
    rows = tuple(denied(why=why) for why in reasons)
    assert claims_of(article(Extraction(not_control=rows)), ()) == ()
    (claim,) = claims_of(article(Extraction(not_control=(*rows, denied(source_side="SY-GOV")))), ())
    assert (claim.stance, claim.to, claim.from_, claim.source_side) == ("deny", None, "SY-GOV", "SY-GOV")


def test_a_writer_who_says_that_a_side_still_holds_a_place_is_no_party() -> None:
    (claim,) = claims_of(article(Extraction(not_control=(denied(side="SY-GOV"),))), ())
    assert (claim.stance, claim.from_, claim.source_side) == ("deny", "SY-GOV", None)


def test_a_withdrawal_asserts_nothing_and_names_every_place() -> None:
    extraction = Extraction(
        control=(change(),),
        places=(PlaceMention(place=place(), spans=()), PlaceMention(place=place(2), spans=())),
        correction="withdrawn",
    )
    claims = claims_of(article(extraction, Verdict(kind="correction", cluster="a0", of="a0")), ())
    assert [(claim.stance, claim.place.place_id, claim.of) for claim in claims] == [
        ("withdraw", "SY-1", "a0"),
        ("withdraw", "SY-2", "a0"),
    ]


def test_a_correction_withdraws_the_places_that_it_no_longer_asserts() -> None:
    places = (PlaceMention(place=place(1), spans=()), PlaceMention(place=place(2), spans=()))
    extraction = Extraction(control=(change(place=place(2)),), places=places, correction="corrected")
    claims = claims_of(article(extraction, Verdict(kind="correction", cluster="a0", of="a0")), ())
    assert [(claim.stance, claim.place.place_id) for claim in claims] == [("assert", "SY-2"), ("withdraw", "SY-1")]


def test_a_correction_of_an_unknown_article_withdraws_nothing() -> None:
    places = (PlaceMention(place=place(1), spans=()),)
    assert claims_of(article(Extraction(places=places, correction="corrected")), ()) == ()


def test_rejected_unread_and_unlinked_give_nothing() -> None:
    extraction = Extraction(control=(change(),))
    unlinked = change(place=PlaceRef(place_id="", name="القرية"))
    assert claims_of(article(extraction, rejected="language"), ()) == ()
    assert claims_of(article(None), ()) == ()
    assert claims_of(EnrichedArticle(article=article(None).article, extraction=extraction), ()) == ()
    assert claims_of(article(Extraction(control=(unlinked,), correction="withdrawn")), ()) == ()


def test_background_is_kept_as_such() -> None:
    (claim,) = claims_of(article(Extraction(control=(change(when="background", date="2014-06-10"),))), ())
    assert claim.when == "background"
    assert claim.happened < claim.published - 365 * DAY


def test_the_day_of_the_event_is_never_after_publication() -> None:
    assert happened("2016-02-29", PUBLISHED) == PUBLISHED - PUBLISHED % DAY - DAY
    assert happened("2016-03-09", PUBLISHED) == PUBLISHED
    assert happened("", PUBLISHED) == PUBLISHED
    assert happened("الخميس", PUBLISHED) == PUBLISHED
