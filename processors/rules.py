"""Alert rules: which changes of the ledger make an alert. The file is seeds/rules.toml, its keys are in docs/alerts.md."""

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from processors.folding import fold_word
from processors.sides import known
from processors.wording import NO_NAMES, body, title_ar, title_en
from rasid.errors import Usage
from rasid.messages import Alert, Change

STANDINGS = ("claimed", "reported", "confirmed", "disputed", "reversed", "corrected")
CHOICES: Mapping[str, tuple[str, ...]] = {"tell": ("each", "first"), "severity": ("normal", "high")}
LISTS = ("standings", "to", "from", "sides", "places", "governorates", "countries")
KEYS = ("id", "name", "enabled", *CHOICES, *LISTS)


@dataclass(frozen=True)
class Rule:
    """One rule. An empty list sets no condition; all conditions must hold.

    Attributes:
        id: stable: alert ids are made of it.
        name: for people.
        standings: of the change; empty for all.
        to: sides of which one holds the place now. from_: sides of which one held it before. sides: either.
        places: place ids or names, Arabic or English. governorates: Arabic. countries: ISO 3166 alpha-2.
        tell: `each` standing of a taking, or only the `first` (corrections and reversals always follow).
        severity: `normal` or `high`.
    """

    id: str
    name: str = ""
    enabled: bool = True
    tell: str = "each"
    severity: str = "normal"
    standings: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    from_: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    governorates: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()


def load_rules(path: Path | None = None) -> tuple[Rule, ...]:
    """The enabled rules of a file, by default seeds/rules.toml.

    Raises:
        Usage: the file is missing or wrong; the message names file, line, key and what is allowed.
    """
    return tuple(rule for rule in parse_rules(*rules_text(path)) if rule.enabled)


def rules_text(path: Path | None = None) -> tuple[str, str]:
    """The text of a rules file and its name for messages.

    Raises:
        Usage: it cannot be read.
    """
    name = str(path) if path else "seeds/rules.toml"
    try:
        return (path.read_text("utf-8") if path else files("seeds").joinpath("rules.toml").read_text("utf-8")), name
    except (OSError, UnicodeDecodeError) as error:
        raise Usage(f"cannot read the rules file {name}: {error}") from error


def parse_rules(text: str, name: str = "rules.toml") -> tuple[Rule, ...]:
    """All rules of a TOML text, disabled ones too.

    Raises:
        Usage: at the first mistake.
    """
    problems = lint(text, name)
    if problems:
        raise Usage(problems[0])
    return tuple(_rule(row) for row in tomllib.loads(text).get("rule", []))


def _rule(row: Mapping[str, Any]) -> Rule:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    if "from" in fields:
        fields["from_"] = fields.pop("from")
    return Rule(**fields)


def lint(text: str, name: str = "rules.toml") -> tuple[str, ...]:
    """Every mistake of a rules file, one sentence each, with line and key; () for a right one."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return (f"{name} is no TOML: {error}",)
    strangers = [f"{name}: {key!r} is unknown at the top; rules begin with [[rule]]" for key in table if key != "rule"]
    rows = table.get("rule", [])
    if strangers or not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return tuple(strangers) or (f"{name}: write [[rule]], in double brackets",)
    problems = []
    ids: list[object] = []
    for number, row in enumerate(rows):
        for key, complaint in _complaints(row):
            problems.append(f"{name}, line {_line(text, number, key)}: {complaint}")
        if row.get("id") in ids:
            problems.append(f"{name}, line {_line(text, number, 'id')}: the id {row.get('id')!r} stands there twice")
        ids.append(row.get("id"))
    return tuple(problems)


def _complaints(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Key and complaint for each mistake of one rule."""
    found = []
    if not isinstance(row.get("id"), str) or not row["id"].strip():
        found.append(("id", "a rule needs an id, a text that stays the same"))
    for key, value in row.items():
        if key not in KEYS:
            found.append((key, f"the key {key!r} is unknown; allowed are {', '.join(KEYS)}"))
        elif key in LISTS:
            found += [(key, complaint) for complaint in _list_complaints(key, value)]
        elif key == "enabled" and not isinstance(value, bool):
            found.append((key, f"enabled is {value!r}; it must be true or false"))
        elif key in CHOICES and value not in CHOICES[key]:
            found.append((key, f"{key} is {value!r}; it must be one of {', '.join(CHOICES[key])}"))
        elif key == "name" and not isinstance(value, str):
            found.append((key, f"name is {value!r}; it must be a text"))
    return found


