"""Rules of the ledger: what a claim weighs, which sources are independent, what takes back what.

Each public function is one rule; docs/ledger.md has a line for each, tests/cases/ledger.toml its scenarios.
All are pure and see claims of one place only. Weights:

    1  a party's word for its own gain (claimed)
    2  a neutral source, or a statement against the speaker's interest (reported)
    3  two sources that are independent of each other (confirmed)
"""

from collections.abc import Iterable, Sequence

from processors.sides import same_camp
from rasid.messages import COPIES, Claim

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
CLAIMED, REPORTED, CONFIRMED = 1, 2, 3
REPLACES = frozenset({"revision", "update", "correction"})
"""Verdicts by which an outlet's article takes the place of its own earlier one."""


def order(claim: Claim) -> tuple[int, int, str, int, str]:
    """Ledger order: day of the event, publication, then the order within the article.

    Days, because that is what reports tell («أمس», «الخميس»); an hour would be invented.
    """
    return (claim.happened // DAY_MS, claim.published, claim.article_id, claim.ordinal, claim.claim_id)


def cluster_of(claim: Claim) -> str:
    """The copy cluster; an article without one is alone."""
    return claim.cluster or claim.article_id


def names_neutral_source(claim: Claim) -> bool:
    """A source is named that is no party, and the reader took it as neutral."""
    return bool(claim.source) and claim.source_side is None and claim.status == "reported"


def against_own_interest(claim: Claim, loser: str | None) -> bool:
    """The loser's side, or an outlet that favours it, tells the loss. Believed although a party speaks."""
    if loser is None or loser == claim.to:
        return False
    if claim.source_side is not None:
        return same_camp(claim.source_side, loser)
    return _favours(claim, loser) and not _favours(claim, claim.to)


def _favours(claim: Claim, side: str | None) -> bool:
    return any(same_camp(favoured, side) for favoured in claim.favours)


def party_for_own_gain(claim: Claim) -> bool:
    """A party's word for its own gain: its spokesman, an outlet that favours it and names no neutral source, or hearsay.

    Allies speak for each other. Of a bare loss (`to` untold) every outlet that favours somebody else is taken to speak for the winner.
    """
    if claim.status != "reported" or same_camp(claim.source_side, claim.to):
        return True
    if names_neutral_source(claim) or not claim.favours or claim.source_side is not None:
        return False
    return claim.to is None or _favours(claim, claim.to)


def weight(claim: Claim, before: str | None) -> int:
    """CLAIMED or REPORTED; `before` is who held the place, where the claim itself does not tell who lost it."""
    loser = claim.from_ or before
    if against_own_interest(claim, loser):
        return REPORTED
    return CLAIMED if party_for_own_gain(claim) else REPORTED


def denial_weight(claim: Claim) -> int:
    """A party's denial of its loss is CLAIMED; one by a neutral source REPORTED; one inside a disputed report CLAIMED."""
    if claim.stance == "assert" or claim.source_side is not None:
        return CLAIMED
    return CLAIMED if claim.favours and not claim.source else REPORTED


def independent(one: Claim, other: Claim) -> bool:
    """No copy cluster, no outlet, no favoured or speaking side (or ally of it) and no named source in common."""
    if cluster_of(one) == cluster_of(other) or one.outlet == other.outlet:
        return False
    if _overlap(one.favours, other.favours) or _overlap(_voices(one), _voices(other)):
        return False
    return not _same_source(one.source, other.source)


def _overlap(ones: Iterable[str], others: Iterable[str]) -> bool:
    others = tuple(others)
    return any(same_camp(one, other) for one in ones for other in others)


def _voices(claim: Claim) -> frozenset[str]:
    """Who speaks: the speaker's side, else nobody where a neutral source is named, else the sides of the outlet."""
    if claim.source_side is not None:
        return frozenset({claim.source_side})
    return frozenset() if claim.source else frozenset(claim.favours)


def _same_source(one: str, other: str) -> bool:
    """«المرصد» and «المرصد السوري لحقوق الإنسان» are one source."""
    one, other = " ".join(one.split()), " ".join(other.split())
    return bool(one and other) and (one in other or other in one)


def names_outcome(claim: Claim, holder: str | None) -> bool:
    """It names the holder; where nobody is known to hold the place, the side that lost it. Less confirms nothing."""
    return claim.to == holder and (holder is not None or claim.from_ is not None)


def two_independent_sources(claims: Sequence[Claim], holder: str | None, before: str | None) -> tuple[Claim, ...]:
    """The first two independent claims that name `holder`, one of them REPORTED at least; () if there are none."""
    named = [claim for claim in claims if names_outcome(claim, holder)]
    for number, one in enumerate(named):
        for other in named[number + 1 :]:
            if max(weight(one, before), weight(other, before)) >= REPORTED and independent(one, other):
                return (one, other)
    return ()


def unchallenged_for_a_day(
    claims: Sequence[Claim], holder: str | None, challenged: bool, before: str | None
) -> tuple[Claim, ...]:
    """The first claim and a further REPORTED one of another text, published 24 h or more later; () if challenged."""
    named = [claim for claim in claims if names_outcome(claim, holder)]
    if challenged or not named:
        return ()
    first = min(named, key=lambda claim: (claim.published, claim.claim_id))
    for claim in named:
        later = claim.published - first.published >= DAY_MS
        if later and cluster_of(claim) != cluster_of(first) and weight(claim, before) >= REPORTED:
            return (first, claim)
    return ()


def update_replaces(claims: Iterable[Claim]) -> dict[str, Claim]:
    """Ids of claims that a later article of the same outlet replaces, with a claim of that article.

    A newer version of the same article replaces the older one; a revision, update or correction replaces what the
    outlet's earlier articles of the cluster said. What it only repeats stays as it was.
    """
    rows = sorted((claim for claim in claims if claim.stance != "withdraw"), key=order)
    said: dict[tuple[str, int], set[tuple[object, ...]]] = {}
    for claim in rows:
        said.setdefault((claim.article_id, claim.version), set()).add(_statement(claim))
    replaced: dict[str, Claim] = {}
    for new in rows:
        for old in rows:
            if not _replaces(new, old) or _statement(old) in said[new.article_id, new.version]:
                continue
            if old.claim_id not in replaced or new.relation == "correction":
                replaced[old.claim_id] = new
    return replaced


def _statement(claim: Claim) -> tuple[object, ...]:
    return (claim.stance, claim.to, claim.status, claim.when, claim.source_side, claim.happened // DAY_MS)


def _replaces(new: Claim, old: Claim) -> bool:
    if new.article_id == old.article_id:
        return new.version > old.version
    if new.relation not in REPLACES or new.outlet != old.outlet:
        return False
    same_item = old.article_id == new.of or cluster_of(old) == cluster_of(new)
    return same_item and (old.published, old.version, old.article_id) < (new.published, new.version, new.article_id)


def withdrawal_takes_back(claims: Sequence[Claim]) -> set[str]:
    """Ids of assertions that withdrawals take back.

    A withdrawal addresses its outlet's earlier claims of the article it is linked to and of its cluster. One that is
    linked to nothing known addresses the outlet's newest earlier claim and those of the same holder in the 72 h
    before it. Nobody takes back for another outlet, but where the first article of a cluster falls (or any, if only
    copies were seen), its copies fall with it: they were one source.
    """
    asserted = [claim for claim in claims if claim.stance == "assert"]
    fallen: set[str] = set()
    for notice in claims:
        if notice.stance != "withdraw":
            continue
        direct = _addressed(notice, [claim for claim in asserted if claim.published <= notice.published])
        seen = {claim.cluster for claim in asserted if claim.relation not in COPIES}
        origins = {one.cluster for one in direct if one.article_id == one.cluster or one.cluster not in seen}
        fallen |= {claim.claim_id for claim in direct}
        fallen |= {claim.claim_id for claim in asserted if claim.cluster in origins and _falls_with(claim, notice)}
    return fallen


def _addressed(notice: Claim, earlier: Sequence[Claim]) -> list[Claim]:
    own = [claim for claim in earlier if claim.outlet == notice.outlet]
    linked = [
        claim
        for claim in own
        if claim.article_id in {notice.of, notice.article_id} or cluster_of(claim) == cluster_of(notice)
    ]
    if linked or notice.manner == "corrected":
        return linked
    if not own:
        return []
    newest = max(own, key=lambda claim: (claim.published, claim.ordinal, claim.claim_id))
    return [one for one in own if one.to == newest.to and newest.published - one.published <= 3 * DAY_MS]


def _falls_with(claim: Claim, notice: Claim) -> bool:
    return claim.relation in COPIES or claim.published <= notice.published


def copies_add_nothing(claims: Iterable[Claim], known: Iterable[Claim]) -> tuple[Claim, ...]:
    """One witness for each statement of a copy cluster among `claims`, in ledger order.

    The witness is the earliest claim that is no copy. A copy stands in only where no original of its cluster is
    `known` (not seen, or not read): better one witness late than a change missed.
    """
    rows = sorted(claims, key=order)
    originals = {cluster_of(one) for one in known if one.relation not in COPIES and one.stance != "withdraw"}
    witnesses: dict[tuple[str, str, str | None, int], Claim] = {}
    for claim in rows:
        cluster = cluster_of(claim)
        if claim.relation in COPIES and cluster in originals:
            continue
        key = (cluster, claim.stance, claim.to if claim.stance == "assert" else claim.source_side, claim.ordinal)
        kept = witnesses.get(key)
        if kept is None or (claim.published, claim.claim_id) < (kept.published, kept.claim_id):
            witnesses[key] = claim
    return tuple(sorted(witnesses.values(), key=order))
