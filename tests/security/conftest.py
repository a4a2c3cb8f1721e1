"""Running assistants for the tests of this folder."""

import secrets
import socket
import time
from collections.abc import Iterator

import pytest
from needs import needs  # tests/needs.py
from running import Running, start  # tests/running.py

from harness.ports import free_port


@pytest.fixture(scope="session")
@needs("server")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An assistant with metrics, its HTTP API on, and short timeouts for slow requests."""
    running = start(
        tmp_path_factory.mktemp("guarded"),
        BOT_AS_OF="2020-03-25",
        BOT_METRICS_PORT=str(free_port()),
        BOT_ACTION_METRICS_PORT=str(free_port()),
        SANIC_REQUEST_TIMEOUT="1",
        BOT_API="on",
        BOT_API_TOKEN=secrets.token_urlsafe(32),
        BOT_API_PORT=str(free_port()),
    )
    wait_for_port(int(running.environment["BOT_API_PORT"]))  # the API starts to listen after the chat
    yield running
    running.stop()


def wait_for_port(port: int) -> None:
    """Wait until a server listens there."""
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < until, f"Nothing listens on port {port}."
            time.sleep(0.05)
