"""Where something happened: the places of an event word, a count or a predicate.

Order (guidelines): places named in the clause after the word, with those coordinated to them; else before it; else the nearest
of the sentence; else the place that «المدينة» means; else the last one of the sentence before; else the article's first. Of an
area and places in it, told in one sentence, the inner places count.
"""

from processors.marks import Marks
from processors.objects import antecedent, coordinated
from processors.reading import PlaceHit
from processors.words import listed, words
from rasid.messages import PlaceRef

_WIDE = frozenset({"محافظه", "ريف", "ولايه", "اقليم", "منطقه", "قضاء", "مديريه", "لواء", "قطاع"})
_NAMELY = listed("خصوصا خاصه لاسيما تحديدا وبخاصه سيما بينها منها ابرزها وتحديدا")
_NOT_WHERE = frozenset({"الي", "نحو", "باتجاه", "صوب", "كلم", "كيلومترا", "كم"})


def places_of(marks: Marks, at: int, reach: int = 40, ahead: bool = False) -> list[PlaceHit]:
    """The places of the word at a token, innermost; [] where the article names none.

    Args:
        ahead: where its clause names none, look on before looking back (a verb has its complements behind it).
    """
    clause, sentence = marks.clause(at), marks.sentence(at)
    own = own_places(marks, at, reach)
    if own:
        return own
    before = _last_before(marks, clause.first, sentence.first)
    after = _first_after(marks, clause.last, sentence.last)
    if after and (ahead or not before):
        return _inner(marks, after, sentence.last)
    if before:
        return _group(marks, before)
    return _from_context(marks, at)


def own_places(marks: Marks, at: int, reach: int = 40) -> list[PlaceHit]:
    """The places that the word's own clause tells."""
    clause = marks.clause(at)
    suffered = any(marks.plain(k) in ("تعرضت", "تعرض", "خضعت", "تعرضتا") for k in range(max(clause.first, at - 25), at))
    before = _last_before(marks, at, marks.sentence(at).first) if suffered else None
    if before:
        return _group(marks, before)
    after = _first_after(marks, at, min(clause.last, at + reach))
    if after:
        return _inner(marks, after, clause.last)
    before = _last_before(marks, at, clause.first)
    if before:
        return _group(marks, before)
    meant = _meant(marks, at, clause.first, clause.last)
    return [meant] if meant else []


def place_of(marks: Marks, at: int) -> PlaceRef | None:
    """The one place of a count: the first of its places."""
    found = places_of(marks, at)
    return found[0].ref if found else None


def _from_context(marks: Marks, at: int) -> list[PlaceHit]:
    number = marks.sentence_at[at]
    if number:
        previous = marks.reading.sentences[number - 1]
        before = _last_before(marks, previous.last, previous.first)
        if before:
            return _group(marks, before)
    lead = next((hit for hit in marks.reading.places if not hit.in_name and not hit.dateline), None)
    return [lead] if lead else []


def _usable(marks: Marks, hit: PlaceHit) -> bool:
    begin = min(hit.head_first, hit.first) if hit.head else hit.first
    return marks.plain(begin - 1) not in _NOT_WHERE and "كلم" not in (marks.word(begin - 2), marks.word(begin - 3))


def _first_after(marks: Marks, start: int, end: int) -> PlaceHit | None:
    for step in range(start, end):
        hit = marks.place_at.get(step)
        if hit and hit.first == step and _usable(marks, hit):
            return hit
    return None


def _last_before(marks: Marks, start: int, first: int) -> PlaceHit | None:
    for step in range(start - 1, first - 1, -1):
        hit = marks.place_at.get(step)
        if hit and _usable(marks, hit):
            return hit
    return None


def _meant(marks: Marks, at: int, first: int, last: int) -> PlaceHit | None:
    for step in range(first, last):
        word = marks.plain(step)
        if word in words("resolve") and not marks.place_from.get(step + 1) and not marks.place_at.get(step + 1):
            return antecedent(marks, step, word)
    return None


def _group(marks: Marks, hit: PlaceHit) -> list[PlaceHit]:
    """The list that a hit belongs to; of «بلدة س جنوب ص بريف ع» the one at the head, س with those coordinated to it."""
    places = [place for place in marks.reading.places if not place.in_name and not place.dateline]
    index = places.index(hit) if hit in places else -1
    while index > 0 and _inside(marks, places[index - 1], places[index]):
        index -= 1
    first = index
    while first > 0 and _joined(marks, places[first - 1], places[first]):
        first -= 1
    return places[first : index + 1] if index >= 0 else [hit]


def _begin(hit: PlaceHit) -> int:
    return min(hit.head_first, hit.first) if hit.head else hit.first


def _inside(marks: Marks, outer: PlaceHit, inner: PlaceHit) -> bool:
    """Between two places stand only words that put the first into the second: «في», «شمال», «بريف»."""
    between = range(outer.last, _begin(inner))
    if len(between) > 3 or marks.sentence_at[outer.first] != marks.sentence_at[inner.first]:
        return False
    linked = (
        inner.proclitic.endswith("ب")
        or marks.word(_begin(inner)).startswith("ب")
        or any(marks.plain(k) in _LINKS for k in between)
    )
    return linked and all(
        marks.plain(k) in _LINKS or marks.plain(k) in words("head") or not marks.word(k)[:1].isalnum() for k in between
    )


def _joined(marks: Marks, one: PlaceHit, two: PlaceHit) -> bool:
    """«س وص», «س، وبلدة ص»."""
    between = range(one.last, _begin(two))
    if len(between) > 2 or marks.sentence_at[one.first] != marks.sentence_at[two.first]:
        return False
    return (
        (two.group == one.group > 0)
        or marks.joins(_begin(two))
        or two.proclitic.startswith("و")
        or marks.word(_begin(two) - 1) == "و"
    )


_LINKS = listed("في شمال جنوب شرق غرب شمالي جنوبي شرقي غربي وسط بريف قرب من ريف")


def _inner(marks: Marks, hit: PlaceHit, end: int) -> list[PlaceHit]:
    """The coordinated places that begin with a hit; «في ريف حلب، في بلدتي س وص» goes on to the inner ones."""
    found = coordinated(marks, hit, end)
    last = found[-1]
    if hit.head in _WIDE or hit.ref.place_type in ("governorate", "area") or marks.plain(last.last + 1) in _NAMELY:
        following = _first_after(marks, last.last, min(end, last.last + 6))
        named = following is not None and (following.head or marks.plain(last.last + 1) in _NAMELY)
        if following and named and following.head not in _WIDE and not _behind_direction(marks, following):
            return coordinated(marks, following, end)
    return found


def _behind_direction(marks: Marks, hit: PlaceHit) -> bool:
    begin = min(hit.head_first, hit.first) if hit.head else hit.first
    return marks.plain(begin - 1) in ("قرب", "شمال", "جنوب", "شرق", "غرب", "شمالي", "جنوبي", "شرقي", "غربي", "من")
