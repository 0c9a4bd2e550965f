"""The story that comes with the project, and a clock that tests move by hand."""

from dataclasses import dataclass

import pytest

from rasid.newswire.articles import Newswire, load
from rasid.newswire.expected import Expected, load_expected


@dataclass
class HandClock:
    """Wall time in seconds since 1970 that moves only when a test says so."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="session")
def newswire() -> Newswire:
    return load()


@pytest.fixture(scope="session")
def expected(newswire: Newswire) -> Expected:
    return load_expected(newswire)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()
