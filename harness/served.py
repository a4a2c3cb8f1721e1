"""A running assistant, started with `bot serve`, with its own ports and database."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from bot.settings import PROJECT
from harness.ports import free_port

SERVER_PATIENCE = 120  # seconds
SERVED_ON = "SERVED_ON"  # SQLAlchemy URL of a PostgreSQL server for the databases, instead of SQLite files


@dataclass
class Served:
    """A running assistant. `url` is its page; `output` the file with its output."""

    process: subprocess.Popen[bytes]
    url: str
    environment: dict[str, str]
    output: Path

    def stop(self) -> int:
        """Stop it as Ctrl-C does; returns its exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(SERVER_PATIENCE)

    def kill(self) -> None:
        """Kill it and all that it has started, like a power cut."""
        processes = [each for each in psutil.process_iter() if self._has_started(each)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait(SERVER_PATIENCE)
        psutil.wait_procs(processes, SERVER_PATIENCE)  # until then their ports are in use

    def _has_started(self, process: psutil.Process) -> bool:
        """Whether a process is this one, descends from it, or did before its parent ended."""
        try:
            above = {each.pid for each in process.parents()}
            return self.process.pid in {process.pid, *above, os.getpgid(process.pid)}
        except (psutil.NoSuchProcess, ProcessLookupError):
            return False


def serve(folder: Path, **variables: str) -> Served:
    """Start an assistant and wait until it says that it is ready; whoever is not gets ended with all its servers.

    Args:
        folder: for its database, logs and outbox. A database on the server of SERVED_ON is the folder's as well.
        variables: further settings in its environment; `BOT_PORT` is a free one unless given.

    Raises:
        RuntimeError: it did not start; the message contains its output.
    """
    port = int(variables.get("BOT_PORT", free_port()))
    environment = {
        **os.environ,
        "DATABASE_URL": _database(folder),
        "BOT_PORT": str(port),
        "BOT_ACTION_PORT": str(free_port()),
        "BOT_CONSOLE": "no",  # it takes seconds to start, and few tests look at it
        "BOT_CONSOLE_PORT": str(free_port()),
        "BOT_OUTBOX": str(folder / "outbox.jsonl"),
        "BOT_LOGS": str(folder / "log"),
        # Tests and benchmarks send from one address, and faster than people.
        "BOT_LIMIT_CONVERSATION": "10000",
        "BOT_LIMIT_ADDRESS": "100000",
        "BOT_LIMIT_REQUESTS": "100000",
        "BOT_LIMIT_CODES": "100000",
        "BOT_LIMIT_CODES_ADDRESS": "100000",
        "BOT_LIMIT_WORK": "999999",
        "BOT_DESK_DEMO": "no",  # who waits before whom is the test's to say
        **variables,
    }
    output = folder / "output.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "serve", "--no-train"],
            cwd=PROJECT,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    served = Served(process, f"http://127.0.0.1:{port}/chat/", environment, output)
    try:
        until(served, lambda text: "Ready after" in text)
    except BaseException:  # also Ctrl-C
        served.kill()
        raise
    return served


def until(served: Served, ready: Callable[[str], bool]) -> None:
    """Wait until a server's output says that it is ready.

    Raises:
        RuntimeError: it ended, or took too long; the message contains its output.
    """
    deadline = time.monotonic() + SERVER_PATIENCE
    while not ready(printed := served.output.read_text(encoding="utf-8", errors="replace")):
        if served.process.poll() is not None or time.monotonic() > deadline:
            shutil.copy(served.output, served.output.with_name("failed.txt"))
            raise RuntimeError(f"The assistant did not start:\n{printed}")
        time.sleep(0.1)


def _database(folder: Path) -> str:
    """The URL of a folder's database; on PostgreSQL, it is created if missing."""
    server = os.environ.get(SERVED_ON)
    if not server:
        return f"sqlite:///{folder / 'served.db'}"
    name = f"served_{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"
    engine = create_engine(make_url(server), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        if not connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}).first():
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    return str(engine.url.set(database=name))
