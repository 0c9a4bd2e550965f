"""Layer 5 for casualties: what «بينهم» tells: children and women of a count, and parts that are entries of their own."""

from dataclasses import replace

from processors.counts import AMONG, Count
from processors.marks import Marks
from processors.words import person

_OPENERS = AMONG | {"احدهما", "احدهم", "احداهما", "احداهن"}


def with_parts(marks: Marks, counts: list[Count], first: int, last: int) -> list[Count]:
    """Children and women of each count, and parts that are entries of their own."""
    out: list[Count] = []
    for index, count in enumerate(counts):
        opener = _opener(marks, count, first)
        owner = (
            next((k for k in range(len(out) - 1, -1, -1) if not out[k].part and out[k].first < opener), -1)
            if opener >= 0
            else -1
        )
        if opener < 0 or owner < 0:
            out.append(count)
            continue
        del index
        if count.who and count.who.kind in ("child", "woman"):
            continue
        if count.who and count.who.kind in ("dead", "wounded") and not count.roles & out[owner].roles:
            out.append(count)
            continue
        if (
            count.who
            and count.who.kind in ("combatant", "person", "dead", "wounded", "civilian")
            and count.low
            and count.low > 1
        ):
            out.append(replace(count, part=True, roles=_part_roles(count, out[owner])))
    return [_children(marks, count, last) for count in out]


def _part_roles(count: Count, owner: Count) -> frozenset[str]:
    return count.roles if count.who and count.who.kind in ("dead", "wounded") else owner.roles


def _opener(marks: Marks, count: Count, first: int) -> int:
    """Token of the «بينهم» that a count stands behind, -1 for none."""
    for at in range(count.first - 1, max(first, count.first - 12) - 1, -1):
        if marks.plain(at) in AMONG:
            return at
        told = any(form.cls in ("kill", "wound", "execute") for form in marks.forms[at])
        if told or marks.word(at) in (".", "؛") or marks.is_finite(at):
            return -1
    return -1


def _children(marks: Marks, count: Count, last: int) -> Count:
    """Children and women that «بينهم» names behind a count, or that the count itself is of."""
    children = women = None
    if count.who and count.who.kind in ("child", "woman") and count.low is not None and count.high is not None:
        children, women = (count.low, None) if count.who.kind == "child" else (None, count.low)
    opener = next((at for at in range(count.last, min(count.last + 14, last)) if marks.plain(at) in _OPENERS), -1)
    if opener < 0 or any(marks.is_finite(at) and marks.plain(at) not in AMONG for at in range(count.last, opener)):
        return replace(count, children=children, women=women)
    for at in range(opener + 1, min(opener + 12, last)):
        if (
            marks.is_finite(at)
            or marks.word(at) in (".", "؛")
            or any(f.cls in ("kill", "wound", "execute") for f in marks.forms[at])
        ):
            break
        who = person(marks.word(at))
        if not who or who.kind not in ("child", "woman"):
            continue
        number = marks.number_at.get(at) or marks.number_at.get(at - 1)
        amount = (
            number.low
            if number and number.last in (at, at + 1) and number.what == "people"
            else who.number
            if who.number < 3
            else None
        )
        if who.kind == "child" and children is None:
            children = amount
        elif who.kind == "woman" and women is None:
            women = amount
    return replace(count, children=children, women=women)


# --- entries
