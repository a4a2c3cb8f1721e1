"""The webhook: who may tell us something, and how fast it answers."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from chatwoot_scene import Scene, ServedWebhook, eventually  # tests/chatwoot_client

from bot import deadlines
from bot.chatwoot import webhook
from bot.chatwoot.settings import chatwoot_settings
from bot.settings import SettingsError
from harness.chatwoot import (
    ApiInbox,
    ChatwootServer,
    ForgedSignature,
    StaleTimestamp,
    UnsignedWebhook,
    signature_of,
)

SAID = frozenset({"message_created"})
UNTRUSTED: dict[str, Any] = {
    "forged": ForgedSignature(events=SAID),
    "unsigned": UnsignedWebhook(events=SAID),
    "an hour old": StaleTimestamp(events=SAID),
    "an hour ahead": StaleTimestamp(events=SAID, seconds=-3600),
}


@pytest.mark.parametrize("fault", UNTRUSTED.values(), ids=UNTRUSTED)
def test_what_is_not_signed_now_by_our_inbox_is_refused(scene: Scene, chatwoot: ChatwootServer, fault: Any) -> None:
    number = scene.quiet(scene.asks())
    chatwoot.misbehave(fault)
    chatwoot.agent_says(number, "x")
    chatwoot.settle()
    delivery = chatwoot.deliveries("message_created")[-1]
    assert [sending.status for sending in delivery.sendings] == [401]
    assert scene.heard_here() == []


def test_a_database_that_hangs_is_answered_in_time_and_what_was_said_is_found_later(
    scene: Scene, chatwoot: ChatwootServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = scene.quiet(scene.asks())
    monkeypatch.setattr(deadlines, "CHATWOOT_WEBHOOK", 0.1)
    store = webhook.note
    monkeypatch.setattr(webhook, "note", lambda content: time.sleep(0.3))
    chatwoot.agent_says(number, "one")
    chatwoot.settle()
    assert chatwoot.messages(number)[-1]["status"] == "failed"
    monkeypatch.setattr(webhook, "note", store)
    monkeypatch.setattr(deadlines, "CHATWOOT_WEBHOOK", 3.0)
    chatwoot.agent_says(number, "two")
    eventually(lambda: [text for _, text in scene.heard_here()] == ["one", "two"])
    eventually(lambda: not [each for each in chatwoot.messages(number) if each["status"] == "failed"])


@pytest.fixture
def sender(set_up: None, served: ServedWebhook, inbox: ApiInbox) -> Callable[..., int]:
    """Sends bodies that are signed as Chatwoot signs them; returns the status."""

    def send(body: bytes, **headers: str) -> int:
        timestamp = str(int(time.time()))
        signed = {
            "X-Chatwoot-Timestamp": timestamp,
            "X-Chatwoot-Signature": signature_of(body, inbox.secret, timestamp),
        }
        return requests.post(served.url, data=body, headers=signed | headers, timeout=5).status_code

    return send


BODIES: dict[str, tuple[bytes, int]] = {
    "no JSON": (b"x", 400),
    "nested too deeply": (b"[" * 100_000, 400),
    "no object": (b"[]", 200),
    "an event that we do not know": (json.dumps({"event": "webwidget_triggered"}).encode(), 200),
    "no number": (
        json.dumps({"event": "conversation_status_changed", "status": "resolved", "id": "1"}).encode(),
        200,
    ),
    "a conversation that is not ours": (
        json.dumps({"event": "conversation_status_changed", "status": "resolved", "id": 99}).encode(),
        200,
    ),
    "another account": (json.dumps({"event": "message_created", "account": {"id": 99}}).encode(), 200),
    "too long": (b" " * (webhook.MOST_BYTES + 1), 413),
}


@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES)
def test_whatever_is_signed_is_answered(sender: Any, body: bytes, status: int) -> None:
    assert sender(body) == status


def test_without_chatwoot_there_is_no_webhook(served: ServedWebhook) -> None:
    chatwoot_settings.cache_clear()
    assert requests.post(served.url, data=b"{}", timeout=5).status_code == 404


def test_settings_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_DESK", "chatwoot")
    monkeypatch.setenv("BOT_CHATWOOT_URL", "https://chatwoot.example")
    chatwoot_settings.cache_clear()
    with pytest.raises(SettingsError, match="BOT_CHATWOOT_INBOX, BOT_CHATWOOT_TOKEN, BOT_CHATWOOT_WEBHOOK_SECRET too"):
        chatwoot_settings()
    chatwoot_settings.cache_clear()
