"""The command line: one file a command, loaded when it is called, so that every call starts fast."""

import importlib
import sys

import click

from rasid.errors import RasidError, Usage

COMMANDS: dict[str, str] = {
    "up": "The main job: servers, polling, all stages, alerts.",
    "test": "Install what the tests need and run all tests.",
    "poll": "One poller (for clusters).",
    "work": "One worker with some or all stages (for clusters).",
    "extract": "Read articles of a file: places, control changes, casualties, events.",
    "dedupe": "Find near-identical copies, updates and corrections in a file.",
    "replay": "Run the articles of a file through the whole pipeline.",
    "search": "Search the indexed articles.",
    "feeds": "Check and list the feeds of a feeds file.",
    "where": "What became of an article, stage by stage.",
    "alerts": "What was told, the alert rules, a test of the channels.",
    "dlq": "Records that no stage could work on, with the reason.",
    "setup": "Create topics and index templates (one shot, for clusters).",
    "bench": "Measure dedupe on real data.",
    "doctor": "What this machine has and lacks.",
}
"""Name and one line of each command; the command itself is `command` in rasid/cli/<name>.py."""


class LazyGroup(click.Group):
    """Lists all commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Imports the module of the command."""
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"rasid.cli.{name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table, without importing a command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rasid")
def group() -> None:
    """Rasid (راصد): Arabic conflict news, from feeds to alerts when a named town changes hands."""


def main() -> None:
    """Runs a command: exit code 0, 1 (work failed) or 2 (wrong use); errors are one sentence on stderr."""
    try:
        group.main(prog_name="rasid", standalone_mode=False)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.Abort:
        click.echo("rasid: interrupted", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except Usage as error:
        click.echo(f"rasid: {error}", err=True)
        sys.exit(2)
    except RasidError as error:
        click.echo(f"rasid: {error}", err=True)
        sys.exit(1)
