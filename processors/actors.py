"""Layer 3: actors named in an article: who fights, who is hit, who speaks.

The lexicon (seeds/lexicon/actors.tsv) gives the side of each name. Matching walks the tokens once, longest name first, on folded
words without proclitics. A name that several wars share («التحالف», «الجيش», «المقاومة») is `here`: it counts where the article is
about the row's country. A `short` one («التنظيم») counts after a full name of the same side. Rows may be bounded in time.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache

from processors.folding import bare, fold_word
from processors.lexicon import read_table
from processors.place_names import split_proclitics
from processors.reading import ActorHit, Reading, Token


@dataclass(frozen=True, slots=True)
class Actor:
    """A row of the lexicon: side code («-» for none), role, country, first and last day (ISO) or "", `here`, `short` or ""."""

    side: str
    role: str
    country: str
    since: str = ""
    until: str = ""
    when: str = ""


@cache
def lexicon() -> tuple[dict[str, tuple[Actor, ...]], dict[str, int]]:
    """Folded names → rows; first word → most words of a name that begins with it."""
    names: dict[str, tuple[Actor, ...]] = {}
    longest: dict[str, int] = {}
    for row in read_table("actors.tsv"):
        actor = Actor(row["side"], row["role"], row["country"], row["since"], row["until"], row["when"])
        for key in inflected(fold_word(row["name"].replace(".", " "))):
            names[key] = (*names.get(key, ()), actor)
            words = key.split()
            longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return names, longest


def inflected(key: str) -> set[str]:
    """The name in its cases: «مقاتلون» and «مقاتلين», «مسلحو» and «مسلحي»; adjectives follow («مسلحين حوثيين»)."""
    words = key.split()
    oblique = [word[:-2] + "ين" if word.endswith("ون") and len(word) > 4 else word for word in words]
    if len(words) > 1 and words[0].endswith(("لو", "حو", "دو", "رو")):
        oblique[0] = words[0][:-1] + "ي"
    return {key, " ".join(oblique)}


def find_actors(reading: Reading) -> tuple[ActorHit, ...]:
    """The actors that the article names, in order of the text; hits do not overlap."""
    country = _country(reading)
    hits: list[ActorHit] = []
    named: set[str] = set()
    at = 0
    while at < len(reading.tokens):
        token = reading.tokens[at]
        found = _match(reading.tokens, at) if _starts(token.folded) and token.is_word else None
        actor = _pick(found[2], country, reading.published, named) if found else None
        if not found or not actor:
            at += 1
            continue
        last, cut, _ = found
        start, end = token.start + cut, reading.tokens[last - 1].end
        side = None if actor.side == "-" else actor.side
        hits.append(ActorHit(start, end, at, last, side, actor.role, reading.text[start:end]))
        if not actor.when:
            named.add(actor.side)
        at = last
    return tuple(hits)


def wars_named(tokens: Sequence[Token]) -> Counter[str]:
    """How often the tokens name a side that one country's war alone knows («الجيش الحر», «المقاومة الشعبية»): country → mentions."""
    found: Counter[str] = Counter()
    for at, token in enumerate(tokens):
        match = _match(tokens, at) if _starts(token.folded) else None
        rows = match[2] if match else ()
        if len(rows) == 1 and not rows[0].when and rows[0].country and rows[0].role == "party":
            found[rows[0].country] += 1
    return found


@lru_cache(maxsize=65536)
def _starts(folded: str) -> tuple[tuple[str, str], ...]:
    """The readings of a word with which names of the lexicon begin: none, nearly always."""
    _, longest = lexicon()
    return tuple(reading for reading in split_proclitics(folded) if reading[1] in longest)


def _match(tokens: Sequence[Token], at: int) -> tuple[int, int, tuple[Actor, ...]] | None:
    """(last token, letters of proclitics, rows) of the longest name that begins at a token."""
    names, longest = lexicon()
    for proclitic, form in _starts(tokens[at].folded):
        words = [form]
        for token in tokens[at + 1 : at + longest[form]]:
            if not token.is_word:
                break
            words.append(token.folded)
        for count in range(len(words), 0, -1):
            rows = names.get(" ".join(words[:count]))
            if rows:
                return at + count, len(proclitic), rows
    return None


_STEMS = {
    "سوري": "SY", "عراق": "IQ", "يمن": "YE", "ليبي": "LY", "سودان": "SD", "لبنان": "LB", "فلسطين": "PS", "غزه": "PS",
}  # fmt: skip


def _country(reading: Reading) -> str:
    """The country that the article speaks of most, by names, adjectives and linked places."""
    words = (*(token.folded for token in reading.tokens), *fold_word(reading.title).split())
    found = Counter(map(_country_of, words))
    found.update(hit.ref.country for hit in reading.places if not hit.in_name)
    del found[""]
    return found.most_common(1)[0][0] if found else ""


@lru_cache(maxsize=65536)
def _country_of(word: str) -> str:
    for form in (word, word[1:]):
        stem = bare(form)
        for length in (6, 5, 4, 3):
            if stem[:length] in _STEMS:
                return _STEMS[stem[:length]]
    return ""


def _pick(rows: Sequence[Actor], country: str, published: int, named: set[str]) -> Actor | None:
    """The row that holds on the day of publication, in the article's country, after the names so far; None where none does."""
    day = datetime.fromtimestamp(published / 1000, UTC).date().isoformat() if published else ""
    for row in rows:
        if day and ((row.since and day < row.since) or (row.until and day > row.until)):
            continue
        if (row.when == "here" and row.country != country) or (row.when == "short" and row.side not in named):
            continue
        return row
    return None
