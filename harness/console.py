"""The console as it is really served (uvicorn), in a thread of this process, and its streams."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
import uvicorn

from bot.console.console_app import console_app
from bot.console.console_warming import warm_console
from bot.server.console_serving import ConsoleServer
from harness.ports import free_port

PATIENCE = 30  # seconds


@contextmanager
def served(port: int | None = None) -> Iterator[str]:
    """A context with the URL of a console on a port of its own, or on the given one."""
    warm_console()
    app, port = console_app(), port or free_port()
    how = {
        "host": "127.0.0.1",
        "port": port,
        "ws": "none",
        "http": "h11",
        "loop": "asyncio",
        "lifespan": "on",
        "log_config": None,
    }
    server = ConsoleServer(uvicorn.Config(app, **how), app.state.feed)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + PATIENCE
    while not server.started:
        if time.monotonic() > until:
            raise RuntimeError("The console does not start.")
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    app.state.feed.close()
    server.should_exit = True
    thread.join(PATIENCE)
    if thread.is_alive():
        raise RuntimeError("The console does not stop.")


class Stream:
    """An open stream of events; `next` waits for one."""

    def __init__(self, url: str, token: str, *, after: int | None = None, last_event_id: str | None = None) -> None:
        headers = {"Last-Event-ID": last_event_id} if last_event_id is not None else {}
        query = "" if after is None else f"?after={after}"
        self._answer = requests.get(
            f"{url}/desk/stream{query}", headers=headers, cookies={"staff": token}, stream=True, timeout=PATIENCE
        )
        self.status = self._answer.status_code
        self._lines = self._answer.iter_lines(chunk_size=1, decode_unicode=True)

    def next(self, *names: str) -> tuple[str, dict[str, Any]]:
        """The next event, or the next of these names."""
        found: dict[str, str] = {}
        for line in map(str, self._lines):
            if line:
                name, _, value = line.partition(": ")
                found[name] = value
            elif "event" in found and (not names or found["event"] in names):
                return found["event"], json.loads(found["data"])
            else:
                found = {}
        raise AssertionError("The stream has ended.")

    def number(self) -> int:
        """The number of the next event of the desk."""
        return int(self.next("desk")[1]["number"])

    def close(self) -> None:
        """Close it as a browser does that dies."""
        self._answer.close()
