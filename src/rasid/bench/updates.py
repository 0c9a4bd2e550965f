"""Updates made on purpose: a real article comes again from another outlet with one toll changed."""

import random
import re
from collections.abc import Iterable

import msgspec

from processors.dedupe.deduper import Deduper
from processors.dedupe.figures import read
from processors.dedupe.folding import code_units, words
from rasid.messages import TextArticle

_STEPS = (-2, -1, 1, 3, 9, 20)


def updates_found(articles: Iterable[TextArticle]) -> dict[str, float]:
    """How many changed tolls are told as updates: `made`, `found` and `share`. One toll of each article that has one."""
    chance = random.Random(1)
    made = found = 0
    for article in articles:
        changed = _changed(article, chance)
        if changed is None:
            continue
        deduper = Deduper()
        deduper.check(msgspec.structs.replace(article, url="", sketch=()))
        made += 1
        found += deduper.check(changed).verdict.kind == "update"
    return {"made": made, "found": found, "share": round(found / max(1, made), 4)}


def _changed(article: TextArticle, chance: random.Random) -> TextArticle | None:
    """The article with another toll, None where it has none in digits that stands there once."""
    tolls = [figure for figure in read(words(code_units(article.text)).split()) if figure.category]
    once = [
        figure.value
        for figure in tolls
        if figure.value in figure.words.split()
        and figure.value.isdigit()
        and 2 < int(figure.value) < 3000
        and len(re.findall(_alone(figure.value), article.text)) == 1
    ]
    if not once or len(article.text) < 200:
        return None
    old = chance.choice(once)
    new = str(int(old) + chance.choice(_STEPS))
    if any(figure.value == new for figure in tolls):
        return None
    text = re.sub(_alone(old), new, article.text)
    return msgspec.structs.replace(article, article_id="update", text=text, outlet="another", url="", sketch=())


def _alone(value: str) -> str:
    return rf"(?<!\d){re.escape(value)}(?!\d)"
