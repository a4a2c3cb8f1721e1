"""The assistant at the beginning of a conversation."""

import pytest

from bot.channels.local import LocalAssistant


@pytest.fixture
def assistant(loaded: LocalAssistant, database: str, monkeypatch: pytest.MonkeyPatch) -> LocalAssistant:
    """On 25 March 2020, with a database of its own."""
    monkeypatch.setenv("BOT_AS_OF", "2020-03-25")
    loaded.restart()
    return loaded
