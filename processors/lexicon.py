"""Word lists of seeds/lexicon, read once at first use. docs/extraction.md has the format of each file."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import seeds
from processors.folding import fold_word, folded_words


def lexicon_folder() -> Path:
    """Where the word lists lie."""
    return Path(next(iter(seeds.__path__))) / "lexicon"


def read_table(name: str) -> Iterator[dict[str, str]]:
    """The rows of a tab-separated word list with a header line."""
    with (lexicon_folder() / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


@dataclass(frozen=True, slots=True)
class Head:
    """A form of a noun that introduces a place name.

    Attributes:
        lemma: folded singular.
        number: 1 singular, 2 dual, 3 plural: how many names follow it.
        kind: place type of what it names.
        keep: it is part of the name in the singular («جبل صبر»), or not («بلدة باتبو»).
        trust: which word after it is a name: `any` noun, even an ordinary one with the article («حي الشهداء»); `name` and `known`: one
            that is no ordinary word, `known` also no verb; `listed`: only one of the gazetteer.
    """

    lemma: str
    number: int
    kind: str
    keep: bool
    trust: str


@cache
def heads() -> dict[str, Head]:
    """Folded forms of head nouns, without article and proclitics. A lemma of several words is keyed by all of them."""
    forms: dict[str, Head] = {}
    for row in read_table("heads.tsv"):
        lemma = fold_word(row["lemma"])
        for number, column in ((1, lemma), (2, fold_word(row["dual"])), (3, fold_word(row["plural"]))):
            for form in [column] if number == 1 else column.split():
                forms.setdefault(form, Head(lemma, number, row["type"], row["keep"] == "yes", row["trust"]))
    return forms


@cache
def common_words() -> dict[str, str]:
    """Folded words that are ordinary words: `common` ones, and those that are places as well (`both`)."""
    return {row["word"]: row["kind"] for row in read_table("common_words.tsv")}


@cache
def word_phrases(name: str) -> frozenset[str]:
    """The folded phrases of a list of place_words.tsv whose items are separated by commas."""
    rows = {row["list"]: row["words"] for row in read_table("place_words.tsv")}
    return frozenset(fold_word(phrase.strip()) for phrase in rows[name].split("،"))


@cache
def word_list(name: str) -> frozenset[str]:
    """The folded words of a list in seeds/lexicon/place_words.tsv: `given_names`, `titles`, `organisations`, `capitals` …"""
    return _place_words()[name]


@cache
def _place_words() -> dict[str, frozenset[str]]:
    return {row["list"]: folded_words(row["words"]) for row in read_table("place_words.tsv")}
