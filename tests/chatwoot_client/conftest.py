from collections.abc import Iterator
from datetime import timedelta

import pytest
from chatwoot_scene import Scene, ServedWebhook  # tests/chatwoot_client

from bot import deadlines
from bot.chatwoot import agents_heard, chatwoot_api, chatwoot_worker
from bot.chatwoot.settings import chatwoot_settings
from bot.desk import desk_outbox
from harness.chatwoot import ApiInbox, ChatwootServer


@pytest.fixture(scope="module")
def served() -> Iterator[ServedWebhook]:
    served = ServedWebhook()
    yield served
    served.stop()


@pytest.fixture
def chatwoot() -> Iterator[ChatwootServer]:
    with ChatwootServer() as server:
        yield server


@pytest.fixture
def inbox(chatwoot: ChatwootServer, served: ServedWebhook) -> ApiInbox:
    return chatwoot.add_inbox("Assistant", webhook_url=served.url)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are short."""
    monkeypatch.setattr(desk_outbox, "FIRST_RETRY", timedelta(seconds=0.02))
    monkeypatch.setattr(chatwoot_worker, "POLL", 0.02)
    monkeypatch.setattr(chatwoot_worker, "AFTER_AN_ERROR", 0.02)
    monkeypatch.setattr(chatwoot_api, "SHORT_PAUSE", 0.02)
    monkeypatch.setattr(chatwoot_api, "WRONG_SETTING_PAUSE", 0.05)
    monkeypatch.setattr(agents_heard, "LOOK_AGAIN", timedelta(minutes=5))
    monkeypatch.setattr(deadlines, "CHATWOOT_CLAIM", 1.0)
    monkeypatch.setattr(deadlines, "CHATWOOT_LATE", 0.4)


@pytest.fixture
def set_up(
    database: str, impatient: None, chatwoot: ChatwootServer, inbox: ApiInbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    values = {
        "": "chatwoot",
        "CHATWOOT_URL": chatwoot.base_url,
        "CHATWOOT_ACCOUNT": str(chatwoot.account.id),
        "CHATWOOT_INBOX": inbox.identifier,
        "CHATWOOT_TOKEN": chatwoot.agent.access_token,
        "CHATWOOT_WEBHOOK_SECRET": inbox.secret,
        "DESK_ALERT_LANGUAGE": "en",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"BOT_{name}" if name else "BOT_DESK", value)
    chatwoot_settings.cache_clear()
    yield
    chatwoot_settings.cache_clear()


@pytest.fixture
def idle(chatwoot: ChatwootServer, set_up: None) -> Iterator[Scene]:
    """The scene, with a worker that has not started."""
    scene = Scene(chatwoot)
    yield scene
    scene.rest()


@pytest.fixture
def scene(idle: Scene) -> Scene:
    """The scene, with its worker at work."""
    idle.work()
    return idle
