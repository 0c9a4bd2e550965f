"""The one record that says what became of an article."""

from rasid import metrics
from rasid.messages import EnrichedArticle, Outcome
from rasid.stages.base import Clock, Out, passed
from rasid.topics import INDEXED

COPIES = frozenset({"copy", "contained"})
"""Verdicts under which an article stands as a copy of another one; what adds something is counted as indexed."""


def status_of(enriched: EnrichedArticle) -> str:
    """`rejected`, `copy` or `indexed`: the three ways in which an article may end."""
    if enriched.article.rejected:
        return "rejected"
    if enriched.verdict is not None and enriched.verdict.kind in COPIES:
        return "copy"
    return "indexed"


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
