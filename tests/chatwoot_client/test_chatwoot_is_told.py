"""What Chatwoot hears of us: exactly once and in order, whatever fails on the way."""

import multiprocessing
import os
import signal
from typing import Any

import pytest
from chatwoot_scene import Scene, eventually  # tests/chatwoot_client

from bot import deadlines
from bot.chatwoot.chatwoot_worker import ChatwootWorker
from bot.desk.call_backs import WishedCall, ask_call_back
from bot.desk.kinds import RequestKind
from bot.desk.origin import Origin
from bot.settings import settings
from bot.storage.engine import engine_for, session_scope
from harness.chatwoot import BrokenConnection, ChatwootServer, HangingRequest, RefusedRequest

FORKED = multiprocessing.get_context("fork")
TEXTS = [f"message {number}" for number in range(3)]


def test_a_request_becomes_a_conversation_that_says_what_is_known(scene: Scene, chatwoot: ChatwootServer) -> None:
    reference = scene.asks(priority=True, details="The lights flicker.")
    number = scene.number(reference)
    (shown,) = chatwoot.conversations()
    assert shown["meta"]["sender"]["name"] == f"Customer {reference}"
    assert shown["custom_attributes"] == {
        "reference": reference.number,
        "channel": "web",
        "language": "lv",
        "kind": "person",
    }
    (opening,) = chatwoot.messages(number)
    assert opening["content"].splitlines() == [
        "URGENT!",
        f"[Assistant] The customer wants to talk to a person. Number: {reference}. Channel: web. Language: lv.",
        "Said in the conversation (without personal data): The lights flicker.",
        "The customer reads what you write here. The assistant is silent from your first answer until you resolve the "
        "conversation.",
    ]


def test_a_call_is_asked_for_with_its_number_also_later(scene: Scene, chatwoot: ChatwootServer) -> None:
    call = WishedCall("+37120000000")
    first = scene.asks("call", RequestKind.TRANSFER, channel="phone", call_back=call)
    second = scene.asks()
    number = scene.number(second)
    with session_scope() as session:
        ask_call_back(
            session,
            Origin("talk", "web", "lv"),
            "+37120000001",
            None,
            consent_at=scene.request(second).created_at,
            reference=second,
        )
    shown = chatwoot.messages(scene.number(first))[0]["content"]
    assert "Call back: +37120000000." in shown
    assert "You cannot write to this customer here." in shown
    messages = eventually(lambda: found if len(found := chatwoot.messages(number)) == 2 else None)
    assert "Call back: +37120000001." in messages[1]["content"]
    assert len(chatwoot.conversations()) == 2


