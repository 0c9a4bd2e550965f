"""What was read in an article. Terms and values follow the annotation guidelines (docs/extraction.md lists them)."""

import msgspec


class Span(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A piece of the article's text."""

    start: int
    """Code points from the start of the text."""
    end: int
    """Exclusive."""
    text: str
    """Exactly `article.text[start:end]`, at most 200 characters where it is evidence."""


class PlaceRef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place, linked to the gazetteer or not."""

    place_id: str
    """Gazetteer id (`SY-…`, `gn:170654`), or `x:` + hash of name and governorate for a place that the gazetteer lacks."""
    name: str
    """Bare name as the article writes it: no proclitics, no head noun."""
    name_ar: str = ""
    """Canonical Arabic name, "" if unknown."""
    name_en: str = ""
    country: str = ""
    """ISO 3166 alpha-2, "" if unknown."""
    admin1: str = ""
    """Governorate in Arabic."""
    place_type: str = ""
    """city, town, village, neighbourhood, area, base, crossing, building, road, hill, farm, island, camp, governorate, other."""
    lat: float | None = None
    lon: float | None = None
    geo_precision: int = 3
    """ACLED: 1 exact, 2 near or part of an area, 3 region or not known."""
    score: float = 0.0
    """Of the link, 0 to 1."""
    rivals: tuple[str, ...] = ()
    """Ids of other readings within the margin."""


class PlaceMention(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One distinct place of the article with the spans where it is named."""

    place: PlaceRef
    spans: tuple[Span, ...]


class ControlChange(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The article asserts that a named place changed hands."""

    place: PlaceRef
    to: str | None
    """Side code (`SY-GOV`, `ISIS`, … `OTHER:<name>`), None where not told."""
    from_: str | None = msgspec.field(default=None, name="from")
    manner: str = "captured"
    """captured, recaptured, withdrew, handed_over, lost."""
    status: str = "reported"
    """reported, claimed, disputed."""
    when: str = "recent"
    """recent, background."""
    date: str = ""
    """ISO date of the event where the text tells one, else the day of publication."""
    time_precision: int = 1
    """ACLED: 1 day, 2 week, 3 month."""
    source: str = ""
    """Who says so, as written («المرصد السوري لحقوق الإنسان»), "" for the writer."""
    source_side: str | None = None
    """The speaker's side where the speaker is a party."""
    acled: str = ""
    """ACLED sub-event type."""
    plover: str = ""
    """PLOVER event type and mode, `TYPE/mode`."""
    evidence: Span


class NotControl(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A statement that looks like a change of control and is none."""

    place: PlaceRef
    why: str
    """attempt, repelled, ongoing, planned, demanded, denied, static, hypothetical, metaphor."""
    side: str | None = None
    """The side that the statement is about, where told: who denies, attempts, already holds it."""
    source_side: str | None = None
    evidence: Span


class Casualty(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One distinct count that the text states."""

    killed_min: int | None = None
    killed_max: int | None = None
    injured_min: int | None = None
    injured_max: int | None = None
    children: int | None = None
    women: int | None = None
    victims: str = "unknown"
    """civilians, combatants, mixed, unknown."""
    side: str | None = None
    place: PlaceRef | None = None
    cause: str = "unknown"
    """air_strike, shelling, clash, bombing, gunfire, execution, other, unknown."""
    scope: str = "incident"
    """incident, cumulative."""
    conservative: int | None = None
    """ACLED-style conservative number of killed."""
    phrase: str = ""
    """The literal phrase of the count."""
    source: str = ""
    evidence: Span


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A concrete event of the article's news."""

    type: str
    """armed_clash, air_strike, shelling, bombing, killing, abduction, siege, truce, protest."""
    place: PlaceRef | None = None
    actor: str | None = None
    target: str | None = None
    date: str = ""
    acled: str = ""
    plover: str = ""
    evidence: Span


class Extraction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that was read in one article."""

    relevant: bool = False
    """The article reports at least one concrete act of armed conflict."""
    control: tuple[ControlChange, ...] = ()
    not_control: tuple[NotControl, ...] = ()
    casualties: tuple[Casualty, ...] = ()
    events: tuple[Event, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    correction: str = ""
    """`withdrawn` or `corrected` where the article takes back an earlier report, else ""."""
    reader: str = ""
    """Name and version of the reader."""
