"""`rasid doctor`: what this machine has and lacks."""

import json
import sys
from dataclasses import asdict

import click

from rasid.settings import load_settings

SAY = {
    "servers": "`rasid up` can run with real servers.",
    "in-process": "`rasid up` can run in process only: nothing is kept or searchable.",
    "none": "`rasid up` cannot run.",
}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> None:
    """Looks at Python, Java, Maven, disk, memory, ports, servers and data, and says what to do about what is missing.

    Starts and fetches nothing. Exit code 0 when `rasid up` can run at least in process, else 1.

    \b
    Example:
      rasid doctor
    """
    from rasid.doctor import examine, mode

    settings = load_settings()
    checks = []
    for check in examine(settings):
        checks.append(check)
        if not as_json:
            mark = "ok     " if check.ok else "missing" if check.needed != "no" else "note   "
            todo = f": {check.todo}" if check.todo and not check.ok else ""
            click.echo(f"{mark} {check.name:<20} {check.detail}{todo}")
    outcome = mode(checks)
    if as_json:
        click.echo(json.dumps({"mode": outcome, "checks": [asdict(check) for check in checks]}, ensure_ascii=False))
    else:
        click.echo(SAY[outcome])
    sys.exit(outcome == "none")
