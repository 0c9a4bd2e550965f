"""What all claims of a place together say: the holder, the standing, the evidence.

`assess` is a pure function of the set of claims: whatever order they arrived in, the answer is the same. It takes away
what was replaced, withdrawn or merely copied, folds the rest into episodes (ledger_episodes) and looks at the newest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from processors import ledger_rules as rules
from processors.ledger_episodes import Episode, Strength, fold
from processors.ledger_rules import DAY_MS
from rasid.messages import Claim


@dataclass(frozen=True)
class Assessment:
    """What all claims of a place together say.

    Attributes:
        holder: who holds it; None where only a loss is told, or nothing.
        standing: "" where nothing was asserted as news; else as in `Change.standing`.
        since: ms UTC, midnight of the day the holder took it as told first; 0 if unknown.
        before: who held it before, None if unknown.
        rule: name of the rule that decided the standing.
        evidence: claims that the standing rests on and that speak against it, in ledger order, without copies.
        pillars: ids of the claims from which the same assessment follows.
        opener: id of the claim that opened the holder's episode.
        unseen: the holder retook it after a loss that no claim told.
    """

    holder: str | None = None
    standing: str = ""
    since: int = 0
    before: str | None = None
    manner: str = ""
    rule: str = ""
    evidence: tuple[Claim, ...] = ()
    pillars: frozenset[str] = frozenset()
    opener: str = ""
    unseen: bool = False
    independent_sources: int = 0
    copies: int = 0


def assess(claims: Sequence[Claim]) -> Assessment:
    """Who holds the place, with what standing, from the claims alone."""
    replaced = rules.update_replaces(claims)
    corrections = {new.article_id for new in replaced.values() if new.relation == "correction"}
    corrected = {old for old, new in replaced.items() if new.relation == "correction"}
    taken_back = rules.withdrawal_takes_back(claims) | corrected
    live = [claim for claim in claims if claim.claim_id not in taken_back and claim.claim_id not in replaced]
    now = _newest(fold(rules.copies_add_nothing(live, claims)), claims)
    if not taken_back:
        return now
    # What would be told had nobody taken anything back: where that differs, the correction decides.
    uncorrected = [
        claim
        for claim in claims
        if claim.claim_id in taken_back or (claim.claim_id not in replaced and claim.article_id not in corrections)
    ]
    wrong = _newest(fold(rules.copies_add_nothing(uncorrected, claims)), claims)
    if wrong.standing and (not now.standing or wrong.holder != now.holder):
        return _corrected(now, wrong, claims, taken_back, corrections)
    return now


def _corrected(
    now: Assessment, wrong: Assessment, claims: Sequence[Claim], taken_back: set[str], corrections: set[str]
) -> Assessment:
    notices = [
        claim
        for claim in sorted(claims, key=rules.order)
        if claim.claim_id in taken_back or claim.stance == "withdraw" or claim.article_id in corrections
    ]
    return Assessment(
        holder=now.holder,
        standing="corrected",
        since=now.since,
        before=wrong.holder,
        manner=now.manner,
        rule="withdrawal_takes_back",
        evidence=tuple(notices[-8:]),
        pillars=now.pillars | wrong.pillars | {claim.claim_id for claim in notices[-8:]},
        opener=now.opener,
        independent_sources=now.independent_sources,
        copies=now.copies,
    )


def _newest(folded: tuple[list[Episode], Claim | None], claims: Sequence[Claim]) -> Assessment:
    """The assessment of the last episode that was not reversed."""
    episodes, background = folded
    if not episodes:
        return Assessment(
            holder=background.to if background else None,
            pillars=frozenset({background.claim_id}) if background else frozenset(),
        )
    newest = episodes[-1]
    standing, pro, contra = newest.standing()
    holder, since, before, opener = newest.holder, newest.opener.happened, newest.loser, newest.opener
    pillars = _pillars(episodes, background)
    if standing == "reversed":
        earlier = [episode for episode in episodes[:-1] if episode.standing()[0] != "reversed"]
        holder = earlier[-1].holder if earlier else newest.loser
        since = earlier[-1].opener.happened if earlier else 0
        before = newest.holder
    proof = {claim.claim_id: claim for claim in (opener, *pro.proof, *contra.proof)}
    rule = {"reversed": "outweighed_claim_reversed", "disputed": contra.rule}.get(standing, pro.rule)
    return Assessment(
        holder=holder,
        standing=standing,
        since=since - since % DAY_MS,
        before=before,
        manner=opener.manner,
        rule="retaken_unseen" if newest.unseen else rule,
        evidence=_evidence(newest, proof),
        pillars=pillars,
        opener=opener.claim_id,
        unseen=newest.unseen,
        independent_sources=_independent_sources(newest, pro),
        copies=_copies(newest, claims),
    )


def _evidence(episode: Episode, proof: dict[str, Claim]) -> tuple[Claim, ...]:
    """The proof, filled up to eight with the oldest of the other witnesses."""
    rows = dict(proof)
    for claim in (*episode.support, *episode.against):
        if len(rows) < 8:
            rows.setdefault(claim.claim_id, claim)
    return tuple(sorted(rows.values(), key=rules.order))


def _pillars(episodes: Sequence[Episode], background: Claim | None) -> frozenset[str]:
    """What must be kept so that the newest episodes stay as they are when older claims leave the window."""
    ids = {background.claim_id} if background and len(episodes) == 1 else set()
    for episode in episodes[-4:]:
        _, pro, contra = episode.standing()
        ids |= {claim.claim_id for claim in (episode.opener, *pro.proof, *contra.proof)}
    return frozenset(ids)


def _independent_sources(episode: Episode, pro: Strength) -> int:
    """Size of a set of supporting claims that are independent of each other, built from the proof onwards."""
    chosen: list[Claim] = []
    for claim in (*pro.proof, *episode.support):
        if all(rules.independent(claim, other) for other in chosen):
            chosen.append(claim)
    return len(chosen)


def _copies(episode: Episode, claims: Sequence[Claim]) -> int:
    """Claims of other articles that stand in the copy clusters of the episode's witnesses."""
    witnesses = {claim.article_id for claim in (*episode.support, *episode.against)}
    clusters = {rules.cluster_of(claim) for claim in (*episode.support, *episode.against)}
    articles = {claim.article_id for claim in claims if rules.cluster_of(claim) in clusters}
    return len(articles - witnesses)
