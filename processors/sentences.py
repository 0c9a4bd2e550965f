"""Layer 2: tokens, sentences and clauses of an article.

Arabic news runs a paragraph in one sentence. Sentences end at . ؟ ! ؛ and at line ends; inside them a clause begins

    at a conjunction of time or contrast («بينما», «في حين», «حيث», «بعدما», «قبل أن», «إثر» …), with or without a comma,
    at «،», a dash or «..» before a connective («كما», «لكن», «ثم»), or before «و»/«ف» on a verb,
    at «إن» or «أن» after a verb of speech: what follows is what was said (`quoted`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from processors.folding import fold_word, folded_words
from processors.reading import Clause, Reading, Sentence, Token
from processors.repair import repair, split_glued

# Letters and marks of the Arabic blocks, without digits and punctuation.
_ARABIC = "\u0621-\u065f\u0670-\u06d3\u06d5-\u06dc\u06df-\u06ef\u06fa-\u06ff\u0610-\u061a\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc"
_TOKEN = re.compile(
    r"[0-9٠-٩۰-۹]+(?:[.,٫٬][0-9٠-٩۰-۹]+)*"
    rf"|[{_ARABIC}][{_ARABIC}\u200b-\u200f]*"
    r"|[^\W\d_؀-ۿ][^\W_؀-ۿ]*(?:['’.-][^\W_؀-ۿ]+)*"
    r"|\n+|\.{2,}|…|--+|[^\s\w\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff#]"
)
# '#' and '_' of hashtags are no tokens: «#الجيش_اليمني» is read as two words.
_LEAST_GLUED = 6
_TRAILING = "\u200b\u200c\u200d\u200e\u200f"
_ENDS = frozenset(".؟?!؛;\n")
_OPEN, _CLOSE, _EITHER = frozenset("«“„"), frozenset("»”"), frozenset('"＂')
_QUOTES = _OPEN | _CLOSE | _EITHER
_PAUSES = frozenset({"،", ",", "-", "–", "—", "--", "..", "...", "…", ":", "(", ")"})

# Conjunctions that open a clause wherever they stand, longest first where one begins another.
_CONJUNCTIONS: tuple[tuple[str, ...], ...] = tuple(
    tuple(fold_word(phrase).split())
    for phrase in (
        "في حين", "في وقت", "في الوقت الذي", "في الوقت نفسه", "في ما", "بعد أن", "قبل أن", "قبيل أن", "إلى أن", "إلا أن", "غير أن",
        "ما أدى", "مما أدى", "ما أسفر", "مما أسفر", "ما دفع", "مما دفع", "على الرغم", "بالتزامن مع", "بينما", "فيما", "حيث", "بعدما",
        "قبلما", "عندما", "حينما", "لكن", "لكنه", "لكنها", "ولكن", "كما", "إذ", "ثم", "إثر", "عقب", "وذلك", "مما", "رغم",
    )
)  # fmt: skip
_BY_FIRST: dict[str, list[tuple[str, ...]]] = {}
for _phrase in sorted(_CONJUNCTIONS, key=len, reverse=True):
    _BY_FIRST.setdefault(_phrase[0], []).append(_phrase)

_SPEECH = folded_words(
    "قال قالت قالوا يقول تقول أعلن أعلنت يعلن أكد أكدت يؤكد تؤكد أفاد أفادت تفيد ذكر ذكرت أضاف أضافت أوضح أوضحت أشار أشارت لفت "
    "كشف كشفت نقلت نقل صرح صرحت زعم زعمت ادعى ادعت اعتبر رأى شدد شددت تابع تابعت بث أبلغ أبلغت نفى نفت قائلا مضيفا مؤكدا "
    "مشيرا موضحا لافتا معلنا مبينا مضيفة مؤكدة مشيرة معتبرا"
)
_THAT = folded_words("إن إنه إنها إنهم أن أنه أنها أنهم بأن بأنه بأنها بأنهم بانها ان")
# Names of places that look like verbs with «و» before them («وتعز», «ويبرود», «وتكريت»): they go on with a list, not with a clause.
_NO_VERBS = folded_words(
    "تعز تدمر تكريت تلعفر تلبيسة تلكلخ تفتناز تل تلة تلال تاجوراء ترهونة توكرة تازربو تبنين تحرير تقدم تفجير تدمير تنظيم تحالف "
    "يبرود يافع يريم يطا يافا ينبع يوم يونيو يوليو يناير تركيا تونس يمني تشاد بيت وقت بيروت الكويت تحت بنت أخت سنت تموز تشرين"
)


def tokenise(text: str) -> tuple[Token, ...]:
    """The tokens of a text, line ends included (as tokens of "\\n"); offsets into `text` as given.

    Words that lost the space between them are separate tokens that touch.
    """
    mended = repair(text)
    source = mended.text if mended else text
    found = list(_TOKEN.finditer(source))
    known = frozenset(match[0] for match in found)
    tokens: list[Token] = []
    for match in found:
        word = match[0].rstrip(_TRAILING)
        end = match.start()
        for part in _parts(word, known) if len(word) > _LEAST_GLUED else (word,):
            start, end = end, end + len(part)
            folded = _folded(part)
            if folded and mended:
                begin, stop = mended.original(start, end)
                tokens.append(Token(begin, stop, text[begin:stop], folded))
            elif folded:
                tokens.append(Token(start, end, part, folded))
    return tuple(tokens)


@lru_cache(maxsize=1 << 17)
def _folded(word: str) -> str:
    """Words come back; folding letter by letter is what tokenising would spend most of its time on."""
    return "\n" if word[0] == "\n" else fold_word(word)


def _parts(word: str, known: frozenset[str]) -> list[str]:
    parts: list[str] = []
    while cut := split_glued(word, known):
        parts.append(word[:cut])
        word = word[cut:]
    return [*parts, word]


def split_sentences(tokens: Sequence[Token]) -> tuple[Sentence, ...]:
    """The sentences with their clauses."""
    sentences: list[Sentence] = []
    first = 0
    for number, token in enumerate(tokens):
        if token.folded in _ENDS and not _abbreviates(tokens, number):
            _close(sentences, tokens, first, number if token.folded == "\n" else number + 1)
            first = number + 1
    _close(sentences, tokens, first, len(tokens))
    return tuple(sentences)


def _abbreviates(tokens: Sequence[Token], number: int) -> bool:
    """A full stop after a single letter («أ.ف.ب», «د. فلان») ends nothing; nor does one that opens the text."""
    if tokens[number].folded != "." or number == 0:
        return False
    before = tokens[number - 1]
    return len(before.folded) == 1 and before.text.isalpha() and before.end == tokens[number].start


def _close(sentences: list[Sentence], tokens: Sequence[Token], first: int, last: int) -> None:
    if first >= last:
        return
    if sentences and last - first == 1 and not tokens[first].is_word:
        # A closing quotation mark or a second full stop belongs to the sentence before it.
        return
    number = len(sentences)
    clauses = tuple(_clauses(tokens, first, last, number))
    sentences.append(Sentence(tokens[first].start, tokens[last - 1].end, first, last, clauses))


@dataclass(frozen=True, slots=True)
class _Cue:
    """What a word tells of clauses.

    Attributes:
        phrases: the conjunctions that may begin with it, with or without «و» before it.
        speech: it is a verb of speech.
        joined_verb: «و» or «ف» with a verb.
    """

    phrases: tuple[tuple[str, ...], ...]
    speech: bool
    joined_verb: bool


@lru_cache(maxsize=1 << 16)
def _cue(folded: str) -> _Cue | None:
    """None for nearly all words, which tell nothing."""
    plain = _without_and(folded)
    phrases = (*_BY_FIRST.get(folded, ()), *(_BY_FIRST.get(plain, ()) if plain != folded else ()))
    speech, joined_verb = plain in _SPEECH, folded[0] in "وف" and looks_like_verb(folded[1:])
    return _Cue(phrases, speech, joined_verb) if phrases or speech or joined_verb or folded in _THAT else None


def _clauses(tokens: Sequence[Token], first: int, last: int, sentence: int) -> Iterator[Clause]:
    """Cuts a sentence; each clause keeps the connective that opens it, and commas stay with the clause before."""
    quoted_tokens = _quotes(tokens, first, last)
    begin, opener, said = first, "", False
    speech = False
    for at in range(first, last):
        cue = _cue(tokens[at].folded)
        if cue is None:
            continue
        new_opener, said_here = _boundary(tokens, at, begin, last, speech, cue)
        if new_opener and _has_word(tokens, begin, at):
            yield _clause(tokens, begin, at, sentence, opener, said or _mostly(quoted_tokens, begin, at, first))
            begin, opener = at, new_opener
            said = said or said_here
            speech = False
        elif new_opener:
            opener = opener or new_opener
        speech = speech or cue.speech
    if begin < last:
        yield _clause(tokens, begin, last, sentence, opener, said or _mostly(quoted_tokens, begin, last, first))


def _boundary(tokens: Sequence[Token], at: int, begin: int, last: int, speech: bool, cue: _Cue) -> tuple[str, bool]:
    """The opener of the clause that begins at a token, "" for none, and whether it is what was said."""
    folded = tokens[at].folded
    if speech and folded in _THAT:
        return folded, True
    for phrase in cue.phrases:
        if len(phrase) == 1 or _words(tokens, at + 1, last, len(phrase) - 1) == phrase[1:]:
            # «أشار إلى أن» is speech; «تقدموا إلى أن وصلوا» is time.
            return " ".join(phrase), speech and phrase == ("الي", "ان")
    if cue.joined_verb and at > begin and tokens[at - 1].folded in _PAUSES:
        return folded[0], False
    return "", False


def _words(tokens: Sequence[Token], at: int, last: int, count: int) -> tuple[str, ...]:
    return tuple(token.folded for token in tokens[at : min(at + count, last)])


def _without_and(folded: str) -> str:
    return folded[1:] if folded[:1] in "وف" and len(folded) > 3 else folded


def looks_like_verb(folded: str) -> bool:
    """A rough test on a folded word without «و»: a verb of speech, a perfect with «ت», or an imperfect with «ي»/«ت».

    It only decides where clauses begin; predicates.py knows verbs.
    """
    if folded in _NO_VERBS or len(folded) < 3 or folded.startswith("ال"):
        return False
    if folded in _SPEECH or folded in {
        "كان",
        "كانت",
        "قد",
        "لم",
        "لا",
        "لن",
        "قتل",
        "سيطر",
        "تمكن",
        "قام",
        "شن",
        "فر",
        "انسحب",
    }:
        return True
    if folded.endswith("ت") and not folded.endswith("ات") and len(folded) >= 4:
        return True
    return folded[0] in "يت" and len(folded) >= 4 and folded[-1] not in "هء" and not folded.endswith(("ات", "يه", "ين"))


def _has_word(tokens: Sequence[Token], first: int, last: int) -> bool:
    return any(token.is_word for token in tokens[first:last])


def _quotes(tokens: Sequence[Token], first: int, last: int) -> list[bool]:
    """For each token of the sentence, whether it stands inside quotation marks."""
    inside, flags = False, []
    for token in tokens[first:last]:
        if token.folded in _QUOTES:
            inside = token.folded in _OPEN or (token.folded in _EITHER and not inside)
        flags.append(inside)
    return flags


def _mostly(flags: Sequence[bool], begin: int, end: int, first: int) -> bool:
    inside = sum(flags[begin - first : end - first])
    return inside * 2 > end - begin


def _clause(tokens: Sequence[Token], first: int, last: int, sentence: int, opener: str, quoted: bool) -> Clause:
    return Clause(tokens[first].start, tokens[last - 1].end, first, last, sentence, opener, quoted)


def read_text(text: str, title: str = "", published: int = 0, outlet_country: str = "") -> Reading:
    """A Reading with tokens and sentences: what the mention layers start from.

    Args:
        text: the article's text; all offsets point into it.
        title: context only; nothing is found in it.
        published: ms UTC, 0 if unknown.
        outlet_country: ISO code, "" if unknown.
    """
    tokens = tokenise(text)
    return Reading(
        text=text,
        title=title,
        published=published,
        outlet_country=outlet_country,
        tokens=tokens,
        sentences=split_sentences(tokens),
    )
