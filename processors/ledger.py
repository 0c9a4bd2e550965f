"""The ledger: who holds each place, since when, with what standing, and which claims say so.

`apply` adds one claim to the state of its place and gives the transitions that people may have to be told. The
state itself follows from the set of claims alone (ledger_assess.assess), so that any order of arrival ends alike.
"""

import hashlib

from processors.ledger_assess import Assessment, assess
from processors.ledger_rules import DAY_MS, order
from rasid.messages import Change, Claim, PlaceRef, PlaceState

WINDOW_MS = 30 * DAY_MS
"""How long claims are kept, by publication, counted back from the newest."""
MAX_CLAIMS = 200
MAX_CHANGES = 16
RANK = {"claimed": 1, "reported": 2, "confirmed": 3}


def apply(state: PlaceState | None, claim: Claim) -> tuple[PlaceState, tuple[Change, ...]]:
    """Adds a claim to the state of its place.

    Args:
        state: of `claim.place`, None where nothing is known yet.
        claim: any; older, repeated and contradicting ones are what the rules are for.

    Returns:
        The new state, and the changes that this claim causes (none or one). A claim that the state holds already
        leaves it as it is and gives the changes that it caused the first time, with the same ids: after a crash
        between writing the state and sending the change, nothing is lost and nothing told twice.
    """
    state = state or PlaceState(place=claim.place)
    known = next((one for one in state.claims if one.claim_id == claim.claim_id), None)
    caused = tuple(change for change in state.recent if change.cause == claim.claim_id)
    if (known.version >= claim.version) if known else bool(caused):
        return state, caused
    if claim.published < state.updated - WINDOW_MS:
        return state, ()
    others = tuple(one for one in state.claims if one.claim_id != claim.claim_id)
    claims, now = _kept((*others, claim))
    change = _transition(state, now, claim)
    recent = (*state.recent, change)[-MAX_CHANGES:] if change else state.recent
    new = PlaceState(
        place=_better_place(state, claim),
        holder=now.holder,
        standing=now.standing,
        since=now.since,
        updated=max(state.updated, claim.published),
        claims=claims,
        last_change=recent[-1] if recent else None,
        emitted=tuple(one.change_id for one in recent),
        recent=recent,
    )
    return new, (change,) if change else ()


def _kept(claims: tuple[Claim, ...]) -> tuple[tuple[Claim, ...], Assessment]:
    """The claims within the window, with those that the assessment rests on whatever their age; in ledger order."""
    now = assess(claims)
    newest = max(claim.published for claim in claims)
    by_age = sorted(claims, key=lambda claim: (claim.published, claim.claim_id), reverse=True)
    young = {claim.claim_id for claim in by_age[:MAX_CLAIMS] if newest - claim.published <= WINDOW_MS}
    kept = [claim for claim in claims if claim.claim_id in young or claim.claim_id in now.pillars]
    return tuple(sorted(kept, key=order)), now


def _better_place(state: PlaceState, claim: Claim) -> PlaceRef:
    """The surer of the two links; both have the same id."""
    return claim.place if claim.place.score > state.place.score else state.place


def _transition(state: PlaceState, now: Assessment, claim: Claim) -> Change | None:
    """The change from what was told last to what holds now, if it is one to tell."""
    told = state.last_change
    told_holder = told.holder if told else state.holder
    told_standing = told.standing if told else ""
    if not worth_telling(told_holder, told_standing, now, claim):
        return None
    follow_up = bool(told_standing) and told_holder == now.holder and not _new_taking(now, claim)
    return Change(
        change_id=_change_id(now, claim),
        place=claim.place,
        holder=now.holder,
        standing=now.standing,
        previous_holder=now.before if follow_up or told_holder in (None, now.holder) else told_holder,
        previous_standing=told_standing,
        follow_up=follow_up,
        manner=now.manner,
        since=now.since,
        at=claim.published,
        rule=now.rule,
        cause=claim.claim_id,
        claims=now.evidence,
        independent_sources=now.independent_sources,
        copies=now.copies,
    )


def worth_telling(holder: str | None, standing: str, now: Assessment, claim: Claim) -> bool:
    """Whether the assessment differs from what was told last (`holder`, `standing`) in a way that people must know.

    Nothing was asserted: no. A correction or reversal of what was never told: no. The same holder with a lower
    standing: only where a withdrawal or correction lowered it, not where late old news did. All else: yes.
    """
    same = holder == now.holder
    if not now.standing:
        return False
    if now.standing in {"corrected", "reversed"} and (not standing or same):
        return False
    if not same or _new_taking(now, claim):
        return True
    if standing in RANK and now.standing in RANK and RANK[now.standing] < RANK[standing]:
        return claim.stance == "withdraw" or claim.relation == "correction"
    return now.standing != standing


def _new_taking(now: Assessment, claim: Claim) -> bool:
    """The claim opened an episode of the side that was thought to hold the place all the time."""
    return now.unseen and now.opener == claim.claim_id


def _change_id(now: Assessment, claim: Claim) -> str:
    key = "\x1f".join((claim.place.place_id, now.holder or "", now.standing, str(now.since), claim.claim_id))
    return hashlib.blake2b(key.encode(), digest_size=12).hexdigest()
