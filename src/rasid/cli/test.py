"""`rasid test`: the checks and all tests (the shell script has installed what they need)."""

import subprocess
import sys
from pathlib import Path

import click

ROOT = Path(__file__).parents[3]
CHECKS = (
    ("format", ("-m", "ruff", "format", "--check", "--quiet", ".")),
    ("lint", ("-m", "ruff", "check", "--quiet", ".")),
    (
        "types",
        (
            "-m",
            "mypy",
        ),
    ),
    ("import rules", ("-c", "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())")),
)


@click.command("test", context_settings={"ignore_unknown_options": True})
@click.argument("pytest_arguments", nargs=-1)
def command(pytest_arguments: tuple[str, ...]) -> None:
    """Runs ruff, mypy, the import rules and pytest; exit code 1 when any of them complains.

    Arguments go to pytest, and then the other checks are left out: `rasid test tests/processors -k places`.
    """
    failed = []
    for name, arguments in () if pytest_arguments else CHECKS:
        click.echo(f"rasid test: {name}", err=True)
        if subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False).returncode:
            failed.append(name)
    click.echo("rasid test: pytest", err=True)
    if subprocess.run(
        [sys.executable, "-m", "pytest", *(pytest_arguments or ("-q",))], cwd=ROOT, check=False
    ).returncode:
        failed.append("pytest")
    if failed:
        click.echo(f"rasid test: failed: {', '.join(failed)}", err=True)
        sys.exit(1)
