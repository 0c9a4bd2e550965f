"""A made-up alert, marked as a test, that shows what a real one looks like."""

import msgspec

from processors.ledger import apply
from processors.rules import Rule, alerts_of
from rasid.messages import Alert, Claim, PlaceRef

RULE = Rule(id="test", name="Test alert")


def sample_alert(now_ms: int) -> Alert:
    """An alert on an invented village, published at `now_ms` (ms UTC)."""
    place = PlaceRef(
        place_id="x:rasid-test",
        name="قرية التجربة",
        name_ar="قرية التجربة",
        name_en="Testing",
        admin1="محافظة الاختبار",
        place_type="village",
    )
    claim = Claim(
        claim_id=f"test-{now_ms}",
        place=place,
        to="OTHER:فريق الاختبار",
        manner="captured",
        happened=now_ms,
        published=now_ms,
        article_id=f"test-{now_ms}",
        version=now_ms,
        url="https://rasid.invalid/test",
        title="خبر تجريبي",
        outlet="rasid-test",
        evidence="هذا تنبيه تجريبي من راصد: لم تتغير السيطرة على أي مكان.",
    )
    _, changes = apply(None, claim)
    alert = alerts_of(changes[0], (RULE,), 1, now_ms)[0]
    return msgspec.structs.replace(alert, title_ar=f"تجربة: {alert.title_ar}", title_en=f"TEST: {alert.title_en}")
