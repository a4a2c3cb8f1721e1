"""What all tests share: a database of their own, and the assistant in this process."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from sqlalchemy.orm import Session

from bot.knowledge.store import bring_in
from bot.knowledge.validation import load_folder
from bot.storage.engine import engine_for, session_scope
from bot.storage.schema import upgrade
from bot.training.model import model_path

if TYPE_CHECKING:
    from bot.channels.local import LocalAssistant

# The same cases every time, and no limit of time for each: these machines are noisy.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.load_profile("repeatable")


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the newest schema and the facts of the files; copied for each test."""
    path = tmp_path_factory.mktemp("database") / "filled.db"
    url = f"sqlite:///{path}"
    upgrade(url)
    with session_scope(url) as session:
        bring_in(session, load_folder())
    engine_for(url).dispose()
    return path


@pytest.fixture
def database(filled_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of this test's own database, also set as DATABASE_URL."""
    path = tmp_path / "assistant.db"
    shutil.copy(filled_database, path)
    url = f"sqlite:///{path}"
    monkeypatch.setenv("DATABASE_URL", url)
    yield url
    engine_for(url).dispose()


@pytest.fixture
def session(database: str) -> Iterator[Session]:
    """A session on this test's database, in one transaction."""
    with session_scope(database) as session:
        yield session


@pytest.fixture(autouse=True)
def _no_leftovers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees a pretended day or a port that somebody set outside."""
    for name in ("BOT_AS_OF", "BOT_PORT", "BOT_ACTION_PORT", "BOT_HOST"):
        monkeypatch.delenv(name, raising=False)
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")


@pytest.fixture(scope="session")
def loaded() -> "LocalAssistant":
    """The assistant in this process, with the model as it is trained now; loaded once."""
    model = model_path()
    assert model.is_file(), "There is no model for the present data; train it with 'bot train'."
    from bot.channels.local import LocalAssistant  # imports Rasa, which takes seconds

    return LocalAssistant(model)
