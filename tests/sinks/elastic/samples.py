"""Messages with every field filled, so that a field without a place in the templates is found."""

from rasid.messages import (
    Alert,
    Casualty,
    Change,
    Claim,
    ControlChange,
    EnrichedArticle,
    Event,
    Extraction,
    FigureChange,
    NotControl,
    Notification,
    Passage,
    PlaceMention,
    PlaceRef,
    PlaceState,
    Span,
    TextArticle,
    Verdict,
)

NOVEMBER = 1_795_600_000_000
"""25 November 2026, ms UTC."""


def place(**fields: object) -> PlaceRef:
    """A town with all that the gazetteer tells."""
    filled = {
        "place_id": "SY-X", "name": "تل الورد", "name_ar": "تل الورد", "name_en": "Tall al Ward", "country": "SY",
        "admin1": "حلب", "place_type": "town", "lat": 36.2, "lon": 37.1, "geo_precision": 1, "score": 0.9,
        "rivals": ("SY-Y",),
    }  # fmt: skip
    return PlaceRef(**{**filled, **fields})  # type: ignore[arg-type]


def span(text: str = "سيطرت القوات على تل الورد", start: int = 0) -> Span:
    """A span that holds the text."""
    return Span(start=start, end=start + len(text), text=text)


def extraction() -> Extraction:
    """One of each that can be read."""
    return Extraction(
        relevant=True,
        control=(
            ControlChange(
                place=place(), to="SY-GOV", from_="ISIS", manner="captured", status="claimed", when="recent",
                date="2026-11-25", time_precision=1, source="مصدر عسكري", source_side="SY-GOV", acled="Government regains",
                plover="ASSAULT/seize", evidence=span(),
            ),
        ),
        not_control=(NotControl(place=place(), why="attempt", side="ISIS", source_side="ISIS", evidence=span()),),
        casualties=(
            Casualty(
                killed_min=3, killed_max=5, injured_min=1, injured_max=2, children=1, women=1, victims="civilians",
                side="SY-GOV", place=place(), cause="shelling", scope="incident", conservative=3, phrase="ثلاثة قتلى",
                source="الدفاع المدني", evidence=span("مقتل ثلاثة"),
            ),
        ),
        events=(
            Event(
                type="shelling", place=place(), actor="SY-GOV", target="ISIS", date="2026-11-25", acled="Shelling",
                plover="ASSAULT/artillery", evidence=span("قصف"),
            ),
        ),
        places=(PlaceMention(place=place(), spans=(span("تل الورد"), span("تل الورد", 30))),),
        correction="corrected",
        reader="rules 1",
    )  # fmt: skip


def article(text: str = "سيطرت القوات على تل الورد.", **fields: object) -> EnrichedArticle:
    """An article; `verdict`, `extraction`, `trail` go to the envelope, other fields to the article."""
    envelope = {name: fields.pop(name) for name in ("verdict", "extraction", "trail") if name in fields}
    filled = {
        "article_id": "a1", "version": NOVEMBER + 5000, "feed_id": "f1", "outlet": "nabaa", "url": "https://example.org/1",
        "title": "تقدم في تل الورد", "text": text, "published": NOVEMBER, "published_from": "feed",
        "fetched": NOVEMBER + 5000, "language": "ar", "sketch": (1, 2, 3),
        "trail": (Passage(stage="poll", status="ok", at=NOVEMBER + 5000, worker="w1"),),
    }  # fmt: skip
    return EnrichedArticle(article=TextArticle(**{**filled, **fields}), **envelope)  # type: ignore[arg-type]


def verdict(kind: str = "update", **fields: object) -> Verdict:
    """A verdict with a changed figure."""
    filled = {
        "cluster": "a0", "of": "a0", "new_in_old": 0.8, "old_in_new": 0.7, "first_outlet": "wakala",
        "figures": (FigureChange(old="3", new="5", context="قتلى"),),
    }  # fmt: skip
    return Verdict(kind=kind, **{**filled, **fields})  # type: ignore[arg-type]


def full_article(**fields: object) -> EnrichedArticle:
    """An article with verdict, extraction and trail."""
    trail = (
        Passage(stage="poll", status="ok", at=NOVEMBER + 5000, worker="w1"),
        Passage(stage="text", status="ok", at=NOVEMBER + 6000, worker="w2", reason="short"),
    )
    return article(**{"verdict": verdict(), "extraction": extraction(), "trail": trail, **fields})


def claim() -> Claim:
    """A claim."""
    return Claim(
        claim_id="c1", place=place(), stance="assert", to="SY-GOV", from_="ISIS", manner="captured", status="claimed",
        when="recent", happened=NOVEMBER, published=NOVEMBER, article_id="a1", version=1, url="https://example.org/1",
        title="تقدم", outlet="nabaa", favours=("SY-GOV",), source="مصدر", source_side="SY-GOV", cluster="a0",
        relation="new", of="a0", evidence="سيطرت", start=0, end=5,
    )  # fmt: skip


def change() -> Change:
    """A transition."""
    return Change(
        change_id="ch1", place=place(), holder="SY-GOV", standing="confirmed", previous_holder="ISIS",
        previous_standing="claimed", manner="captured", since=NOVEMBER, at=NOVEMBER, rule="two sources", cause="c1",
        claims=(claim(),), independent_sources=2,
    )  # fmt: skip


def state() -> PlaceState:
    """A place's state."""
    return PlaceState(
        place=place(), holder="SY-GOV", standing="confirmed", since=NOVEMBER, updated=NOVEMBER, claims=(claim(),),
        last_change=change(), emitted=("ch1",),
    )  # fmt: skip


def notification() -> Notification:
    """An alert that was sent."""
    alert = Alert(
        alert_id="al1", rule="town", change=change(), title_ar="تل الورد تحت سيطرة القوات", title_en="Tall al Ward taken",
        body="تل الورد\nمؤكد", severity="high",
    )  # fmt: skip
    return Notification(alert=alert, channel="file", state="sent", at=NOVEMBER + 9000, reason="first")
