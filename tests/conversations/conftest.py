"""The assistant at the start of a conversation, and the phones of the demo customers."""

from pathlib import Path

import pytest
from open_hours import ALL_DAY, set_around_today  # tests/open_hours.py
from outboxes import Outbox  # tests/outboxes.py

from bot.accounts import setup
from bot.accounts.demo import load_demo
from bot.rasa.local_assistant import LocalAssistant
from bot.settings.accounts import OUTBOX
from bot.storage.engine import session_scope


@pytest.fixture
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Outbox:
    path = tmp_path / "outbox.jsonl"
    monkeypatch.setenv(OUTBOX.name, str(path))
    monkeypatch.setattr(setup, "PAUSE", 0.0)
    setup.delivery.cache_clear()
    return Outbox(path)


@pytest.fixture
def assistant(loaded: LocalAssistant, database: str, outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> LocalAssistant:
    """On 25 March 2020, with a database of its own and the demo customers in it; people answer at every hour."""
    monkeypatch.setenv("BOT_AS_OF", "2020-03-25")
    with session_scope() as session:
        load_demo(session)
    set_around_today(ALL_DAY)
    loaded.restart()
    return loaded
