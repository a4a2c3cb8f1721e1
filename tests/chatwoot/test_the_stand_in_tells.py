"""Webhooks of the stand-in: which there are, what they say, how they are signed, and what comes of failure."""

import hashlib
import hmac
import time
from collections.abc import Callable
from typing import Any

import pytest
import requests
from desk_partners import WEBHOOK_TIMEOUT, Client, Receiver  # tests/chatwoot

from harness.chatwoot import OLDEST, ApiInbox, ChatwootServer


def signed_with(secret: str, headers: dict[str, str], body: bytes) -> bool:
    signed = headers["X-Chatwoot-Timestamp"].encode() + b"." + body
    return headers["X-Chatwoot-Signature"] == "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def test_what_the_client_itself_did_comes_back(client: Client, chatwoot: ChatwootServer, receiver: Receiver) -> None:
    number, address = client.begin(name="Anna")
    requests.post(f"{address}/messages", json={"content": "Labdien!"}, timeout=5)
    chatwoot.settle()
    created, told = receiver.payloads()
    assert (created["event"], created["id"], created["status"]) == ("conversation_created", number, "open")
    assert (told["event"], told["message_type"], told["content"]) == ("message_created", "incoming", "Labdien!")


def test_the_same_fact_has_several_forms(client: Client, chatwoot: ChatwootServer, receiver: Receiver) -> None:
    number, _ = client.begin(name="Anna")
    chatwoot.agent_says(number, "Labdien!")
    chatwoot.settle()
    told = receiver.payloads()[1]
    inner = told["conversation"]["messages"][0]
    assert (told["message_type"], inner["message_type"]) == ("outgoing", 1)
    assert (told["created_at"][-1], type(inner["created_at"])) == ("Z", int)
    assert type(told["conversation"]["updated_at"]) is float
    assert told["conversation"]["id"] == inner["conversation_id"] == number
    assert set(told["inbox"]) == {"id", "name"}
    assert set(told["sender"]) == {"id", "name", "email", "type"}
    assert not {"status", "echo_id"} & set(told)


def test_a_contact_has_no_type_at_the_top(client: Client, chatwoot: ChatwootServer, receiver: Receiver) -> None:
    _, address = client.begin(name="Anna")
    requests.post(f"{address}/messages", json={"content": "x"}, timeout=5)
    chatwoot.settle()
    told = receiver.payloads()[1]
    assert "type" not in told["sender"]
    assert told["conversation"]["meta"]["sender"]["type"] == "contact"


def test_a_note_is_told_too_with_the_last_public_message(
    client: Client, chatwoot: ChatwootServer, receiver: Receiver
) -> None:
    number, _ = client.begin()
    chatwoot.bot_says(number, "Beep")
    chatwoot.agent_says(number, "Careful!", private=True)
    chatwoot.settle()
    told = receiver.payloads()[-1]
    assert (told["private"], told["content"]) == (True, "Careful!")
    assert [message["content"] for message in told["conversation"]["messages"]] == ["Beep"]


SAID: dict[str, tuple[Callable[[ChatwootServer, int], Any], str, str | None]] = {
    "by an agent": (lambda desk, number: desk.agent_says(number, "x"), "outgoing", "user"),
    "by a bot": (lambda desk, number: desk.bot_says(number, "x"), "outgoing", "agent_bot"),
    "by the inbox": (lambda desk, number: desk.inbox_says(number, "x"), "template", None),
}


@pytest.mark.parametrize(("say", "message_type", "sender"), SAID.values(), ids=SAID)
def test_a_message_says_who_sent_it(
    client: Client, chatwoot: ChatwootServer, receiver: Receiver, say: Any, message_type: str, sender: str | None
) -> None:
    say(chatwoot, client.begin()[0])
    chatwoot.settle()
    told = receiver.payloads()[1]
    assert (told["message_type"], (told["sender"] or {}).get("type")) == (message_type, sender)


def test_the_status_changes_without_saying_from_what(
    client: Client, chatwoot: ChatwootServer, receiver: Receiver
) -> None:
    number, address = client.begin()
    chatwoot.agent_resolves(number)
    requests.post(f"{address}/messages", json={"content": "One more"}, timeout=5)
    chatwoot.settle()
    told = [(payload["event"], payload.get("status")) for payload in receiver.payloads()]
    assert told[1:5] == [
        ("conversation_status_changed", "resolved"),
        ("conversation_updated", "resolved"),
        ("conversation_status_changed", "open"),
        ("conversation_updated", "open"),
    ]
    assert receiver.events()[5] == "message_created"
    assert receiver.payloads()[1]["changed_attributes"] is None
    changes = receiver.payloads()[2]["changed_attributes"]
    assert changes[0] == {"status": {"previous_value": "open", "current_value": "resolved"}}


def test_typing_says_who_and_whether_privately(client: Client, chatwoot: ChatwootServer, receiver: Receiver) -> None:
    number, address = client.begin(name="Anna")
    requests.post(f"{address}/toggle_typing", json={"typing_status": "on"}, timeout=5)
    requests.post(f"{address}/toggle_typing", json={"typing_status": "perhaps"}, timeout=5)
    chatwoot.agent_types(number, on=False, private=True)
    chatwoot.settle()
    contact, agent = receiver.payloads()[1:]
    assert (contact["event"], contact["user"]["name"], contact["is_private"]) == (
        "conversation_typing_on",
        "Anna",
        False,
    )
    assert (agent["event"], agent["user"]["type"], agent["is_private"]) == ("conversation_typing_off", "user", True)
    assert agent["conversation"]["id"] == number


