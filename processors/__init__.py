"""Pure functions from an article's text to what people are told. No transport, no clock of their own (import rules in pyproject.toml).

Where to look, in the order in which an article is read (docs/extraction.md and docs/reading.md explain the layers):

    reader.py, reading.py, rows.py  the whole: the layers put together, what they hand over, the form that is written
    dedupe/                         copies, updates, corrections

    what stands on the page: letters, words, sentences.
        folding.py repair.py sentences.py

    word lists, the forms of verbs, numbers: what a word is by itself.
        lexicon.py lexicon_lint.py words.py morphology.py numbers.py

    named places: the gazetteer, finding names in a text, deciding which place is meant.
        gazetteer.py gazetteer_load.py places.py place_walk.py place_names.py place_heads.py place_evidence.py
        place_links.py

    who fights, who is hit, who speaks, and on which side.
        actors.py own_forces.py sides.py theatre.py

    grammar of a clause: predicates with their roles, whether they are asserted, who says so, when it was.
        marks.py frames.py objects.py roles.py modality.py clause_modality.py sources.py times.py phrases.py
        register.py where.py background.py

    changes of control, and what only looks like one.
        control.py control_frames.py control_sides.py corrections.py

    who was killed and hurt, how many, by what.
        casualties.py counts.py parts.py deaths.py victims.py causes.py

    events of the nine types, with their ACLED and PLOVER codes.
        events.py event_signals.py codes.py

    who holds what with what standing: claims, the rules that weigh them, the state of a place.
        claims.py ledger.py ledger_assess.py ledger_episodes.py ledger_rules.py

    which changes are told, and in what words.
        rules.py wording.py sample.py
"""
