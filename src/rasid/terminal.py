"""Text of feeds on a terminal: nothing in it may steer the terminal, and Arabic stands right in a mixed line."""

import re
import unicodedata

FSI, PDI = "\u2068", "\u2069"
"""First strong isolate and its end: what is between them has a direction of its own and does not move its neighbours."""

_SEQUENCE = re.compile(
    r"""
    \x1b\[[0-?]*[ -/]*[@-~]?                              # CSI: colours, cursor
    | \x1b[\]PX^_][^\x07\x1b\n]{0,4096}(?:\x07|\x1b\\)    # OSC, DCS, SOS, PM, APC: title, clipboard, links
    | \x1b[ -/]*[0-~]?                                    # other escapes, and the head of what has no end
    """,
    re.VERBOSE,
)
_SPACES = re.compile(r"[ \t\r\n\v\f\x85\u2028\u2029]+")
_BREAKS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_STEERING = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
"""Direction marks, embeddings, overrides and isolates, invisible operators, tags. ZWNJ and ZWJ stay: they shape words."""
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str, lines: bool = False) -> str:
    """The text without what would steer a terminal: escape sequences, control characters, direction overrides.

    Args:
        text: from a feed, a page, a server's answer.
        lines: keep line breaks; else all white space becomes single spaces.
    """
    text = _STEERING.sub("", _SEQUENCE.sub("", text))
    if lines:
        return _CONTROLS.sub("", _BREAKS.sub("\n", text).replace("\t", " "))
    return _CONTROLS.sub("", _SPACES.sub(" ", text)).strip()


def isolate(text: str) -> str:
    """The text, between isolates where it holds right-to-left letters, so that it can stand in a line with Latin ones.

    Give it each piece of a mixed line by itself (title, outlet, place), cleaned before.
    """
    if any(unicodedata.bidirectional(letter) in {"R", "AL", "AN"} for letter in text):
        return f"{FSI}{text}{PDI}"
    return text
