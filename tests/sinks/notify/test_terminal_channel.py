"""Alerts on a terminal."""

import errno

import msgspec
import pytest

from processors.sample import sample_alert
from rasid.errors import Retry
from sinks.notify.terminal import TerminalChannel, block

ALERT = sample_alert(1_456_790_400_000)


async def test_an_alert_is_written_as_one_block() -> None:
    written: list[str] = []
    await TerminalChannel(written.append).send(ALERT)
    assert written == [block(ALERT)]
    assert TerminalChannel(written.append).name == "terminal"


def test_each_line_is_isolated_and_has_its_bar() -> None:
    lines = block(ALERT).splitlines()
    assert len(lines) == 2 + len(ALERT.body.splitlines())
    for line in lines:
        assert line.startswith("▌ ")
        assert line.count("\u2068") == line.count("\u2069") <= 1
    assert lines[0] == f"▌ \u2068{ALERT.title_ar}\u2069"


def test_a_grave_alert_has_a_heavier_bar() -> None:
    assert block(msgspec.structs.replace(ALERT, severity="high")).startswith("█ ")


@pytest.mark.parametrize(
    "evil",
    [
        "\x1b[2J\x1b[1;31mred",
        "\x1b]0;title\x07",
        "\x9b31m",
        "\u202eevil",
        "\u2067\u2067open",
        "a\rb",
        "a\x08b",
        "\u2029",
    ],
    ids=repr,
)
def test_nothing_from_a_feed_steers_the_terminal(evil: str) -> None:
    alert = msgspec.structs.replace(
        ALERT, title_ar=f"س{evil}ص", title_en=f"x{evil}y", body=f"{ALERT.body}\nس{evil}ص\nlast"
    )
    text = block(alert)
    controls = [letter for letter in text if letter < " " or "\x7f" <= letter <= "\x9f"]
    assert set(controls) <= {"\n"}
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2028\u2029\u200e\u200f")
    assert text.splitlines()[-1] == "▌ last"


async def test_a_stream_that_is_gone_is_tried_again() -> None:
    def gone(_text: str) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    with pytest.raises(Retry, match="cannot write alerts to the terminal: Broken pipe"):
        await TerminalChannel(gone).send(ALERT)