FAULTS: dict[str, Any] = {
    "nothing": None,
    "too many requests": RefusedRequest(status=429, times=2),
    "too many requests, and for how long": RefusedRequest(status=429, retry_after=0, times=2),
    "too many messages": RefusedRequest(
        status=422, method="POST", path="/messages", body={"error": "Validation failed: Too many messages"}
    ),
    "an error": RefusedRequest(status=500, times=3),
    "a proxy's error": RefusedRequest(status=503, body={"error": "x"}, times=2),
    "no permission for a while": RefusedRequest(status=401, times=2),
    "an answer that is lost": BrokenConnection(method="POST", after_work=True, times=2),
    "an error after the contact": RefusedRequest(status=500, method="POST", path="/contacts", after_work=True),
    "an error after the conversation": RefusedRequest(
        status=500, method="POST", path="/conversations", after_work=True, times=2
    ),
    "an error after the message": RefusedRequest(status=500, method="POST", path="/messages", after_work=True, times=3),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_everything_arrives_once_and_in_order(idle: Scene, chatwoot: ChatwootServer, fault: Any) -> None:
    references = [idle.asks(name) for name in ("a", "b")]
    for text in TEXTS:
        for name in ("a", "b"):
            idle.says(f"{text} of {name}", name=name)
    if fault is not None:
        chatwoot.misbehave(fault)
    idle.work()
    eventually(idle.everything_is_told)
    for name, reference in zip("ab", references, strict=True):
        assert idle.heard_there(idle.number(reference)) == [f"{text} of {name}" for text in TEXTS]
    assert len(chatwoot.conversations()) == 2


def test_a_message_that_arrives_late_is_waited_for(
    idle: Scene, chatwoot: ChatwootServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "CHATWOOT_ANSWER", 0.3)
    monkeypatch.setattr(deadlines, "CHATWOOT_LATE", 1.0)
    chatwoot.misbehave(HangingRequest(method="POST", path="/messages", seconds=0.6))
    reference = idle.asks()
    idle.says(*TEXTS)
    idle.work()
    eventually(idle.everything_is_told)
    number = idle.number(reference)
    assert idle.heard_there(number) == TEXTS
    assert len(chatwoot.messages(number)) == len(TEXTS) + 1


def test_chatwoot_restarts_in_the_middle(scene: Scene, chatwoot: ChatwootServer) -> None:
    reference = scene.asks()
    number = scene.number(reference)
    scene.says("before")
    eventually(lambda: scene.heard_there(number))
    chatwoot.stop()
    scene.says("during")
    chatwoot.start()
    scene.says("after")
    eventually(lambda: scene.heard_there(number) == ["before", "during", "after"])


def work_in_a_process() -> Any:
    """A worker in a process of its own, which may be killed."""
    engine_for(settings().database_url).dispose()
    process = FORKED.Process(target=_work, daemon=True)
    process.start()
    return process


def _work() -> None:
    from bot.chatwoot.settings import chatwoot_settings

    connection = chatwoot_settings()
    assert connection
    ChatwootWorker(connection).run()


@pytest.mark.parametrize("after_work", [True, False])
def test_a_worker_is_killed_while_it_tells(idle: Scene, chatwoot: ChatwootServer, after_work: bool) -> None:
    reference = idle.asks()
    idle.says(*TEXTS)
    process = work_in_a_process()
    number = idle.number(reference)
    chatwoot.misbehave(HangingRequest(method="POST", path="/messages", seconds=0.3, after_work=after_work))
    idle.says("killed")
    asked = len(chatwoot.requests("/messages"))
    eventually(lambda: len(chatwoot.requests("/messages")) > asked)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    idle.says("afterwards")
    idle.work()
    eventually(idle.everything_is_told)
    assert idle.heard_there(number) == [*TEXTS, "killed", "afterwards"]


def test_two_workers_tell_it_once(scene: Scene) -> None:
    process = work_in_a_process()
    reference = scene.asks()
    number = scene.number(reference)
    texts = [f"message {number}" for number in range(12)]
    scene.says(*texts)
    eventually(scene.everything_is_told)
    assert scene.heard_there(number) == texts
    process.kill()
    process.join()


def test_what_was_deleted_there_is_begun_anew(scene: Scene, chatwoot: ChatwootServer) -> None:
    reference = scene.asks()
    scene.number(reference)
    chatwoot.thread.call(chatwoot.store.conversations.clear)
    scene.says("Is somebody there?")
    number = scene.number(reference)
    eventually(lambda: scene.heard_there(number) == ["Is somebody there?"])


def test_who_goes_back_to_the_assistant_is_not_answered_any_more(scene: Scene, chatwoot: ChatwootServer) -> None:
    reference = scene.asks()
    number = scene.number(reference)
    scene.goes_back(reference)
    eventually(lambda: chatwoot.conversations()[0]["status"] == "resolved")
    notes = [each["content"] for each in chatwoot.messages(number) if each["private"]]
    assert notes == ["[Assistant] The customer has gone back to the assistant."]
    again = scene.asks()
    assert scene.number(again) != number
    contacts = {each["meta"]["sender"]["id"] for each in chatwoot.conversations()}
    assert len(contacts) == 1, "The same customer."


WRONG: dict[str, tuple[str, str, str]] = {
    "token": ("BOT_CHATWOOT_TOKEN", "wrong", "BOT_CHATWOOT_TOKEN is not the token of an agent"),
    "inbox": ("BOT_CHATWOOT_INBOX", "wrong", "there is no BOT_CHATWOOT_INBOX"),
    "account": ("BOT_CHATWOOT_ACCOUNT", "77", "BOT_CHATWOOT_ACCOUNT is not the account of this inbox"),
}


@pytest.mark.parametrize(("name", "value", "told"), WRONG.values(), ids=WRONG)
def test_a_setting_that_is_wrong_is_named(
    idle: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str, value: str, told: str
) -> None:
    from bot.chatwoot.settings import chatwoot_settings

    monkeypatch.setenv(name, value)
    chatwoot_settings.cache_clear()
    idle.asks(details="The lights flicker.")
    idle.work()
    eventually(lambda: told in caplog.text)
    assert "flicker" not in caplog.text
