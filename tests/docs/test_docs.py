"""The docs cannot rot: the reference pages are what the code says, and links lead somewhere."""

import re
from pathlib import Path

import pytest

from rasid import reference, topics
from rasid.cli import COMMANDS
from rasid.settings import Settings

DOCS = Path(__file__).parents[2] / "docs"
ROOT = DOCS.parent
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


@pytest.mark.parametrize("name", sorted(reference.PAGES))
def test_a_reference_page_is_what_the_code_says(name: str) -> None:
    written = (DOCS / "reference" / name).read_text(encoding="utf-8")
    assert written == reference.PAGES[name](), "run: python -m rasid.reference docs/reference"


def test_every_setting_topic_and_command_has_its_heading() -> None:
    headings = {
        line.removeprefix("## ")
        for name in reference.PAGES
        for line in (DOCS / "reference" / name).read_text(encoding="utf-8").splitlines()
        if line.startswith("## ")
    }
    wanted = {f"RASID_{name.upper()}" for name in Settings.model_fields}
    wanted |= {topic.name for topic in topics.ALL} | {f"rasid {name}" for name in COMMANDS}
    assert wanted <= headings


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_of_the_project(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        if "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), f"{page.name} points to {target}"
