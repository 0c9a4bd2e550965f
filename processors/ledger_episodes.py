"""Episodes of control: the witnesses of one place, in ledger order, folded into who held it when.

claim ──▶ same holder or its ally, or a loss that fits? → supports the episode
      ──▶ slow story of an earlier taking?      → supports that one, overturns nothing
      ──▶ other holder, same day, no sequel?    → contests it (or takes over where it outweighs)
      ──▶ else                                  → a new episode
denial ─▶ by somebody else than the holder, within 72 h → speaks against the episode
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from processors import ledger_rules as rules
from processors.ledger_rules import CLAIMED, CONFIRMED, DAY_MS, HOUR_MS, REPORTED
from processors.sides import same_camp
from rasid.messages import Claim

DENIAL_MS = 3 * DAY_MS
"""How long after the first report of a taking a denial is taken to speak of it."""
RUMOUR_MS = DAY_MS
"""How long before it a denial is taken to deny what is only now claimed."""
SLOW_MS = 12 * HOUR_MS
"""How long after the first report a story of the same day is taken to tell the same taking."""
UNSEEN_MS = 10 * DAY_MS
"""Silence after which a retaking from somebody else shows that the loss was missed."""
STANDINGS = {CLAIMED: "claimed", REPORTED: "reported", CONFIRMED: "confirmed"}


@dataclass(frozen=True)
class Strength:
    """What one side of a question weighs (0 to 3), the rule that says so, and the claims that prove it."""

    level: int = 0
    rule: str = ""
    proof: tuple[Claim, ...] = ()


@dataclass
class Episode:
    """A time in which one side holds the place. Changed only inside `fold`.

    Attributes:
        holder: None where only the loss was told.
        before: the last side known to hold the place before.
        support, against: witnesses, in ledger order.
    """

    holder: str | None
    before: str | None
    opener: Claim
    unseen: bool = False
    support: list[Claim] = field(default_factory=list)
    against: list[Claim] = field(default_factory=list)

    @property
    def loser(self) -> str | None:
        """Who lost it, as the opening claim tells, else who held it before."""
        return self.opener.from_ or self.before

    def pro(self) -> Strength:
        """What speaks for it."""
        pair = rules.two_independent_sources(self.support, self.holder, self.before)
        if pair:
            return Strength(CONFIRMED, "two_independent_sources", pair)
        day = rules.unchallenged_for_a_day(self.support, self.holder, bool(self.against), self.before)
        if day:
            return Strength(CONFIRMED, "unchallenged_for_a_day", day)
        for claim in self.support:
            if rules.weight(claim, self.before) >= REPORTED:
                own = rules.against_own_interest(claim, claim.from_ or self.before)
                return Strength(REPORTED, "against_own_interest" if own else "neutral_source", (claim,))
        return Strength(CLAIMED, "party_for_own_gain", tuple(self.support[:1]))

    def contra(self) -> Strength:
        """What speaks against it: denials, and claims of the same period for somebody else."""
        best = Strength()
        for number, one in enumerate(self.against):
            level = self._contra_weight(one)
            if level > best.level:
                best = Strength(level, "contrary_statement", (one,))
            for other in self.against[number + 1 :]:
                strong = max(level, self._contra_weight(other)) >= REPORTED
                if strong and one.to == other.to and rules.independent(one, other):
                    return Strength(CONFIRMED, "contrary_statement", (one, other))
        return best

    def _contra_weight(self, claim: Claim) -> int:
        if claim.stance == "deny" or claim.to == self.holder:
            return rules.denial_weight(claim)
        return rules.weight(claim, self.before)

    def standing(self) -> tuple[str, Strength, Strength]:
        """Standing of the episode, with what speaks for and against it."""
        pro, contra = self.pro(), self.contra()
        if pro.level == CLAIMED and contra.level == CONFIRMED:
            return "reversed", pro, contra
        if contra.level >= pro.level:
            return "disputed", pro, contra
        return STANDINGS[pro.level], pro, contra


def fold(witnesses: Sequence[Claim]) -> tuple[list[Episode], Claim | None]:
    """Episodes, oldest first, and the background claim that tells who held the place before the first of them."""
    episodes: list[Episode] = []
    background: Claim | None = None
    denials: list[Claim] = []
    for claim in witnesses:
        if claim.stance == "deny":
            denials.append(claim)
            if episodes and denial_speaks_against(claim, episodes[-1]):
                episodes[-1].against.append(claim)
        elif claim.stance == "assert" and claim.when == "background":
            background = background if episodes else claim
        elif claim.stance == "assert":
            _place(claim, episodes, background, denials)
    return episodes, background


def _place(claim: Claim, episodes: list[Episode], background: Claim | None, denials: Sequence[Claim]) -> None:
    """Puts an assertion where it belongs."""
    held = background.to if background else None
    if not episodes:
        episodes.append(_open(claim, held, denials))
    elif (known := _told_by(claim, episodes)) is not None:
        known.support.append(claim)
        if claim.status == "disputed":
            known.against.append(claim)
    elif contests(claim, episodes[-1]):
        episodes[-1].against.append(claim)
        _outweighed(claim, episodes, denials)
    else:
        episode = _open(claim, _last_holder(episodes, held, claim), denials)
        episode.unseen = retaken_unseen(claim, episodes[-1])
        episodes.append(episode)


def _open(claim: Claim, before: str | None, denials: Sequence[Claim]) -> Episode:
    episode = Episode(claim.to, before, claim, support=[claim])
    if claim.status == "disputed":
        episode.against.append(claim)
    episode.against += [denial for denial in denials if denial_speaks_against(denial, episode)]
    return episode


def _last_holder(episodes: Sequence[Episode], background: str | None, claim: Claim) -> str | None:
    """The newest side known to hold the place that is not the one which takes it now."""
    held = [episode.holder for episode in episodes if episode.holder is not None]
    before = held[-1] if held else background
    return claim.from_ if before == claim.to else before


def _told_by(claim: Claim, episodes: Sequence[Episode]) -> Episode | None:
    """The episode that an assertion tells, if it is a known one."""
    current = episodes[-1]
    if taken_after_denial(claim, current) or retaken_unseen(claim, current):
        return None
    if claim.to == current.holder or joint_taking(claim, current) or loss_fits(claim, current):
        return current
    return next((episode for episode in reversed(episodes[:-1]) if slow_story(claim, episode, current)), None)


def denial_speaks_against(denial: Claim, episode: Episode) -> bool:
    """A denial speaks against a taking first reported at most 72 h before it or 24 h after it.

    Not where the holder's side makes it, or an outlet that favours the holder: that denies a loss.
    """
    lag = denial.published - episode.opener.published
    if not -RUMOUR_MS <= lag <= DENIAL_MS:
        return False
    if denial.source_side is not None:
        return not same_camp(denial.source_side, episode.holder)
    return not any(same_camp(side, episode.holder) for side in denial.favours)


def joint_taking(claim: Claim, episode: Episode) -> bool:
    """The taking is told of an ally of the holder: they took it together, and it stays with the one named first.

    Not where it is taken or received from the holder, nor after ten quiet days.
    """
    if claim.to == episode.holder or not same_camp(claim.to, episode.holder):
        return False
    newest = max(one.happened for one in episode.support)
    sequel = claim.from_ == episode.holder or claim.manner == "handed_over"
    return not sequel and claim.happened - newest <= UNSEEN_MS


def taken_after_denial(claim: Claim, episode: Episode) -> bool:
    """The same holder, but on a later day than the denials of its first taking: a new taking, which they do not touch."""
    if claim.to != episode.holder or not episode.against:
        return False
    return claim.happened // DAY_MS > max(one.happened for one in episode.against) // DAY_MS


def retaken_unseen(claim: Claim, episode: Episode) -> bool:
    """The holder takes from somebody else what it is thought to hold, after ten quiet days: the loss was missed."""
    if claim.to is None or claim.to != episode.holder or claim.from_ in (None, claim.to):
        return False
    newest = max(one.happened for one in episode.support)
    return claim.happened - newest > UNSEEN_MS


def loss_fits(claim: Claim, episode: Episode) -> bool:
    """A bare loss («انسحبت», «سقطت») that the holder's taking explains: it is told of the loser, within 72 h.

    Where neither side is named and no fall is told, within ten days.
    """
    if claim.to is not None or episode.holder is None or same_camp(claim.from_, episode.holder):
        return False
    if claim.from_ is not None and episode.loser is not None and not same_camp(claim.from_, episode.loser):
        return False
    # «تمت استعادتها», with neither side named, tells nothing new of a place whose taking is known.
    nameless = claim.from_ is None and claim.manner != "lost"
    return claim.happened - episode.opener.happened <= (UNSEEN_MS if nameless else DENIAL_MS)


def slow_story(claim: Claim, episode: Episode, current: Episode) -> bool:
    """An earlier taking told again after the place has gone to somebody else.

    It has the holder of the earlier episode and either its copy cluster, or the same day and manner within 12 h of
    its first report. A taking from the present holder, told as a retaking, is new.
    """
    if claim.to != episode.holder and not same_camp(claim.to, episode.holder):
        return False
    if any(rules.cluster_of(claim) == rules.cluster_of(one) for one in episode.support):
        return claim.ordinal <= episode.opener.ordinal
    if claim.manner == "recaptured" and episode.opener.manner != "recaptured":
        return False
    same_day = claim.happened // DAY_MS == episode.opener.happened // DAY_MS
    return same_day and claim.published - episode.opener.published <= SLOW_MS


def contests(claim: Claim, episode: Episode) -> bool:
    """Another holder for the same day, of equal weight or more, and no sequel.

    A sequel is a retaking, a taking from the present holder, a handing over or a leaving.
    """
    if claim.happened // DAY_MS != episode.opener.happened // DAY_MS or claim.article_id == episode.opener.article_id:
        return False
    sequel = claim.to is None or episode.holder is None or claim.manner in {"recaptured", "handed_over", "withdrew"}
    if sequel or same_camp(claim.from_, episode.holder):
        return False
    return rules.weight(claim, episode.before) >= episode.pro().level


def _outweighed(claim: Claim, episodes: list[Episode], denials: Sequence[Claim]) -> None:
    """Where the claims for the rival weigh more than those for the holder, the rival holds the place."""
    current = episodes[-1]
    rivals = [one for one in current.against if one.stance == "assert" and one.to == claim.to]
    rival = _open(rivals[0], current.before, denials)
    rival.support = rivals
    if rival.pro().level > current.pro().level:
        rival.against += current.support
        episodes[-1] = rival
