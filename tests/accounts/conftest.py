"""Conversations about accounts, each with a database of its own."""

from typing import Any

import pytest
from account_talk import Talk  # tests/account_talk.py

from bot.accounts.demo import load_demo
from bot.storage.engine import session_scope


@pytest.fixture
def talk(database: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("BOT_SIGNING_KEY", "a key for tests")
    with session_scope(database) as session:
        load_demo(session)
    with session_scope(database) as session:
        yield Talk(session, database)
