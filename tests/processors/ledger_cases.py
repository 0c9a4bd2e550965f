"""Claims and expectations of tests/cases/ledger.toml."""

import tomllib
from pathlib import Path
from typing import Any

from rasid.messages import Claim, PlaceRef

TABLE = tomllib.loads((Path(__file__).parents[1] / "cases" / "ledger.toml").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = TABLE["case"]
OUTLETS: dict[str, list[str]] = TABLE["outlets"]
DAY_MS = 86_400_000
DAY_0 = 1_456_790_400_000
"""2016-03-01 00:00 UTC."""
PLACE = PlaceRef(
    place_id="SY-0001",
    name="تل النخيل",
    name_ar="تل النخيل",
    name_en="Tall al-Nakhil",
    country="SY",
    admin1="حلب",
    place_type="village",
    lat=36.2,
    lon=37.1,
    geo_precision=1,
    score=0.9,
)


def moment(text: str) -> int:
    """ms UTC of `day hour:minute`."""
    day, clock = text.split()
    hour, minute = clock.split(":")
    return DAY_0 + int(day) * DAY_MS + (int(hour) * 60 + int(minute)) * 60_000


def claims_in(case: dict[str, Any]) -> list[Claim]:
    """The claims of a case, in its order of arrival."""
    claims = []
    for number, row in enumerate(case["claims"], 1):
        published = moment(row["at"])
        article = row.get("id", f"a{number}")
        day = DAY_0 + row["day"] * DAY_MS if "day" in row else published - published % DAY_MS
        claims.append(
            Claim(
                claim_id=f"c{number}",
                place=PLACE,
                stance=row.get("stance", "assert"),
                to=row.get("to"),
                from_=row.get("from"),
                manner=row.get("manner", "captured"),
                status=row.get("status", "reported"),
                when=row.get("when", "recent"),
                happened=min(day, published),
                published=published,
                article_id=article,
                version=row.get("version", published),
                url=f"https://{row['by']}.example/{article}",
                outlet=row["by"],
                favours=tuple(OUTLETS[row["by"]]),
                source=row.get("source", ""),
                source_side=row.get("side"),
                cluster=row.get("cluster", article),
                relation=row.get("relation", "new"),
                of=row.get("of", ""),
                ordinal=row.get("ordinal", 0),
                evidence="جملة من الخبر",
            )
        )
    return claims
