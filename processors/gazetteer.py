"""The gazetteer: named places and how to look them up (stub; the lookup follows)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Places by folded name."""
