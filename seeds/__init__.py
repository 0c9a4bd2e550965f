"""Data that a user edits: feeds, gazetteer, lexicons, rules, the sample newswire."""
