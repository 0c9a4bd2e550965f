"""Writes the reference pages from the code: `python -m rasid.reference docs/reference`. A test compares them with the files."""

import sys
from pathlib import Path

import click

from rasid import metrics, topics
from rasid.cli import COMMANDS, group
from rasid.settings import Settings

NOTE = "<!-- Written by `python -m rasid.reference docs/reference`; do not edit by hand. -->\n\n"


def settings_page() -> str:
    """A heading a setting."""
    parts = [
        "# Settings\n\nEnvironment variables, or lines of a `.env` file in the working folder. See rasid/settings.py.\n"
    ]
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True, validated_data={})
        shown = str(default).replace(str(Path.home()), "~") if default not in ("", ()) else "empty"
        parts.append(f"## RASID_{name.upper()}\n\n{field.description} Default: `{shown}`.\n")
    return NOTE + "\n".join(parts)


def topics_page() -> str:
    """A heading a topic."""
    parts = ["# Topics\n\nAll are created explicitly; see rasid/topics.py and docs/decisions/0003-delivery.md.\n"]
    for topic in topics.ALL:
        kept = f"{topic.kept_ms // topics.DAY_MS} days" + (", compacted" if topic.compacted else "")
        parts.append(
            f"## {topic.name}\n\nKey: {topic.key}. Holds: {topic.holds}. Partitions: {topic.partitions}. Kept: {kept}."
            f" Compression: {topic.compression or 'none'}.\n"
        )
    return NOTE + "\n".join(parts)


def metrics_page() -> str:
    """A heading a metric."""
    parts = ["# Metrics\n\nServed for Prometheus on RASID_METRICS_PORT; see rasid/metrics.py.\n"]
    for name, collector in vars(metrics).items():
        if not name.isupper() or not hasattr(collector, "describe"):
            continue
        for family in collector.describe():
            labels = ", ".join(collector._labelnames) or "none"
            suffix = "_total" if family.type == "counter" else ""
            parts.append(
                f"## {family.name}{suffix}\n\n{family.documentation}. Type: {family.type}. Labels: {labels}.\n"
            )
    return NOTE + "\n".join(parts)


def commands_page() -> str:
    """A heading a command, with its help."""
    parts = ["# Commands\n\nExit codes: 0, 1 (work failed), 2 (wrong use).\n"]
    top = click.Context(group, info_name="rasid", **group.context_settings)
    for name in COMMANDS:
        command = group.get_command(top, name)
        assert command is not None
        parts += _help(command, click.Context(command, info_name=name, parent=top, terminal_width=100), f"rasid {name}")
    return NOTE + "\n".join(parts)


def _help(command: click.Command, context: click.Context, title: str) -> list[str]:
    command._help_option = None  # click keeps the option of the first context, here a test's
    parts = [f"## {title}\n\n```\n{command.get_help(context)}\n```\n"]
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            parts += _help(
                inner, click.Context(inner, info_name=name, parent=context, terminal_width=100), f"{title} {name}"
            )
    return parts


PAGES = {
    "settings.md": settings_page,
    "topics.md": topics_page,
    "metrics.md": metrics_page,
    "commands.md": commands_page,
}


def main() -> None:
    """Writes all pages into the folder of the first argument."""
    folder = Path(sys.argv[1])
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