def test_what_the_contact_saw_is_updated_notes_too(
    client: Client, chatwoot: ChatwootServer, receiver: Receiver
) -> None:
    number, address = client.begin()
    ids = [chatwoot.agent_says(number, "x"), chatwoot.agent_says(number, "Note", private=True)]
    requests.post(f"{address}/update_last_seen", timeout=5)
    chatwoot.settle()
    assert [told["id"] for told in receiver.payloads() if told["event"] == "message_updated"] == ids


def test_every_webhook_is_signed_over_its_raw_body(
    client: Client, chatwoot: ChatwootServer, receiver: Receiver, inbox: ApiInbox
) -> None:
    number, _ = client.begin()
    chatwoot.agent_says(number, "<b>ā & b</b>")
    chatwoot.settle()
    assert all(signed_with(inbox.secret, headers, body) for headers, body in receiver.received)
    assert len({headers["X-Chatwoot-Delivery"] for headers, _ in receiver.received}) == len(receiver.received)
    assert "\\u003cb\\u003eā \\u0026 b\\u003c/b\\u003e".encode() in receiver.received[1][1]
    assert receiver.payloads()[1]["content"] == "<b>ā & b</b>"


def test_a_new_secret_signs_from_now_on(
    client: Client, chatwoot: ChatwootServer, receiver: Receiver, inbox: ApiInbox
) -> None:
    number, before = client.begin()[0], inbox.secret
    chatwoot.settle()
    chatwoot.reset_secret(inbox)
    chatwoot.agent_types(number)
    chatwoot.settle()
    assert signed_with(before, *receiver.received[0])
    assert signed_with(inbox.secret, *receiver.received[1])


FAILURES: dict[str, tuple[Callable[[Receiver], Any], str]] = {
    "an error": (lambda receiver: setattr(receiver, "status", 503), "503 Service Unavailable"),
    "a redirect": (lambda receiver: setattr(receiver, "status", 302), "302 Found"),
    "silence": (
        lambda receiver: setattr(receiver, "before", lambda: time.sleep(WEBHOOK_TIMEOUT * 2)),
        "Net::ReadTimeout with #<TCPSocket:(closed)>",
    ),
}


@pytest.mark.parametrize(("fail", "error"), FAILURES.values(), ids=FAILURES)
def test_a_message_that_nobody_took_has_failed_and_is_not_told_again(
    client: Client, chatwoot: ChatwootServer, receiver: Receiver, fail: Callable[[Receiver], Any], error: str
) -> None:
    number, _ = client.begin()
    chatwoot.settle()
    fail(receiver)
    chatwoot.agent_says(number, "x")
    chatwoot.settle()
    assert receiver.events()[1:].count("message_created") == 1
    # That it failed is an update, which fails as well, and changes nothing more.
    assert receiver.events()[1:].count("message_updated") == 1
    shown = chatwoot.messages(number)[0]
    assert (shown["status"], shown["content_attributes"]) == ("failed", {"external_error": error})


def test_a_receiver_that_is_not_there_fails_messages_only(client: Client, chatwoot: ChatwootServer) -> None:
    inbox = chatwoot.add_inbox("Nowhere", webhook_url="http://127.0.0.1:9/told")
    number, _ = Client(chatwoot, inbox).begin()
    chatwoot.agent_says(number, "x")
    chatwoot.settle()
    assert chatwoot.deliveries("message_created", inbox=inbox)[0].sendings[0].status is None
    assert chatwoot.messages(number)[0]["status"] == "failed"


CONTENTS = {
    "Shift+Enter": ("a\\\nb", "a\nb", "a\nb"),
    "empty paragraphs": ("a\n\n", "a\n\n", "a"),
    "Markdown": ("**a**", "**a**", "**a**"),
    "nothing": (None, None, None),
}


@pytest.mark.parametrize(("typed", "oldest", "newest"), CONTENTS.values(), ids=CONTENTS)
def test_the_text_is_told_without_what_the_editor_adds(
    receiver: Receiver, typed: str | None, oldest: str | None, newest: str | None
) -> None:
    with ChatwootServer(release=OLDEST) as old, ChatwootServer() as new:
        for server in (old, new):
            number, _ = Client(server, server.add_inbox(webhook_url=receiver.url)).begin()
            server.agent_says(number, typed)
            server.settle()
            assert server.messages(number)[0]["content"] == typed
        told = [payload["content"] for payload in receiver.payloads() if payload["event"] == "message_created"]
    assert told == [oldest, newest]


def test_only_newer_releases_name_the_account_of_a_conversation(receiver: Receiver) -> None:
    with ChatwootServer(release=OLDEST) as old, ChatwootServer() as new:
        for server in (old, new):
            Client(server, server.add_inbox(webhook_url=receiver.url)).begin()
            server.settle()
    assert [payload.get("account", {}).get("id") for payload in receiver.payloads()] == [None, 1]
