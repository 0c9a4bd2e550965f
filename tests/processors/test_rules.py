"""Alert rules: the file, its linter, and what matches."""

from pathlib import Path
from typing import Any

import pytest

from processors.ledger import apply
from processors.rules import KEYS, LISTS, Rule, alerts_of, lint, load_rules, meets, parse_rules
from rasid.errors import Usage
from rasid.messages import Alert, Change
from tests.processors.ledger_cases import CASES, DAY_0, DAY_MS, PLACE, claims_in

HOUR_MS = 3_600_000


def change(**fields: Any) -> Change:
    base: dict[str, Any] = {
        "change_id": "c",
        "place": PLACE,
        "holder": "SY-GOV",
        "standing": "reported",
        "previous_holder": "ISIS",
        "at": DAY_0,
    }
    return Change(**base | fields)


def rule(**fields: Any) -> Rule:
    return Rule(id="r", **fields)


def test_the_rules_of_the_project_are_right_and_tell_everything() -> None:
    (only,) = load_rules()
    for standing in ("claimed", "reported", "confirmed", "disputed", "reversed", "corrected"):
        assert meets(change(standing=standing), only)


def test_every_change_of_every_scenario_makes_one_alert_with_its_own_id() -> None:
    ids = []
    for case in CASES:
        state = None
        for claim in claims_in(case):
            state, changes = apply(state, claim)
            for one in changes:
                ids += [(case["name"], alert.alert_id) for alert in alerts_of(one, load_rules(), DAY_MS, one.at)]
    assert len(ids) == len(set(ids)) == sum(len(case["changes"]) for case in CASES)


@pytest.mark.parametrize(("age", "count"), [(0, 1), (72 * HOUR_MS, 1), (72 * HOUR_MS + 1, 0), (-HOUR_MS, 1)], ids=str)
def test_old_news_found_late_makes_no_alert(age: int, count: int) -> None:
    assert len(alerts_of(change(), (rule(),), 72 * HOUR_MS, DAY_0 + age)) == count


def test_an_alert_id_depends_on_rule_and_change_only() -> None:
    one, later = (alerts_of(change(), (rule(),), DAY_MS, DAY_0 + age)[0] for age in (0, HOUR_MS))
    assert one == later
    assert alerts_of(change(), (Rule(id="other"),), DAY_MS, DAY_0)[0].alert_id != one.alert_id
    assert alerts_of(change(change_id="d"), (rule(),), DAY_MS, DAY_0)[0].alert_id != one.alert_id


MATCHES: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({}, {}, True),
    ({"enabled": False}, {}, True),
    ({"standings": ("confirmed",)}, {}, False),
    ({"to": ("SY-GOV",)}, {}, True),
    ({"to": ("ISIS",)}, {}, False),
    ({"from_": ("ISIS",)}, {}, True),
    ({"from_": ("SY-GOV",)}, {}, False),
    ({"sides": ("ISIS",)}, {}, True),
    ({"sides": ("SDF",)}, {}, False),
    ({"places": ("SY-0001",)}, {}, True),
    ({"places": ("تل النخيل",)}, {}, True),
    ({"places": ("tall al-nakhil",)}, {}, True),
    ({"places": ("تل",)}, {}, False),
    ({"governorates": ("حلب",)}, {}, True),
    ({"governorates": ("إدلب",)}, {}, False),
    ({"countries": ("SY", "IQ")}, {}, True),
    ({"countries": ("IQ",)}, {}, False),
    ({"countries": ("SY",), "to": ("ISIS",)}, {}, False),
    ({"tell": "first"}, {}, True),
    ({"tell": "first"}, {"follow_up": True, "standing": "confirmed"}, False),
    ({"tell": "first"}, {"follow_up": False, "standing": "corrected"}, True),
    ({"standings": ("claimed",)}, {"standing": "corrected", "previous_standing": "claimed"}, True),
    ({"standings": ("claimed",)}, {"standing": "corrected", "previous_standing": "reported"}, False),
    ({"to": ("ISIS",)}, {"standing": "reversed", "holder": None, "previous_holder": "ISIS"}, True),
]


