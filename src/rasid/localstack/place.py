"""Where servers and their data lie, and as whom the servers run."""

import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rasid.errors import Fatal
from rasid.settings import Settings

ROOT_CACHE = Path("/var/cache/rasid")
"""Taken by root where the cache of the settings cannot be reached by other users: the home of root is closed to them."""


@dataclass(frozen=True)
class Account:
    """A user that is not root, for servers that refuse to run as root (Elasticsearch)."""

    uid: int
    gid: int
    name: str


def server_account() -> Account | None:
    """Whom the servers run as: None is this user; for root it is `nobody`."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534, "65534")
    return Account(entry.pw_uid, entry.pw_gid, "nobody")


def cache_folder(settings: Settings) -> Path:
    """The folder for servers and data: RASID_CACHE; for root, unless others can reach it, /var/cache/rasid.

    Raises:
        Fatal: no folder can be made.
    """
    wanted = settings.cache.expanduser().absolute()
    choices = (
        [wanted]
        if server_account() is None or passable(wanted)
        else [ROOT_CACHE, Path(tempfile.gettempdir()) / "rasid-root"]
    )
    for folder in choices:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK) and folder.stat().st_uid == os.geteuid():
            return folder
    raise Fatal(f"cannot write {choices[-1]}: name a folder of your own in RASID_CACHE")


def passable(path: Path) -> bool:
    """Whether every user may walk through all folders above `path`, and through `path` where it exists."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents) if folder.is_dir())


def give(folder: Path, account: Account | None) -> None:
    """Makes the account the owner of a folder and all that is in it; nothing to do for None."""
    if account is None:
        return
    os.chown(folder, account.uid, account.gid)
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(parent) / name, account.uid, account.gid, follow_symlinks=False)


def size_of(folder: Path) -> int:
    """Bytes in all files under a folder; 0 where it is absent. Files that vanish meanwhile do not count."""
    total = 0
    for parent, _, files in os.walk(folder):
        for name in files:
            try:
                total += (Path(parent) / name).lstat().st_size
            except OSError:
                continue
    return total
