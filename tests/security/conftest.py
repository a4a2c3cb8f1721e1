"""Running assistants for the tests of this folder."""

import secrets
from collections.abc import Iterator

import pytest
from running import Running, start  # tests/running.py

from benchmarks.served import free_port


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An assistant that gives out figures, has its HTTP API on, and soon loses patience with slow requests."""
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
    yield running
    running.stop()
