"""Near-identical articles: which is a copy, an update, a correction of which (docs/dedupe.md).

folding.py      text → folded letters (array), folded words (string)
sketch.py       letters → about 180 sampled hashes of 12-letter windows
boilerplate.py  which of these hashes say nothing: seen before the window, or on many pages of one outlet
index.py        hashes → candidates
figures.py      text → tolls and other numbers with their context; which of them are news
verdicts.py     two containments → kind of relation
deduper.py      all of it in one class with the 72 hours of memory
"""
