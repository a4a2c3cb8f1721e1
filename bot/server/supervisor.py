"""Supervises the action server, the Rasa server and the console: starts them, restarts one that dies, stops them."""

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from bot import deadlines
from bot.keys.model_signatures import verified
from bot.preparation_error import PreparationError
from bot.server.child import Child
from bot.server.restarts import Restarts
from bot.settings import Settings
from bot.settings.servers import ACTION_PORT, ACTION_URL, DATABASE_URL, HOST, PORT
from bot.settings.staff_console import CONSOLE_PORT, CONSOLE_STARTED, CONSOLE_URL

LOOK = 0.5  # seconds between two checks of the servers


class Stopped(Exception):
    """Ctrl-C or a signal to stop."""


def address(config: Settings) -> str:
    """The URL to open in a browser."""
    return f"http://{_reachable(config.host)}:{config.port}/chat/"


def console_url(config: Settings) -> str:
    """The URL of the console to open in a browser, without a trailing slash."""
    return CONSOLE_URL.value() or f"http://{_reachable(config.host)}:{CONSOLE_PORT.value()}"


def _reachable(listened_on: str) -> str:
    """The host for a URL of a server that listens on this address."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(listened_on, listened_on)  # noqa: S104
    return f"[{host}]" if ":" in host and "[" not in host else host


def serve(
    config: Settings, model: Path, report: Callable[[str], None], ready: Callable[[str, str | None], None]
) -> None:
    """Run the servers until they are stopped; one that dies is restarted, while the others keep running.

    Args:
        report: called with each line of progress.
        ready: told the URLs of the page and of the console (None: not started) once all are ready.

    Raises:
        PreparationError: the model is missing, a server did not get ready in time, or it keeps dying; the others are
            stopped too.
        UntrustedModel: the model's signature is not valid.
    """
    if not model.is_file():
        raise PreparationError(f"The model {model} is missing; train it with 'bot train'.")
    verified(model)
    environment = {
        "MALLOC_ARENA_MAX": "2",  # glibc's per-thread heaps take 10 MB more, and are no faster
        **os.environ,
        PORT.name: str(config.port),
        ACTION_PORT.name: str(config.action_port),
        ACTION_URL.name: f"http://{_reachable(config.host)}:{config.action_port}",
        HOST.name: config.host,
    }
    if not DATABASE_URL.stands_in_file:  # a secret from a file must not get into an environment
        environment[DATABASE_URL.name] = config.database_url
    servers: list[Child] = []
    previous = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        servers += _servers(model, environment, config.logs)
        report(f"Starting {', '.join(server.name for server in servers)} …")
        for server in servers:
            server.start()
        _wait_until_ready(config, servers)
        ready(address(config), console_url(config) if CONSOLE_STARTED.value() else None)
        watched = [Restarts(server, report) for server in servers]
        while True:
            time.sleep(LOOK)
            for each in watched:
                each.look(time.monotonic())
            if any(each.is_awaited for each in watched) and _are_ready(config):
                for each in watched:
                    each.answers()
    except Stopped:
        report("Stopping …")
    finally:
        # A second Ctrl-C must not leave a server running.
        for number in previous:
            signal.signal(number, signal.SIG_IGN)
        for server in reversed(servers):
            server.stop()
        for number, handler in previous.items():
            signal.signal(number, handler)


def _servers(model: Path, environment: dict[str, str], logs: Path) -> list[Child]:
    commands = [("action server", "bot.server.action_server"), ("Rasa server", "bot.server.rasa_server", str(model))]
    if CONSOLE_STARTED.value():
        commands.append(("console", "bot.server.console_server"))
    return [Child(name, [*command], environment, logs) for name, *command in commands]


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _wait_until_ready(config: Settings, servers: list[Child]) -> None:
    deadline = time.monotonic() + deadlines.SERVERS_READY
    while time.monotonic() < deadline:
        for server in servers:
            if reason := server.died():
                raise PreparationError(f"{reason} The other servers were stopped too.")
        if _are_ready(config):
            return
        time.sleep(0.25)
    raise PreparationError(
        f"The servers did not get ready within {deadlines.SERVERS_READY:.0f} seconds; their logs are in {config.logs}."
    )


def _are_ready(config: Settings) -> bool:
    if not _answers(address(config) + "ready"):
        return False
    return not CONSOLE_STARTED.value() or _answers(f"http://{_reachable(config.host)}:{CONSOLE_PORT.value()}/readyz")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=deadlines.SUPERVISOR_PROBE) as answer:  # noqa: S310 (our own http address)
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
