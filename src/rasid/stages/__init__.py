"""The stages as transport-free objects: the Faust agents (rasid.kafka) and the in-process driver run the same ones.

text.py     articles.raw      → articles.text (or articles.enriched, where an article is rejected)
dedupe.py   articles.text     → articles.sketches (state), articles.checked
extract.py  articles.checked  → articles.enriched, claims
ledger.py   claims            → places.state (state), changes
notify.py   changes           → notifications (state), people
index.py    articles.enriched, changes, places.state, notifications → Elasticsearch, articles.indexed
"""

from rasid.stages.base import Clock, Dead, Emit, Item, Out, Stage

__all__ = ["Clock", "Dead", "Emit", "Item", "Out", "Stage"]
