"""Runs the action server and the Rasa server as one: starts both, watches both, stops both."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from bot.model_signing import verified
from bot.server.parent import WITH_PARENT
from bot.server.preparation import PreparationError
from bot.settings import FILE, PROJECT, Settings

PATIENCE = 120.0  # seconds until a server that does not get ready is given up
GRACE = 8.0  # seconds to stop by itself before it is killed
TAIL = 2000  # characters of a log that are shown when its server died


class Stopped(Exception):
    """Ctrl-C or a signal to stop."""


class Server:
    """A child process with its own log file."""

    def __init__(self, name: str, arguments: list[str], environment: dict[str, str], logs: Path) -> None:
        self.name = name
        self.log = logs / f"{name.replace(' ', '-').lower()}.log"
        logs.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as output:
            # A session of its own: Ctrl-C reaches us alone, and we stop the children in order, with what they started.
            self.process = subprocess.Popen(  # noqa: S603 (our own modules)
                [sys.executable, "-m", *arguments, WITH_PARENT],
                cwd=PROJECT,
                env=environment,
                stdin=subprocess.PIPE,  # never written to; it ends with us
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def died(self) -> str | None:
        """What to tell when the process has ended, or None while it runs."""
        code = self.process.poll()
        if code is None:
            return None
        lines = self.log.read_text(encoding="utf-8", errors="replace")[-TAIL:].strip().splitlines()
        last = f" Its last words: {lines[-1].strip()}" if lines else ""
        return f"The {self.name} stopped by itself (exit status {code}).{last} Its log: {self.log}"

    def stop(self) -> None:
        """Stop the process and all that it started."""
        self._signal(signal.SIGTERM)
        try:
            self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self.process.wait()
        self._signal(signal.SIGKILL)  # whatever is left of its group

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


def address(config: Settings) -> str:
    """The address to open in a browser."""
    return f"http://{_reachable(config.host)}:{config.port}/chat/"


def _reachable(listened_on: str) -> str:
    """The host of a URL for an address that is listened on."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(listened_on, listened_on)  # noqa: S104
    return f"[{host}]" if ":" in host and "[" not in host else host


def serve(config: Settings, model: Path, report: Callable[[str], None], ready: Callable[[str], None]) -> None:
    """Run both servers until somebody stops them.

    Args:
        report: told what is being done.
        ready: told the address once everything answers.

    Raises:
        PreparationError: the model is missing, or a server died or did not get ready; the other one is stopped.
        UntrustedModel: the model's signature does not fit.
    """
    if not model.is_file():
        raise PreparationError(f"The model {model} is missing; train it with 'bot train'.")
    verified(model)
    environment = {
        "MALLOC_ARENA_MAX": "2",  # glibc's heaps of many threads hold 10 MB more, and are no faster
        **os.environ,
        "BOT_PORT": str(config.port),
        "BOT_ACTION_PORT": str(config.action_port),
        "BOT_ACTION_URL": f"http://{_reachable(config.host)}:{config.action_port}",
        "BOT_HOST": config.host,
    }
    if not os.environ.get(f"DATABASE_URL{FILE}"):  # what stands in a file does not get into an environment
        environment["DATABASE_URL"] = config.database_url
    servers: list[Server] = []
    previous = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        report("Starting the action server and the Rasa server …")
        servers.append(Server("action server", ["bot.server.action_server"], environment, config.logs))
        servers.append(Server("Rasa server", ["bot.server.rasa_server", str(model)], environment, config.logs))
        _wait_until_ready(config, servers)
        ready(address(config))
        while True:
            _watch(servers)
            time.sleep(0.5)
    except Stopped:
        report("Stopping …")
    finally:
        # A second Ctrl-C must not leave a server behind.
        for number in previous:
            signal.signal(number, signal.SIG_IGN)
        for server in reversed(servers):
            server.stop()
        for number, handler in previous.items():
            signal.signal(number, handler)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _watch(servers: list[Server]) -> None:
    for server in servers:
        reason = server.died()
        if reason:
            raise PreparationError(f"{reason} The other server was stopped too.")


def _wait_until_ready(config: Settings, servers: list[Server]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        _watch(servers)
        if _answers(address(config) + "ready"):
            return
        time.sleep(0.25)
    raise PreparationError(
        f"The servers did not get ready within {PATIENCE:.0f} seconds; their logs are in {config.logs}."
    )


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 (our own http address)
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
