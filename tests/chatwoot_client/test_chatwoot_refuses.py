"""What Chatwoot refuses for good is set aside, and what is forgotten here is deleted there."""

import logging

import pytest
from chatwoot_scene import Scene, eventually  # tests/chatwoot_client

from bot import deadlines
from bot.chatwoot.settings import chatwoot_settings
from bot.desk.desk_outbox import how_many_set_aside
from bot.erasure.erasing import forget_conversation
from bot.storage.engine import session_scope
from harness.chatwoot import ChatwootServer, RefusedRequest

TEXTS = [f"message {number}" for number in range(3)]


def forget(name: str) -> None:
    with session_scope() as session:
        forget_conversation(session, name, "operator")


@pytest.mark.parametrize("status", [400, 422])
def test_what_is_refused_for_good_delays_nothing_and_agents_are_told(
    scene: Scene, chatwoot: ChatwootServer, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    number = scene.quiet(scene.asks())
    chatwoot.misbehave(RefusedRequest(status=status, method="POST", path="/messages", body={"error": "x"}))
    with caplog.at_level(logging.ERROR):
        scene.says(*TEXTS)
        eventually(scene.everything_is_told)
    assert scene.heard_there(number) == TEXTS[1:]
    (note,) = eventually(lambda: [each["content"] for each in chatwoot.messages(number) if each["private"]])
    assert note.startswith("[Assistant] Chatwoot did not take a message of the customer.")
    assert ("set aside" in caplog.text, TEXTS[0] in caplog.text) == (True, False)
    with session_scope() as session:
        assert how_many_set_aside(session) == 1


@pytest.mark.parametrize("status", [408, 429, 500])
def test_what_is_refused_for_now_is_told_again(scene: Scene, chatwoot: ChatwootServer, status: int) -> None:
    number = scene.quiet(scene.asks())
    chatwoot.misbehave(RefusedRequest(status=status, method="POST", path="/messages", body={"error": "x"}))
    scene.says(*TEXTS)
    eventually(scene.everything_is_told)
    assert scene.heard_there(number) == TEXTS


def test_what_is_forgotten_here_is_deleted_there(
    idle: Scene, chatwoot: ChatwootServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_CHATWOOT_TOKEN", chatwoot.administrator.access_token)
    chatwoot_settings.cache_clear()
    idle.work()
    idle.quiet(idle.asks("gone"))
    stays = idle.quiet(idle.asks("stays"))
    chatwoot.misbehave(RefusedRequest(status=500, method="DELETE", times=2))
    monkeypatch.setattr(deadlines, "CHATWOOT_CLAIM", 0.0)
    forget("gone")
    monkeypatch.setattr(deadlines, "CHATWOOT_CLAIM", 1.0)
    eventually(idle.everything_is_told)
    assert [each["id"] for each in chatwoot.conversations()] == [stays]


def test_an_agents_token_may_not_delete_and_delays_nothing_else(
    scene: Scene, chatwoot: ChatwootServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    scene.quiet(scene.asks("gone"))
    number = scene.quiet(scene.asks())
    monkeypatch.setattr(deadlines, "CHATWOOT_CLAIM", 0.0)
    forget("gone")
    monkeypatch.setattr(deadlines, "CHATWOOT_CLAIM", 1.0)
    eventually(lambda: "is not an administrator's" in caplog.text)
    scene.says(*TEXTS)
    eventually(lambda: scene.heard_there(number) == TEXTS)
    assert len(chatwoot.conversations()) == 2
    with session_scope() as session:
        assert how_many_set_aside(session) == 0


def test_what_chatwoot_never_had_needs_no_deleting(idle: Scene) -> None:
    idle.asks("gone")
    forget("gone")
    assert idle.everything_is_told()


def test_what_is_deleted_there_already_is_done(
    idle: Scene, chatwoot: ChatwootServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_CHATWOOT_TOKEN", chatwoot.administrator.access_token)
    chatwoot_settings.cache_clear()
    idle.work()
    idle.quiet(idle.asks("gone"))
    chatwoot.misbehave(RefusedRequest(status=500, method="DELETE", after_work=True))
    monkeypatch.setattr(deadlines, "CHATWOOT_CLAIM", 0.0)
    forget("gone")
    monkeypatch.setattr(deadlines, "CHATWOOT_CLAIM", 1.0)
    eventually(idle.everything_is_told)
    assert chatwoot.conversations() == []
