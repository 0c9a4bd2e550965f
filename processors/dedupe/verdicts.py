"""From two containments to a kind of relation (thresholds: docs/dedupe.md)."""

COPY = 0.49
"""Larger containment, as estimated from a sketch, that stands for one half: precision and recall meet here, because the best of
several candidates is chosen and templates are sorted out afterwards."""
BOTH = 0.30
"""Smaller containment from which they are the same piece, and not a brief and a round-up."""
PASSAGE_HITS = 6
"""Shared sketch values that make a passage; 50 letters give about six at one in eight."""
STAR = 0.25
"""Larger containment with the first member that a member of its cluster needs; unrelated texts share nearly nothing."""

ALIKE = frozenset({"copy", "contains", "contained"})


def relation(new_in_old: float, old_in_new: float, hits: int) -> str:
    """Kind of relation of a new text to an old one: `copy`, `contains`, `contained`, `passage` or `new`.

    Args:
        new_in_old: share of the new text's windows that stand in the old one.
        old_in_new: share of the old text's windows that stand in the new one.
        hits: shared sketch values, as if one window in eight were kept.
    """
    larger, smaller = max(new_in_old, old_in_new), min(new_in_old, old_in_new)
    if larger >= COPY:
        if smaller >= BOTH:
            return "copy"
        return "contained" if new_in_old > old_in_new else "contains"
    return "passage" if hits >= PASSAGE_HITS else "new"
