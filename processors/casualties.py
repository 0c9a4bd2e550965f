"""Layers 3 to 5 for casualties: who was killed and injured, how many, where, by what.

The counts of a sentence (counts.py) with their parts (parts.py) become entries: killed and injured of one sentence told side by side are
one; a figure told twice is one; what a headline tells in part is left to the whole.
"""

from processors.causes import cause_of
from processors.counts import Count, counts_of
from processors.deaths import KILLED, WOUNDED
from processors.marks import Marks, mark
from processors.parts import with_parts
from processors.reading import Reading
from processors.register import no_war
from processors.victims import described
from processors.where import place_of
from rasid.messages import Casualty


def find_casualties(reading: Reading, marks: Marks | None = None) -> tuple[Casualty, ...]:
    """One entry a distinct count that the article states; evidence spans are code points into `reading.text`."""
    marks = marks or mark(reading)
    if no_war(marks):
        return ()
    entries: list[Casualty] = []
    for number, sentence in enumerate(reading.sentences):
        counts = with_parts(marks, counts_of(marks, sentence.first, sentence.last), sentence.first, sentence.last)
        for group in _paired(marks, counts):
            entry = _entry(marks, number, group)
            if entry and not any(_same(entry, other) for other in entries):
                entries.append(entry)
    return tuple(entry for entry in entries if not any(_says_less(entry, other) for other in entries))


def _says_less(one: Casualty, two: Casualty) -> bool:
    """The killed of a toll that is told elsewhere in the article with its injured («قتل 18 شخصا» in a headline)."""
    if (
        one is two
        or one.killed_min is None
        or one.killed_min < 3
        or one.injured_min is not None
        or two.injured_min is None
    ):
        return False
    if one.place != two.place and one.place is not None:
        return False
    return (one.killed_min, one.killed_max) == (two.killed_min, two.killed_max) and one.children in (None, two.children)


# --- counts of a sentence


def _paired(marks: Marks, counts: list[Count]) -> list[list[Count]]:
    """Killed and injured told side by side; a count of both, or of one, alone."""
    groups: list[list[Count]] = []
    for count in counts:
        open_group = groups[-1] if groups and len(groups[-1]) == 1 and not count.part else None
        if open_group and _fits(marks, open_group[0], count):
            open_group.append(count)
        else:
            groups.append([count])
    return groups


def _fits(marks: Marks, one: Count, two: Count) -> bool:
    if one.part or one.roles & two.roles or len(one.roles | two.roles) != 2:
        return False
    if (one.low is None and one.high is None) != (two.low is None and two.high is None):
        return False
    between = range(one.last, two.first)
    if len(between) > 26 or any(marks.word(k) in ("؛", ".") for k in between):
        return False
    return not any(marks.plain(k) in ("مقابل", "بالمقابل") for k in between)


def _entry(marks: Marks, number: int, group: list[Count]) -> Casualty | None:
    killed = next((count for count in group if KILLED in count.roles), None)
    wounded = next((count for count in group if WOUNDED in count.roles), None)
    first, last = min(count.first for count in group), max(count.last for count in group)
    anchor = min(min(count.anchor for count in group), first)
    cause = cause_of(marks, anchor, last, number)
    if cause is None:
        return None
    who = described(marks, group[0].first, group[0].last, group[0].who)
    tokens = marks.reading.tokens
    end = max(last, *(count.last for count in group), *(count.anchor + 1 for count in group))
    evidence = marks.reading.span(tokens[anchor].start, tokens[min(end + 1, len(tokens) - 1)].end)
    children = next((count.children for count in group if count.children is not None), None)
    women = next((count.women for count in group if count.women is not None), None)
    return Casualty(
        killed_min=killed.low if killed else None,
        killed_max=killed.high if killed else None,
        injured_min=wounded.low if wounded else None,
        injured_max=wounded.high if wounded else None,
        children=children,
        women=women,
        victims="civilians" if who[0] == "unknown" and (children or women) else who[0],
        side=who[1],
        place=place_of(marks, anchor),
        cause=cause,
        scope=_scope(marks, anchor),
        conservative=_conservative(killed),
        phrase=marks.reading.text[tokens[anchor].start : tokens[end - 1].end],
        evidence=evidence,
    )


def _conservative(killed: Count | None) -> int | None:
    """ACLED: the lowest number told; a vague plural is 3."""
    if killed is None:
        return None
    return killed.low if killed.low is not None else 3


def _scope(marks: Marks, at: int) -> str:
    sentence = marks.sentence(at)
    words_ = [marks.plain(k) for k in range(sentence.first, sentence.last)]
    for index, word in enumerate(words_):
        after = words_[index + 1] if index + 1 < len(words_) else ""
        if word in ("منذ", "خلال") and after in (
            "عام",
            "اعوام",
            "سنوات",
            "شهر",
            "اشهر",
            "بدايه",
            "اندلاع",
            "انطلاق",
            "بدء",
            "اسابيع",
            "العام",
            "الشهر",
        ):
            return "cumulative"
        if word in ("اجمالي", "اجماليه", "مجموع", "مقبره", "المقبره") or (word == "حتي" and after == "الان"):
            return "cumulative"
    return "incident"


def _same(one: Casualty, two: Casualty) -> bool:
    """The same count told again: equal figures, and not so small that they may be of another incident."""
    figures = (one.killed_min, one.killed_max, one.injured_min, one.injured_max)
    if figures != (two.killed_min, two.killed_max, two.injured_min, two.injured_max):
        return False
    most = max(one.killed_min or 0, one.injured_min or 0)
    if most <= 1:
        return one.phrase == two.phrase and one.place == two.place and one.cause == two.cause
    same_place = one.place == two.place or one.place is None or two.place is None
    return same_place or (most > 4 and one.cause == two.cause)
