"""ACLED sub-events and PLOVER types for what was read.

Rules: ACLED codebook (a government that takes a place back by arms is *Government regains territory*, another force that
takes one *Non-state actor overtakes territory*, a change without a fight *Non-violent transfer of territory*); PLOVER 2.0
(capture is COERCE/seize, withdrawal RETREAT/withdraw, attacks ASSAULT with the means as mode).
"""

GOVERNMENTS = frozenset({"SY-GOV", "IQ-GOV", "YE-GOV", "LY-GNA", "LB-ARMY", "EG-GOV", "SD-ARMY"})
"""Sides that are the recognised government of the country whose war they fight."""
_HOME = {
    "SY": "SY-GOV",
    "IQ": "IQ-GOV",
    "YE": "YE-GOV",
    "LY": "LY-GNA",
    "LB": "LB-ARMY",
    "EG": "EG-GOV",
    "SD": "SD-ARMY",
}
_EVENTS = {
    "armed_clash": ("Armed clash", "ASSAULT/firearms"),
    "air_strike": ("Air/drone strike", "ASSAULT/aerial"),
    "shelling": ("Shelling/artillery/missile attack", "ASSAULT/heavy-weapons"),
    "bombing": ("Remote explosive/landmine/IED", "ASSAULT/explosives"),
    "killing": ("Attack", "ASSAULT/targeted"),
    "abduction": ("Abduction/forced disappearance", "ASSAULT/abduct"),
    "siege": ("Other", "COERCE/restrict"),
    "truce": ("Agreement", "RETREAT/ceasefire"),
    "protest": ("Peaceful protest", "PROTEST/demo"),
}


def control_codes(to: str | None, manner: str, country: str) -> tuple[str, str]:
    """(ACLED sub-event, PLOVER type/mode) of a change of control."""
    if manner in ("withdrew", "handed_over"):
        return "Non-violent transfer of territory", "RETREAT/withdraw" if manner == "withdrew" else "RETREAT/access"
    home = _HOME.get(country)
    regained = to is not None and (to == home or (home is None and to in GOVERNMENTS))
    return ("Government regains territory" if regained else "Non-state actor overtakes territory"), "COERCE/seize"


def event_codes(kind: str, suicide: bool = False) -> tuple[str, str]:
    """(ACLED sub-event, PLOVER type/mode) of an event of the guidelines' nine types."""
    acled, plover = _EVENTS[kind]
    if kind == "bombing" and suicide:
        return "Suicide bomb", "ASSAULT/suicide-attack"
    return acled, plover
