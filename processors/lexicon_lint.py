"""Checks of the word lists and the core gazetteer: what a person who edits them gets wrong."""

from collections import Counter
from collections.abc import Iterator

from processors.actors import inflected
from processors.folding import fold_word, folded_words
from processors.gazetteer import name_key
from processors.gazetteer_load import read_rows, seeds_folder
from processors.lexicon import heads, read_table

FEATURES = folded_words(
    "city town village neighbourhood district governorate region country base crossing hill dam port field castle prison "
    "hospital building mosque camp island road river strait waterway sea"
)
TRUST = frozenset({"any", "name", "known", "listed"})


def complaints() -> list[str]:
    """One sentence for each thing that is wrong: doubles, dead entries, names that fold together on different sides."""
    return [*_actors(), *_heads(), *_common(), *_places()]


def _doubles(kind: str, keys: list[str]) -> Iterator[str]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield f"{kind}: {key!r} stands there {count} times"


def _actors() -> Iterator[str]:
    rows = list(read_table("actors.tsv"))
    yield from _doubles("actors.tsv", [f"{row['name']} ({row['country']})" for row in rows])
    sides: dict[tuple[str, str], str] = {}
    for row in rows:
        if row["role"] not in {"party", "civilians", "source"}:
            yield f"actors.tsv: {row['name']!r} has the unknown role {row['role']!r}"
        if row["when"] not in {"", "here", "short"} or (row["when"] == "here" and not row["country"]):
            yield f"actors.tsv: {row['name']!r} has a wrong `when`, or `here` without a country"
        for key in inflected(fold_word(row["name"])):
            place = (key, row["country"] + row["since"])
            if sides.setdefault(place, row["side"]) != row["side"]:
                yield f"actors.tsv: {row['name']!r} folds to the same as a name of {sides[place]}"


def _heads() -> Iterator[str]:
    rows = list(read_table("heads.tsv"))
    yield from _doubles("heads.tsv", [fold_word(row["lemma"]) for row in rows])
    for row in rows:
        if row["trust"] not in TRUST or row["keep"] not in {"yes", "no"}:
            yield f"heads.tsv: {row['lemma']!r} needs keep yes/no and trust of {sorted(TRUST)}"
        for form in row["plural"].split():
            if heads()[fold_word(form)].lemma != fold_word(row["lemma"]):
                yield f"heads.tsv: the plural {form!r} is dead: it is a form of another lemma already"


def _common() -> Iterator[str]:
    words = [row["word"] for row in read_table("common_words.tsv")]
    yield from _doubles("common_words.tsv", words)
    for word in words:
        if fold_word(word) != word:
            yield f"common_words.tsv: {word!r} is not folded and never matches"


def _places() -> Iterator[str]:
    rows = list(read_rows(seeds_folder() / "gazetteer" / "core.tsv", core=True))
    yield from _doubles("core.tsv", [row.place.id for row in rows])
    for row in rows:
        place = row.place
        if place.feature not in FEATURES:
            yield f"core.tsv: {place.name_ar!r} has the unknown feature {place.feature!r}"
        if (place.lat is None) != (place.lon is None):
            yield f"core.tsv: {place.name_ar!r} has only one coordinate"
        if not name_key(place.name_ar):
            yield f"core.tsv: {place.id!r} has no name"
    keys = [(r.place.country, r.place.admin1, r.place.feature, name_key(r.place.name_ar)) for r in rows]
    yield from _doubles("core.tsv", [" ".join(key) for key in keys])
