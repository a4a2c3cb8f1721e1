"""A stand-in for Graph, and settings that lead to it."""

from collections.abc import Iterator

import pytest
from graph_standin import GraphStandIn  # tests/graph_standin.py

from bot.channels.messenger.settings import messenger_settings


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Iterator[GraphStandIn]:
    standin = GraphStandIn()
    for name, value in standin.settings().items():
        monkeypatch.setenv(name, value)
    messenger_settings.cache_clear()
    yield standin
    messenger_settings.cache_clear()
    standin.stop()
