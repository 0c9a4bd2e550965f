"""Layer 4, words: the forms of Arabic verbs and verbal nouns, made from one line a lemma.

seeds/lexicon/predicates.tsv gives for each lemma its third person masculine singular in the perfect and imperfect, the
passive where letters show it, its verbal nouns and active participle. From them the inflected forms are made by rule:

    perfect      سيطر  → سيطرت سيطروا سيطرا سيطرنا …        weak in the third radical: استولى → استولت استولوا
    imperfect    يسيطر → تسيطر نسيطر يسيطرون يسيطروا …       jussive of hollow and weak verbs: يستعيد → يستعد, يستولي → يستول
    verbal noun  سيطرة → السيطرة سيطرته سيطرتها …            participle: خاضع → الخاضعة خاضعون …

and a word of a text is looked up after its proclitics (و ف ب ل ك ال س) and its pronoun suffix are taken off. Forms are
folded (folding.py). Unvowelled Arabic is ambiguous, so a look-up gives all readings.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from processors.folding import fold_word

PERFECT, IMPERFECT, NOUN, PARTICIPLE = "perfect", "imperfect", "noun", "participle"
SUFFIXES = ("هما", "ها", "هم", "هن", "نا", "ه")
"""Pronoun suffixes of the third person and the first plural, folded, longest first."""


@dataclass(frozen=True, slots=True)
class Lemma:
    """A line of predicates.tsv.

    Attributes:
        word: the perfect, folded: the lemma's name.
        cls: what it means for control and events («capture», «withdraw», «attempt» …).
        place: what brings in its place: a preposition, "0" for the direct object, "subj" for the subject, "-" for none.
        comp: what brings in a verbal noun or clause that it governs: prepositions, "0" for none.
    """

    word: str
    cls: str
    place: str
    comp: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One reading of a word.

    Attributes:
        pos: `perfect`, `imperfect`, `noun` (verbal noun), `participle` (active; of some lemmas passive).
        passive: it can only be passive.
        plural, feminine: of the verb's subject as far as the form tells.
        jussive: a form that only «لم» and «لا» govern.
        conj: «و», «ف» or "".
        prep: proclitic preposition «ب», «ل», «ك» or "".
        definite: it carries the article.
        future: it carries «س».
        suffix: folded pronoun suffix or "".
    """

    lemma: Lemma
    pos: str
    passive: bool = False
    plural: bool = False
    feminine: bool = False
    jussive: bool = False
    conj: str = ""
    prep: str = ""
    definite: bool = False
    future: bool = False
    suffix: str = ""

    @property
    def cls(self) -> str:
        return self.lemma.cls

    @property
    def is_verb(self) -> bool:
        return self.pos in (PERFECT, IMPERFECT)


def _perfect(word: str) -> Iterator[tuple[str, dict[str, bool]]]:
    """Folded perfect forms with what they tell of the subject."""
    folded = fold_word(word)
    weak = word[-1] in "ىا"
    base = folded[:-1] if weak else folded
    yield folded, {}
    yield base + "ت", {"feminine": True}
    yield (base[:-1] if word.endswith("ي") else base) + "وا", {"plural": True}
    yield (folded if weak and word.endswith("ى") else base) + "ا", {"plural": True}
    yield base + "تا", {"plural": True, "feminine": True}
    hollow = len(folded) > 3 and folded[-2] == "ا"
    yield (folded[:-2] + folded[-1] if hollow else folded) + "نا", {"plural": True}


def _imperfect(word: str) -> Iterator[tuple[str, dict[str, bool]]]:
    """Folded imperfect forms; the jussive of weak verbs apart."""
    folded = fold_word(word)
    stem = folded[1:]
    weak = stem[-1] in "يو"
    base = stem[:-1] if weak else stem
    for prefix in "يتن":
        feminine = {"feminine": True} if prefix == "ت" else {}
        yield prefix + stem, feminine
        if prefix in "يت":
            for suffix in ("ون", "وا"):
                yield prefix + base + suffix, {"plural": True}
            yield prefix + (stem if weak and stem[-1] == "ي" else base) + "ان", {"plural": True, **feminine}
            yield prefix + (stem if weak and stem[-1] == "ي" else base) + "ا", {"plural": True, **feminine}
        if weak:
            yield prefix + base, {"jussive": True, **feminine}
        elif len(stem) >= 3 and stem[-2] in "يوا":
            yield prefix + stem[:-2] + stem[-1], {"jussive": True, **feminine}


def _participle(word: str) -> Iterator[str]:
    """Folded forms of a participle: feminine, plural, accusative."""
    folded = fold_word(word)
    yield from (
        folded,
        folded + "ه",
        folded + "ا",
        folded + "ين",
        folded + "ون",
        folded + "ات",
        folded + "تين",
        folded + "تان",
    )


