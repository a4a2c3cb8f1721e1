"""What Chatwoot's agents do, as customers see it: in order and once, whichever webhooks arrive."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chatwoot_scene import Scene, eventually  # tests/chatwoot_client

from bot.chatwoot import agents_heard, chatwoot_worker
from bot.desk import presence
from bot.desk.call_backs import WishedCall, call_back_of
from bot.desk.kinds import DeskEventKind, RequestKind, RequestOutcome, RequestState
from bot.desk.typing import who_types
from bot.storage.engine import session_scope
from bot.words.reference import Reference
from harness.chatwoot import (
    ApiInbox,
    ChatwootServer,
    DelayedWebhook,
    DroppedWebhook,
    DuplicatedWebhook,
    ReorderedWebhooks,
)

SAID = frozenset({"message_created"})


def settled(scene: Scene, number: int) -> None:
    """Whatever is on its way has arrived: an agent writes a last word, and it is heard."""
    scene.chatwoot.behave()
    scene.chatwoot.agent_says(number, "last word")
    eventually(lambda: ("Agent", "last word") in scene.heard_here())


def test_an_agent_who_answers_holds_the_conversation_for_as_long_as_it_takes(
    scene: Scene, chatwoot: ChatwootServer
) -> None:
    reference = scene.asks()
    number = scene.number(reference)
    assert scene.holder() is None, "Until somebody answers, the assistant does."
    agent = chatwoot.add_agent("Ilze Liepa")
    chatwoot.agent_says(number, "Labdien!", agent=agent)
    eventually(scene.heard_here)
    assert scene.heard_here() == [("Ilze", "Labdien!")]
    assert scene.events() == [DeskEventKind.TAKEN, DeskEventKind.AGENT_SAID]
    held = scene.holder(now=datetime.now(UTC) + timedelta(days=2))
    assert held
    assert (held.agent_id, held.agent_name) == (-agent.id, "Ilze")
    scene.says("Good day!")
    eventually(lambda: scene.heard_there(number) == ["Good day!"])
    assert scene.heard_here() == [("Ilze", "Labdien!")], "What comes back of our own is not said again."


FAULTS: dict[str, Any] = {
    "twice": DuplicatedWebhook(events=SAID, copies=3),
    "twice under other ids": DuplicatedWebhook(events=SAID, copies=3, same_delivery_id=False),
    "last first": ReorderedWebhooks(events=SAID, times=3),
    "overtaken": DelayedWebhook(events=SAID, seconds=0.1),
    "the first is lost": DroppedWebhook(events=SAID),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_messages_are_heard_once_and_in_order(scene: Scene, chatwoot: ChatwootServer, fault: Any) -> None:
    number = scene.quiet(scene.asks())
    chatwoot.misbehave(fault)
    texts = ["one", "two", "three"]
    for text in texts:
        chatwoot.agent_says(number, text)
    eventually(lambda: len(scene.heard_here()) >= len(texts))
    chatwoot.settle()
    settled(scene, number)
    assert [text for _, text in scene.heard_here()] == [*texts, "last word"]


def test_an_old_webhook_changes_nothing(scene: Scene, chatwoot: ChatwootServer) -> None:
    number = scene.number(scene.asks())
    other = chatwoot.add_agent("Jānis")
    chatwoot.agent_says(number, "one")
    chatwoot.agent_says(number, "two", agent=other)
    eventually(lambda: len(scene.heard_here()) == 2)
    chatwoot.send_again(chatwoot.deliveries("message_created")[1])
    chatwoot.settle()
    chatwoot.agent_says(number, "three", agent=other)
    eventually(lambda: len(scene.heard_here()) == 3)
    assert scene.heard_here() == [("Agent", "one"), ("Jānis", "two"), ("Jānis", "three")]
    assert scene.events().count(DeskEventKind.HANDED_ON) == 1


def test_without_any_webhook_it_is_looked_now_and_then(
    scene: Scene, chatwoot: ChatwootServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agents_heard, "LOOK_AGAIN", timedelta(seconds=0.1))
    chatwoot.misbehave(DroppedWebhook(times=99))
    reference = scene.asks()
    number = scene.number(reference)
    for text in (f"message {each}" for each in range(25)):
        chatwoot.agent_says(number, text)
    chatwoot.agent_resolves(number)
    eventually(lambda: scene.request(reference).state == RequestState.CLOSED)
    assert [text for _, text in scene.heard_here()] == [f"message {each}" for each in range(25)]


NOT_FOR_CUSTOMERS: dict[str, Callable[[ChatwootServer, int], Any]] = {
    "a note": lambda desk, number: desk.agent_says(number, "x", private=True),
    "a bot": lambda desk, number: desk.bot_says(number, "x"),
    "a greeting": lambda desk, number: desk.inbox_says(number, "x"),
    "put aside": lambda desk, number: desk.agent_snoozes(number),
    "left to a bot": lambda desk, number: desk.agent_leaves_to_bot(number),
    "assigned": lambda desk, number: desk.agent_assigns(number, desk.agent),
    "deleted": lambda desk, number: desk.agent_deletes(number, desk.agent_says(number, "x", private=True)),
}


def test_what_is_not_for_customers_is_not_heard(scene: Scene, chatwoot: ChatwootServer) -> None:
    reference = scene.asks()
    number = scene.number(reference)
    for act in NOT_FOR_CUSTOMERS.values():
        act(chatwoot, number)
    chatwoot.settle()
    assert scene.holder() is None
    settled(scene, number)
    assert scene.events() == [DeskEventKind.TAKEN, DeskEventKind.AGENT_SAID]
    assert scene.request(reference).state == RequestState.HELD


def test_it_is_given_back_when_an_agent_resolves_it(scene: Scene, chatwoot: ChatwootServer) -> None:
    reference = scene.asks()
    number = scene.number(reference)
    chatwoot.agent_says(number, "Done.")
    chatwoot.agent_resolves(number)
    eventually(lambda: scene.request(reference).state == RequestState.CLOSED)
    assert scene.request(reference).outcome == RequestOutcome.ANSWERED
    assert scene.holder() is None
    assert scene.events() == [DeskEventKind.TAKEN, DeskEventKind.AGENT_SAID, DeskEventKind.CLOSED]
    eventually(scene.everything_is_told)
    assert not [each for each in chatwoot.messages(number) if each["private"]], "Who resolved it knows."


RESOLVED_UNANSWERED: dict[str, tuple[RequestKind, str, RequestOutcome, list[DeskEventKind]]] = {
    "somebody who waited": (RequestKind.PERSON, "web", RequestOutcome.RETURNED, [DeskEventKind.RETURNED]),
    "a complaint": (RequestKind.COMPLAINT, "web", RequestOutcome.ANSWERED, []),
    "a call": (RequestKind.TRANSFER, "phone", RequestOutcome.ANSWERED, []),
}


@pytest.mark.parametrize(("kind", "channel", "outcome", "seen"), RESOLVED_UNANSWERED.values(), ids=RESOLVED_UNANSWERED)
def test_what_is_resolved_without_a_word_looks_as_if_nobody_had_come(
    scene: Scene,
    chatwoot: ChatwootServer,
    kind: RequestKind,
    channel: str,
    outcome: RequestOutcome,
    seen: list[DeskEventKind],
) -> None:
    reference = scene.asks("talk", kind, channel=channel)
    chatwoot.agent_resolves(scene.number(reference))
    eventually(lambda: scene.request(reference).state == RequestState.CLOSED)
    assert (scene.request(reference).outcome, scene.events()) == (outcome, seen)


def test_what_the_customer_wrote_meanwhile_keeps_it_open(scene: Scene, chatwoot: ChatwootServer) -> None:
    reference = scene.asks()
    number = scene.number(reference)
    chatwoot.agent_says(number, "Anything else?")
    eventually(scene.heard_here)
    scene.rest()
    scene.says("Yes!")
    chatwoot.agent_resolves(number)
    chatwoot.settle()
    scene.work()
    eventually(lambda: scene.heard_there(number) == ["Yes!"])
    settled(scene, number)
    assert scene.request(reference).state == RequestState.HELD
    assert chatwoot.conversations()[0]["status"] == "open"


REFUSED: dict[str, tuple[str, Callable[[Scene, int, Any], Any], str]] = {
    "on the phone": (
        "phone",
        lambda scene, number, _: scene.chatwoot.agent_says(number, "x"),
        "Not sent: you cannot write to this customer here.",
    ),
    "a file": (
        "web",
        lambda scene, number, _: scene.chatwoot.agent_says(number, "x", files=(("a.txt", "text/plain", b"a"),)),
        "Not sent: customers can be sent text only, no files.",
    ),
    "nothing": (
        "web",
        lambda scene, number, _: scene.chatwoot.agent_says(number, None),
        "Not sent: customers can be sent text only, no files.",
    ),
    "too much": (
        "web",
        lambda scene, number, _: scene.chatwoot.agent_says(number, "x" * 20_001),
        "Not sent: the message is longer than 20000 characters.",
    ),
    "to somebody who has gone back": (
        "web",
        lambda scene, number, reference: scene.is_too_late(reference, number),
        "Not sent: the request is closed, and the customer is with the assistant.",
    ),
}


@pytest.mark.parametrize(("channel", "act", "told"), REFUSED.values(), ids=REFUSED)
def test_an_agent_sees_what_the_customer_does_not_get(
    scene: Scene, chatwoot: ChatwootServer, channel: str, act: Callable[[Scene, int, Any], Any], told: str
) -> None:
    reference = scene.asks(channel=channel)
    number = scene.number(reference)
    act(scene, number, reference)

    def shown() -> list[Any]:
        messages = chatwoot.messages(number)
        return [each["content_attributes"].get("external_error") for each in messages if each["status"] == "failed"]

    eventually(shown)
    assert shown() == [told]
    assert scene.heard_here() == []


def test_customers_hear_whether_somebody_is_there(
    idle: Scene, chatwoot: ChatwootServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chatwoot_worker, "PRESENCE_EVERY", 0.02)
    other = chatwoot.add_agent("Ilze Liepa")
    chatwoot.agent_is("busy")
    chatwoot.agent_is("online", agent=other)
    idle.work()
    eventually(lambda: len(who_is_there()) == 2)
    assert who_is_there() == {(-chatwoot.agent.id, "Agent", False), (-other.id, "Ilze", True)}


def who_is_there() -> set[tuple[int, str, bool]]:
    with session_scope() as session:
        found = presence.present(session, datetime.now(UTC))
    return {(each.agent_id, each.name, each.is_available) for each in found}


def test_customers_see_that_an_agent_types(scene: Scene, chatwoot: ChatwootServer) -> None:
    number = scene.number(scene.asks())
    chatwoot.agent_types(number)
    chatwoot.settle()
    assert typists() == [], "Nobody holds it."
    chatwoot.agent_says(number, "Labdien!")
    eventually(scene.heard_here)
    chatwoot.agent_types(number, private=True)
    chatwoot.settle()
    assert typists() == []
    chatwoot.agent_types(number)
    chatwoot.settle()
    assert typists() == [("talk", str(-chatwoot.agent.id))]
    chatwoot.agent_types(number, on=False)
    chatwoot.settle()
    assert typists() == []


def typists() -> list[tuple[str, str]]:
    with session_scope() as session:
        return who_types(session, datetime.now(UTC))


def test_requests_may_share_a_conversation(scene: Scene, chatwoot: ChatwootServer, inbox: ApiInbox) -> None:
    inbox.lock_to_single_conversation = True
    first = scene.asks()
    number = scene.number(first)
    chatwoot.agent_says(number, "one")
    eventually(scene.heard_here)
    scene.goes_back(first)
    eventually(lambda: chatwoot.conversations()[0]["status"] == "resolved")
    chatwoot.agent_says(number, "to nobody")
    eventually(lambda: chatwoot.messages(number)[-1]["status"] == "failed")
    second = scene.asks()
    eventually(lambda: chatwoot.conversations()[0]["status"] == "open")
    chatwoot.agent_says(number, "two")
    eventually(lambda: len(scene.heard_here()) == 2)
    assert scene.request(second).state == RequestState.HELD
    assert len(chatwoot.conversations()) == 1
    assert [text for _, text in scene.heard_here()] == ["one", "two"]
    assert [each["content"] for each in chatwoot.messages(number) if each["status"] == "failed"] == ["to nobody"]


def planned(reference: Reference) -> bool:
    """Whether a call is planned, with its number."""
    with session_scope() as session:
        call = call_back_of(session, reference)
    return call is not None and call.number is not None


def test_a_planned_call_stays_when_the_customer_goes_back_and_ends_when_it_was_made(
    scene: Scene, chatwoot: ChatwootServer
) -> None:
    reference = scene.asks(call_back=WishedCall("+37120000000"))
    number = scene.number(reference)
    chatwoot.agent_says(number, "Labdien!")
    eventually(scene.heard_here)
    scene.goes_back(reference)
    eventually(scene.everything_is_told)
    assert (planned(reference), scene.holder(), chatwoot.conversations()[0]["status"]) == (True, None, "open")
    assert scene.request(reference).kind == RequestKind.CALL_BACK
    chatwoot.agent_resolves(number)
    eventually(lambda: scene.request(reference).state == RequestState.CLOSED)
    assert (scene.request(reference).outcome, planned(reference)) == (RequestOutcome.CALLED_BACK, False)
    assert scene.events()[-1] == DeskEventKind.RETURNED


def test_who_is_called_without_a_word_was_called(scene: Scene, chatwoot: ChatwootServer) -> None:
    reference = scene.asks(call_back=WishedCall("+37120000000"))
    chatwoot.agent_resolves(scene.number(reference))
    eventually(lambda: scene.request(reference).state == RequestState.CLOSED)
    assert (scene.request(reference).outcome, planned(reference)) == (RequestOutcome.CALLED_BACK, False)
    assert scene.events() == []
