"""The assistant in this process, with the model as it is trained now."""

import pytest

from bot.channels.local import LocalAssistant
from bot.training.model import model_path


@pytest.fixture(scope="session")
def loaded() -> LocalAssistant:
    """Loaded once for all conversations of this folder."""
    model = model_path()
    assert model.is_file(), "There is no model for the present data; train it with 'bot train'."
    return LocalAssistant(model)


@pytest.fixture
def assistant(loaded: LocalAssistant, database: str, monkeypatch: pytest.MonkeyPatch) -> LocalAssistant:
    """At the beginning of a conversation, on 25 March 2020, with a database of its own."""
    monkeypatch.setenv("BOT_AS_OF", "2020-03-25")
    loaded.restart()
    return loaded
