"""How a place name is read from tokens: proclitics, gazetteer names, and names that only a head noun vouches for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from processors.folding import bare, fold_word
from processors.gazetteer import Gazetteer, word_key
from processors.lexicon import Head, common_words, heads, word_list
from processors.reading import Token
from processors.sentences import looks_like_verb

_TWO = ("وب", "ول", "وك", "فب", "فل", "وف")
_ONE = "وفبلك"
_UNITS = frozenset({"اللواء", "الفرقه", "الفوج", "الكتيبه", "القطاع"})
_QUOTES = frozenset({'"', "«", "»", "“", "”", "'"})


@dataclass(frozen=True, slots=True)
class Name:
    """A run of tokens that is, or may be, a place name.

    Attributes:
        first, last: token numbers, last exclusive.
        proclitic: folded letters before the name on its first word.
        form: the folded first word without proclitics.
        key: gazetteer key.
        known: the gazetteer has it.
        exact: known, and with the article where the gazetteer's name has it.
    """

    first: int
    last: int
    proclitic: str
    form: str
    key: str
    known: bool
    exact: bool = False


@lru_cache(maxsize=1 << 17)
def split_proclitics(folded: str) -> tuple[tuple[str, str], ...]:
    """(proclitics, rest) in order of trust: the whole word first. «للباب» gives («ل», «الباب»)."""
    return tuple(_split(folded))


def _split(folded: str) -> Iterator[tuple[str, str]]:
    yield "", folded
    if len(folded) == 3 and folded[0] == "و":
        yield "و", folded[1:]
    if len(folded) < 4:
        return
    if folded.startswith(("لل", "ولل", "فلل")):
        cut = folded.index("لل") + 1
        yield folded[:cut], "ا" + folded[cut:]
        return
    if folded[0] in _ONE and (folded[0] != "ك" or folded.startswith("كال")):
        yield folded[0], folded[1:]
        if folded[:2] in _TWO and len(folded) >= 5:
            yield folded[:2], folded[2:]


def head_at(tokens: Sequence[Token], at: int) -> tuple[Head, str, str] | None:
    """The head noun at a token, with its proclitics and the bare form; None for a word with the article («البلدة»)."""
    return head_in(tokens[at].folded) if at < len(tokens) else None


@lru_cache(maxsize=1 << 17)
def head_in(folded: str) -> tuple[Head, str, str] | None:
    """As head_at, of one word."""
    short = ((folded[0], folded[1:]),) if len(folded) == 3 and folded[0] in "بل" else ()  # «بحي», «لتل»
    for proclitic, form in (*split_proclitics(folded), *short):
        head = heads().get(form)
        if head and not proclitic.endswith("ك"):
            return head, proclitic, form
    return None


@lru_cache(maxsize=1 << 17)
def names_head(folded: str) -> bool:
    """The word is a head noun, bare or with the article: alone it names nothing, though hamlets are called «الجسر»."""
    return any(form in heads() or bare(form) in heads() for _, form in split_proclitics(folded))


def known_name(tokens: Sequence[Token], at: int, gazetteer: Gazetteer, proclitics: bool = True) -> Name | None:
    """The longest name of the gazetteer that begins at a token.

    A reading without proclitics wins, except where only the other one is a core place: «بعدن» is Aden, not a hamlet.
    """
    best: Name | None = None
    for proclitic, form in starts(gazetteer, tokens[at].folded):
        if proclitic and not proclitics:
            break
        found = _longest(tokens, at, gazetteer, proclitic, form)
        if found and (best is None or _rank(found, gazetteer) > _rank(best, gazetteer)):
            best = found
    return best


@lru_cache(maxsize=1 << 17)
def starts(gazetteer: Gazetteer, folded: str) -> tuple[tuple[str, str], ...]:
    """The readings of a word with which names of the gazetteer begin: none, nearly always."""
    return tuple(reading for reading in split_proclitics(folded) if word_key(reading[1]) in gazetteer.longest)


def _rank(name: Name, gazetteer: Gazetteer) -> tuple[int, bool, bool]:
    return name.last - name.first, name.exact, any(place.core for place in gazetteer.by_key(name.key))


def _longest(tokens: Sequence[Token], at: int, gazetteer: Gazetteer, proclitic: str, form: str) -> Name | None:
    key = word_key(form)
    words = gazetteer.longest.get(key, 0)
    if not words:
        return None
    keys = [key]
    for token in tokens[at + 1 : at + words]:
        if not token.is_word:
            break
        keys.append(word_key(token.folded))
    for count in range(len(keys), 0, -1):
        joined = " ".join(keys[:count])
        if joined in gazetteer.names:
            definite = form.startswith("ال")
            exact = gazetteer.articles.get(joined, definite) == definite
            if count > 1 and not exact and form.removeprefix("ال") in word_list("name_starters"):
                continue  # «الباب شرقي حلب» is not «باب شرقي»
            return Name(at, at + count, proclitic, form, joined, True, exact or count > 1)
    return None


def quoted_name(tokens: Sequence[Token], at: int) -> Name | None:
    """A name in quotation marks after a head noun («تلة "جورة الماء"»): two to four words, no list."""
    if at == 0 or tokens[at - 1].folded not in _QUOTES:
        return None
    last = at
    while last < len(tokens) and tokens[last].is_word and last - at < 5:
        last += 1
    closed = last < len(tokens) and tokens[last].folded in _QUOTES
    if not closed or not 2 <= last - at <= 4 or any(token.folded[0] == "و" for token in tokens[at + 1 : last]):
        return None
    return _unknown(tokens, at, last, "")


def _unknown(tokens: Sequence[Token], at: int, last: int, proclitic: str) -> Name:
    form = tokens[at].folded.removeprefix(proclitic)
    key = " ".join([word_key(form), *(word_key(token.folded) for token in tokens[at + 1 : last])])
    return Name(at, last, proclitic, form, key, False)


def unknown_name(tokens: Sequence[Token], at: int, head: Head, proclitic: str = "") -> Name | None:
    """A name that the gazetteer lacks, after a head noun.

    The first word must be able to be a name: no verb, particle, indefinite adjective, or (after heads such as «منطقة») ordinary
    word. A word that begins names («خربة», «أبو») takes the next one along; an epithet that ends names («الفوقا») joins them.
    """
    if at >= len(tokens) or not tokens[at].is_word or head.trust == "listed":
        return None
    form = tokens[at].folded.removeprefix(proclitic) if proclitic else tokens[at].folded
    if form[:1] in ("ي", "ت") and tokens[at].text.endswith("ه"):
        return None  # «مستشفى تديره جماعة»: a verb with its object; in a name the letter would be «ة»
    if not proclitic and form[0] == "و" and len(form) > 4 and form not in word_list("name_starters"):
        return None  # «قصور وتحف»: what follows a head noun directly is joined to nothing
    institution = at + 1 < len(tokens) and tokens[at + 1].folded in word_list("institution_adjectives")
    if institution and form.startswith("ال") and head.kind in {"base", "building", "neighbourhood"}:
        return _unknown(tokens, at, at + 2, proclitic)  # «معسكر الأمن المركزي», «حي المدينة القديمة»
    if form in _UNITS and at + 1 < len(tokens) and tokens[at + 1].folded.isdigit():
        return _unknown(tokens, at, at + 2, proclitic)  # «معسكر اللواء 17»
    sure = (bool(proclitic) and head.number == 2) or (at > 0 and tokens[at - 1].folded in _QUOTES)
    if not can_be_name(form, head, sure):
        return None
    last = at + 1
    if form in word_list("name_starters"):
        if not _continues(tokens, last):
            return None
        last += 1
        if tokens[last - 1].folded in word_list("name_starters") and _continues(tokens, last):
            last += 1  # «تل جورة الماء», «حاجز الشيخ أبو بكر»
    while last < len(tokens) and tokens[last].folded in word_list("name_tails"):
        last += 1
    return _unknown(tokens, at, last, proclitic)


def _continues(tokens: Sequence[Token], at: int) -> bool:
    """The next token can be the second word of a name."""
    if at >= len(tokens) or not tokens[at].is_word or not "ء" <= tokens[at].folded[0] <= "ي":
        return False
    folded = tokens[at].folded
    return (
        folded not in word_list("not_names") and not folded.startswith(("وال", "لل", "بال")) and not names_head(folded)
    )


def can_be_name(form: str, head: Head, sure: bool = False) -> bool:
    """Whether a folded word can be the name after a head noun; `sure` for the second of a dual and in quotation marks."""
    if head.lemma == "مبني" and head.number == 2 and form in word_list("institutions"):
        return True
    if form in word_list("not_names") or form in word_list("organisations"):
        return False
    if form in word_list("name_starters"):
        return True
    if head.lemma == "حي" and form.startswith("ال") and form[2:] in word_list("quarter_names"):
        return True  # «حي المطار», «حي الجبل»
    if not _is_noun_shaped(form):
        return False
    ordinary = common_words().get(form) == "common"
    if form.startswith("ال"):
        return not ordinary or (head.trust == "any" and (sure or head.number == 1))
    if ordinary or _has_ordinary_part(form) or (head.trust == "known" and form[0] in "يتل" and len(form) > 3):
        return False
    return sure or not (_looks_like_adjective(form, head) or (looks_like_verb(form) and form[0] == "ي"))


def _is_noun_shaped(form: str) -> bool:
    """No head noun («البلدة»), no pronoun at its end («ريفها», «إجازتهم»), no preposition before the article («بالسواتر»)."""
    if len(form) < 2 or not "ء" <= form[0] <= "ي" or names_head(form) or names_head(form[:-2]):
        return False
    if len(form) > 4 and form.endswith(("هم", "هما", "ها")) and not form.startswith(("ال", "كفر")):
        return False
    return not (len(form) > 5 and form.startswith(("بال", "لل", "كال", "وال")))


def _has_ordinary_part(form: str) -> bool:
    """A preposition and an ordinary word: «قاعدة لانطلاق», «مخيمات للنازحين»."""
    return any(
        common_words().get(rest) == "common"
        for proclitic, rest in split_proclitics(form)
        if proclitic and len(rest) > 3
    )


def _looks_like_adjective(form: str, head: Head) -> bool:
    """An indefinite adjective after an indefinite noun («بلدة حدودية», «حي شعبي», «مناطق مأهولة»): nisba or participle.

    Towns of such a form («سلمية», «معلولا») are in the gazetteer and never come here.
    """
    stem = form.removesuffix("ه").removesuffix("ا")
    if stem.endswith("ي") and len(stem) > 3:
        noun = stem[:-1]
        derived = any(word in common_words() for word in (noun, "ال" + noun, noun + "ه", "ال" + noun + "ه"))
        return derived or len(stem) == 4 or (form.endswith("ه") and (head.trust == "known" or head.number > 1))
    if form[0] != "م" or len(form) < 5:
        return False
    feminine = form.endswith("ه")
    if head.trust == "known" or head.kind in {"road", "building"}:
        return feminine or form[-2] == "و" or "ت" in form[1:3] or form.startswith("مزد")
    return feminine and (form[-3] == "و" or "ت" in form[1:3])


def bare_text(text: str, proclitic: str) -> tuple[str, int]:
    """A written word without its folded proclitics, and how many letters were cut; «للباب» without «ل» is «الباب»."""
    if not proclitic:
        return text, 0
    cut, seen = 0, ""
    while seen != proclitic and cut < len(text):
        seen += fold_word(text[cut])
        cut += 1
    rest = text[cut:].lstrip("ـًٌٍَُِّْ")
    cut = len(text) - len(rest)
    if proclitic.endswith("ل") and fold_word(rest).startswith("ل") and fold_word(text).startswith(proclitic + "ل"):
        return "ا" + rest, cut
    return rest, cut
