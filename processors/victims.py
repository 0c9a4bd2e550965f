"""Who the victims were: civilians, fighters of a side, or unknown."""

from processors.marks import Marks
from processors.words import Person, person, words

_SIDE_WORDS = frozenset({"صفوف", "من", "عناصر", "مقاتلي", "مسلحي", "قوات"})


def _of_the_same(marks: Marks, at: int) -> bool:
    """«80 قتيلا وعشرات الجرحى في صفوف»: injured of the same body follow."""
    near = [who for k in range(at, at + 3) if (who := person(marks.word(k))) is not None]
    return any(who.kind in ("dead", "wounded") for who in near)


def described(marks: Marks, first: int, last: int, who: Person | None) -> tuple[str, str | None]:
    """(victims, side) of a count at tokens [first, last): its noun and the body named right after it."""
    kind = "unknown"
    if who:
        kind = {"civilian": "civilians", "child": "civilians", "woman": "civilians", "combatant": "combatants"}.get(
            who.kind, "unknown"
        )
    for at in range(last, min(last + 9, len(marks.folded))):
        word = marks.word(at)
        if (marks.joins(at) or word == "و") and not _of_the_same(marks, at):
            break
        actor = marks.actor_at.get(at)
        if actor and actor.role == "party" and (at - last <= 3 or marks.plain(actor.first - 1) in _SIDE_WORDS):
            return "combatants", actor.side
        if actor and actor.role == "civilians":
            return "civilians", None
        if word in ("المدنيين", "مدنيا", "مدنيون", "مدنيين", "الاهالي", "السكان"):
            return "civilians", None
        if (
            word in (".", "،", "\n")
            or marks.is_finite(at)
            or (word in ("في", "جراء", "اثر", "خلال") and marks.plain(at + 1) != "صفوف")
        ):
            break
        if word in words("armed") and kind == "unknown":
            kind = "combatants"
    return kind, None
