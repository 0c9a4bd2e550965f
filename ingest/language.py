"""Which language a text is in, as far as Rasid must know: Arabic, its neighbours in the same script, or another."""

import re

_ARABIC_SCRIPT = re.compile(r"[\u0621-\u063a\u0641-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff]+")
_WORD = re.compile(r"[^\W\d_]+")
# Function words: they tell languages apart where the keyboard does not (Arabic typed with Persian «ی» and «ک»).
_FUNCTION_WORDS = {
    "ar": "في من على إلى الى عن أن ان التي الذي هذا هذه ما لا لم قد كان كما بعد قبل مع بين خلال حتى وقال قال",
    "fa": "است از که این را با برای در به آن های می شده کرد شد بود نیز تا بر خود هم یک اند",
    "ur": "ہے کے میں کی کا کو سے نے ہیں اور پر یہ وہ تھا گیا ہو کر بھی نہیں گئے",
    "other": "لە بۆ کە ئەو بە ئەم دا لەگەڵ دەکات",
}  # fmt: skip
_WORDS = {name: frozenset(words.split()) for name, words in _FUNCTION_WORDS.items()}
_LETTERS = {"fa": "پچژگ", "ur": "ٹڈڑںےہھ", "other": "ۆێڕڵە"}
_MIN_LETTERS = 4


def language_of(text: str) -> str:
    """`ar`, `fa`, `ur` or `other` (another language, a mixture with less than half Arabic letters, too little to tell).

    Measured are at most the first 5,000 characters.
    """
    text = text[:5000].replace("\u200c", " ")
    letters = sum(map(str.isalpha, text))
    arabic_script = sum(map(len, _ARABIC_SCRIPT.findall(text)))
    if arabic_script < _MIN_LETTERS or arabic_script * 2 < letters:
        return "other"
    words = _WORD.findall(text)
    scores = {name: float(sum(map(known.__contains__, words))) for name, known in _WORDS.items()}
    scores["ar"] += sum(1.0 for word in words if len(word) > 3 and word.startswith(("ال", "وال", "بال", "لل")))
    for name, own in _LETTERS.items():
        scores[name] += 0.5 * sum(text.count(letter) for letter in own)
    best = max(scores, key=lambda name: (scores[name], name == "ar"))
    return best if scores[best] > 0 else "ar"
