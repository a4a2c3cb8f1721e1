"""A fake Graph API, and settings that point to it."""

from collections.abc import Iterator

import pytest
from graph.api import GraphApi  # tests/graph
from graph.connected import page_of_the_tests, settings_of

from bot.channels.messenger.settings import messenger_settings


@pytest.fixture
def standin(monkeypatch: pytest.MonkeyPatch) -> Iterator[GraphApi]:
    with page_of_the_tests() as standin:
        for name, value in settings_of(standin).items():
            monkeypatch.setenv(name, value)
        messenger_settings.cache_clear()
        yield standin
        messenger_settings.cache_clear()
