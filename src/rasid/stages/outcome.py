"""The one record that says what became of an article."""

from rasid import metrics
from rasid.messages import EnrichedArticle, Outcome, status_of
from rasid.stages.base import Clock, Out, passed
from rasid.topics import INDEXED


def outcome(enriched: EnrichedArticle, clock: Clock, worker: str, dead: str = "") -> Out:
    """The outcome of an article; `dead` is the index's reason for refusing it."""
    article, verdict = enriched.article, enriched.verdict
    status = "dead" if dead else status_of(enriched)
    reason = dead or article.rejected
    trail = (*enriched.trail, passed("index", clock, worker, "dead" if dead else "ok", reason))
    metrics.STAGE_AGE.labels("index").set(max(0.0, clock() - article.version / 1000))
    return Out(
        INDEXED,
        article.article_id,
        Outcome(
            article_id=article.article_id,
            version=article.version,
            url=article.url,
            outlet=article.outlet,
            status=status,
            reason=reason,
            verdict=verdict.kind if verdict else "",
            cluster=verdict.cluster if verdict else "",
            trail=trail,
        ),
    )