def _list_complaints(key: str, value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        return [f'{key} is {value!r}; it must be a list of texts, like ["…"]']
    if key == "standings":
        return [
            f"the standing {one!r} is unknown; allowed are {', '.join(STANDINGS)}"
            for one in value
            if one not in STANDINGS
        ]
    if key in {"to", "from", "sides"}:
        return [f"the side {one!r} is unknown; seeds/sides.toml lists them" for one in value if not known(one)]
    if key == "countries":
        wrong = [one for one in value if not re.fullmatch("[A-Z]{2}", one)]
        return [f"the country {one!r} is no ISO code of two capital letters" for one in wrong]
    return []


def _line(text: str, number: int, key: str) -> int:
    """Line of a key in the rule with that number (from 0), else of the rule's head; counted from 1."""
    lines = text.splitlines()
    heads = [index for index, line in enumerate(lines) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]
    if number >= len(heads):
        return 1
    end = heads[number + 1] if number + 1 < len(heads) else len(lines)
    for index in range(heads[number], end):
        if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", lines[index]):
            return index + 1
    return heads[number] + 1


def alerts_of(
    change: Change, rules: Sequence[Rule], max_age_ms: int, now_ms: int, outlets: Mapping[str, str] = NO_NAMES
) -> tuple[Alert, ...]:
    """The alerts that a change makes: one for each rule that it meets.

    Args:
        max_age_ms: a change whose article was published longer ago makes none: old news that was found late.
        now_ms: the time now, ms UTC.
        outlets: names of outlets by id, for the words.

    Returns:
        Alerts with ids made of rule and change, so that the same change gives the same alerts.
    """
    if now_ms - change.at > max_age_ms:
        return ()
    return tuple(_alert(change, rule, outlets) for rule in rules if rule.enabled and meets(change, rule))


def _alert(change: Change, rule: Rule, outlets: Mapping[str, str]) -> Alert:
    key = f"{rule.id}\x1f{change.change_id}"
    return Alert(
        alert_id=hashlib.blake2b(key.encode(), digest_size=12).hexdigest(),
        rule=rule.id,
        change=change,
        title_ar=title_ar(change),
        title_en=title_en(change),
        body=body(change, outlets),
        severity=rule.severity,
    )


def meets(change: Change, rule: Rule) -> bool:
    """Whether a change meets all conditions of a rule.

    A correction or reversal matches by the sides before and after it and by the standing that it ends, so that
    whoever was told of the taking is told of its end.
    """
    now, before = {change.holder} - {None}, {change.previous_holder} - {None}
    undone = change.standing in {"corrected", "reversed"}
    to, from_ = (now | before, now | before) if undone else (now, before)
    sides_meet = all(
        not wanted or set(wanted) & found
        for wanted, found in ((rule.to, to), (rule.from_, from_), (rule.sides, now | before))
    )
    standings = {change.standing, change.previous_standing} if undone else {change.standing}
    standing_meets = not rule.standings or bool(standings & set(rule.standings))
    first_meets = rule.tell == "each" or undone or not change.follow_up
    return sides_meet and standing_meets and first_meets and _place_meets(change, rule)


def _place_meets(change: Change, rule: Rule) -> bool:
    place = change.place
    names = {place.place_id, *map(_folded, (place.name, place.name_ar, place.name_en))}
    if rule.places and not names & {one for wanted in rule.places for one in (wanted, _folded(wanted))}:
        return False
    if rule.governorates and _folded(place.admin1) not in {_folded(one) for one in rule.governorates}:
        return False
    return not rule.countries or place.country in rule.countries


def _folded(name: str) -> str:
    return " ".join(fold_word(word) for word in name.casefold().split())