def lexicon_rows(name: str) -> list[list[str]]:
    """Rows of a tab-separated table in seeds/lexicon; lines that begin with # are comments."""
    text = files("seeds").joinpath("lexicon", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _add(table: dict[str, list[Form]], word: str, form: Form) -> None:
    if word and form not in table.setdefault(word, []):
        table[word].append(form)


def _inflect(table: dict[str, list[Form]], row: list[str]) -> None:
    cls, perfect, imperfect, passive, nouns, participles, place, comp = row
    name = fold_word(nouns.split(",")[0] if perfect == "-" else perfect)
    lemma = Lemma(name, cls, fold_word(place), () if comp == "-" else tuple(fold_word(comp).split(",")))
    for word, features in _perfect(perfect) if perfect != "-" else ():
        _add(table, word, Form(lemma, PERFECT, **features))  # type: ignore[arg-type]
    if imperfect != "-":
        for word, features in _imperfect(imperfect):
            _add(table, word, Form(lemma, IMPERFECT, **features))  # type: ignore[arg-type]
    if passive != "-":
        for word, features in _perfect(passive):
            _add(table, word, Form(lemma, PERFECT, passive=True, **features))  # type: ignore[arg-type]
    for noun in nouns.split(",") if nouns != "-" else ():
        folded = fold_word(noun)
        _add(table, folded, Form(lemma, NOUN))
        if folded.endswith("ه"):
            _add(table, folded[:-1] + "ت+", Form(lemma, NOUN))
            _add(table, folded[:-1] + "ات", Form(lemma, NOUN, plural=True))
        elif folded.endswith("ء"):
            # «استيلائه», «استيلاؤه»: the hamza takes a carrier before a suffix.
            for carrier in "يو":
                _add(table, folded[:-1] + carrier + "+", Form(lemma, NOUN))
        else:
            _add(table, folded + "ات", Form(lemma, NOUN, plural=True))
            _add(table, folded + "ا", Form(lemma, NOUN))
    for participle in participles.split(",") if participles != "-" else ():
        for word in _participle(participle):
            _add(table, word, Form(lemma, PARTICIPLE))


@lru_cache(maxsize=1)
def form_table() -> dict[str, tuple[Form, ...]]:
    """All inflected forms without proclitics and suffixes. A verbal noun in ة before a suffix is kept as «سيطرت+»."""
    table: dict[str, list[Form]] = {}
    for row in lexicon_rows("predicates.tsv"):
        _inflect(table, row)
    # «تمكن» is rather the perfect of تمكن than an imperfect of أمكن.
    return {word: tuple(sorted(forms, key=lambda form: form.pos == IMPERFECT)) for word, forms in table.items()}


@lru_cache(maxsize=65536)
def analyse(folded: str) -> tuple[Form, ...]:
    """All readings of a folded word as a predicate; () for none. The bare word is tried before its parts."""
    readings = list(_core(folded))
    if folded[:1] in "وف" and len(folded) > 3:
        readings += [replace(form, conj=folded[0]) for form in _core(folded[1:])]
    return tuple(dict.fromkeys(readings))


def _core(word: str) -> Iterator[Form]:
    table = form_table()
    yield from table.get(word, ())
    if word.startswith("ال"):
        yield from (replace(f, definite=True) for f in _nominals(word[2:]))
    elif word.startswith("لل"):
        yield from (replace(f, definite=True, prep="ل") for f in _nominals(word[2:]))
    elif word.startswith(("بال", "كال")):
        yield from (replace(f, definite=True, prep=word[0]) for f in _nominals(word[3:]))
    elif word[:1] in "بلك" and len(word) > 3:
        yield from (replace(f, prep=word[0]) for f in (*_nominals(word[1:]), *_suffixed(word[1:])) if not f.is_verb)
    if word[:1] == "ل" and len(word) > 4:
        # «ليسيطر», «لتحرر»: the particle of purpose before the imperfect.
        yield from (replace(f, prep="ل") for f in table.get(word[1:], ()) if f.pos == IMPERFECT)
    if word[:1] == "س" and len(word) > 3:
        yield from (
            replace(f, future=True) for f in (*table.get(word[1:], ()), *_suffixed(word[1:])) if f.pos == IMPERFECT
        )
    yield from _suffixed(word)


def _nominals(word: str) -> Iterator[Form]:
    yield from (form for form in form_table().get(word, ()) if not form.is_verb)


def _suffixed(word: str) -> Iterator[Form]:
    table = form_table()
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 2:
            stem = word[: -len(suffix)]
            found = [*table.get(stem, ()), *table.get(stem + "+", ())]
            if stem.endswith("و"):
                found += [form for form in table.get(stem + "ا", ()) if form.plural]
            yield from (replace(form, suffix=suffix) for form in found if not form.suffix and not form.jussive)
            return
