"""The map of the folder, in its docstring, names every file."""

from pathlib import Path

import processors


def test_every_file_stands_on_the_map() -> None:
    folder = Path(processors.__file__).parent
    files = {path.name for path in folder.glob("*.py")} - {"__init__.py"}
    assert {name for name in files if name not in (processors.__doc__ or "")} == set()