@pytest.mark.parametrize(("conditions", "fields", "expected"), MATCHES, ids=lambda value: str(value))
def test_a_rule_matches(conditions: dict[str, Any], fields: dict[str, Any], expected: bool) -> None:
    assert meets(change(**fields), rule(**conditions)) is expected


def test_a_disabled_rule_is_not_loaded_and_makes_no_alert(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text('[[rule]]\nid = "a"\nenabled = false\n[[rule]]\nid = "b"\n', encoding="utf-8")
    assert [one.id for one in load_rules(path)] == ["b"]
    assert alerts_of(change(), (rule(enabled=False),), DAY_MS, DAY_0) == ()


MISTAKES = [
    ('[[rule]]\nname = "x"\n', "line 1: a rule needs an id"),
    ('[[rule]]\nid = "a"\n[[rule]]\nid = "a"\n', "line 4: the id 'a' stands there twice"),
    (
        '[[rule]]\nid = "a"\n\nstandings = ["claimed", "rumoured"]\n',
        "line 4: the standing 'rumoured' is unknown; allowed",
    ),
    ('[[rule]]\nid = "a"\nto = ["SY-REBELS"]\n', "line 3: the side 'SY-REBELS' is unknown"),
    ('[[rule]]\nid = "a"\nto = "ISIS"\n', "line 3: to is 'ISIS'; it must be a list"),
    ('[[rule]]\nid = "a"\ncountries = ["Syria"]\n', "line 3: the country 'Syria' is no ISO code"),
    ('[[rule]]\nid = "a"\nseverity = "urgent"\n', "line 3: severity is 'urgent'; it must be one of normal, high"),
    ('[[rule]]\nid = "a"\ntell = "once"\n', "line 3: tell is 'once'; it must be one of each, first"),
    ('[[rule]]\nid = "a"\nenabled = "yes"\n', "line 3: enabled is 'yes'; it must be true or false"),
    ('[[rule]]\nid = "a"\ntowns = ["x"]\n', "line 3: the key 'towns' is unknown; allowed are id, name"),
    ('[[rule]]\nid = "a"\nname = 3\n', "line 3: name is 3; it must be a text"),
    ('[[rule]]\nid = "a"\nplaces = [3]\n', "line 3: places is [3]; it must be a list of texts"),
    ('[rule]\nid = "a"\n', "write [[rule]], in double brackets"),
    ('[[rules]]\nid = "a"\n', "'rules' is unknown at the top"),
    ("[[rule]\n", "is no TOML"),
]


@pytest.mark.parametrize(("text", "complaint"), MISTAKES, ids=[complaint for _, complaint in MISTAKES])
def test_a_mistake_is_told_with_its_line(text: str, complaint: str) -> None:
    assert complaint in lint(text)[0]
    with pytest.raises(Usage) as caught:
        parse_rules(text)
    assert complaint in str(caught.value)


def test_all_mistakes_are_told_at_once() -> None:
    assert len(lint('[[rule]]\nid = "a"\nto = ["X", "Y"]\nseverity = 1\n')) == 3


def test_every_key_can_be_set() -> None:
    values = {"standings": "claimed", "to": "ISIS", "from": "ISIS", "sides": "OTHER:كتيبة", "countries": "SY"}
    lines = [f'{key} = ["{values.get(key, "حلب")}"]' for key in LISTS]
    (one,) = parse_rules('[[rule]]\nid = "a"\nname = "b"\nseverity = "high"\ntell = "first"\n' + "\n".join(lines))
    assert one.from_ == ("ISIS",)
    assert one.severity == "high"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Usage, match=r"cannot read the rules file .*none\.toml"):
        load_rules(tmp_path / "none.toml")


def test_the_docs_have_a_heading_for_each_key_and_field() -> None:
    page = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")
    headings = {line.removeprefix("### ") for line in page.splitlines() if line.startswith("### ")}
    assert {*KEYS, *(name for name in Alert.__struct_fields__ if name != "v")} <= headings
