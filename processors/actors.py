"""Layer 3: actors named in an article (stub)."""

from processors.reading import ActorHit, Reading


def find_actors(reading: Reading) -> tuple[ActorHit, ...]:
    """The actors that the article names, in order of the text."""
    return ()
