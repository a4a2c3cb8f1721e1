"""The stand-in's application API, with tokens of people and of bots."""

from typing import Any

import pytest
import requests
from desk_partners import Client  # tests/chatwoot

from harness.chatwoot import NEWEST, OLDEST, ChatwootServer, Release, Role

UNAUTHORIZED = {
    "no token": ({}, {"errors": ["You need to sign in or sign up before continuing."]}),
    "a bearer": (
        {"Authorization": "Bearer {agent}"},
        {"errors": ["You need to sign in or sign up before continuing."]},
    ),
    "an unknown token": ({"api_access_token": "x"}, {"error": "Invalid Access Token"}),
    "a token of another account": (
        {"api_access_token": "{stranger}"},
        {"error": "You are not authorized to access this account"},
    ),
}


@pytest.mark.parametrize(("headers", "error"), UNAUTHORIZED.values(), ids=UNAUTHORIZED)
def test_nobody_else_speaks_as_the_desk(
    client: Client, chatwoot: ChatwootServer, headers: dict[str, str], error: dict[str, Any]
) -> None:
    tokens = {"agent": chatwoot.agent.access_token, "stranger": chatwoot.add_stranger("Stranger").access_token}
    filled = {name: value.format(**tokens) for name, value in headers.items()}
    address = f"{client.of_desk(client.begin()[0])}/messages"
    answer = requests.post(address, json={"content": "x"}, headers=filled, timeout=5)
    assert (answer.status_code, answer.json()) == (401, error)


def ask(method: str, address: str, token: str, **body: Any) -> requests.Response:
    return requests.request(method, address, json=body, headers={"api_access_token": token}, timeout=5)


def test_the_token_may_have_hyphens(client: Client, chatwoot: ChatwootServer) -> None:
    headers = {"Api-Access-Token": chatwoot.agent.access_token}
    assert requests.get(client.of_desk(client.begin()[0]), headers=headers, timeout=5).status_code == 200


def test_what_an_agent_sends_is_outgoing_and_echoes_its_id(client: Client, chatwoot: ChatwootServer) -> None:
    number, _ = client.begin()
    body = {"content": "Labdien!", "echo_id": "7", "content_attributes": {"kind": "greeting"}}
    shown = ask("POST", f"{client.of_desk(number)}/messages", chatwoot.agent.access_token, **body).json()
    assert (shown["message_type"], shown["echo_id"], shown["status"]) == (1, "7", "sent")
    assert (shown["private"], shown["content_attributes"]) == (False, {"kind": "greeting"})
    assert (shown["sender"]["type"], type(shown["created_at"])) == ("user", int)


def test_what_is_sent_as_incoming_is_the_contacts(client: Client, chatwoot: ChatwootServer) -> None:
    number, _ = client.begin(name="Anna")
    body = {"content": "Labdien!", "message_type": "incoming"}
    shown = ask("POST", f"{client.of_desk(number)}/messages", chatwoot.agent.access_token, **body).json()
    assert (shown["message_type"], shown["sender"]["name"]) == (0, "Anna")


def test_a_private_note_in_a_form_with_a_file(client: Client, chatwoot: ChatwootServer) -> None:
    number, _ = client.begin()
    shown = requests.post(
        f"{client.of_desk(number)}/messages",
        data={"content": "Note", "private": "true", "content_attributes": '{"a": 1}'},
        files=[("attachments[]", ("a.png", b"png", "image/png"))],
        headers={"api_access_token": chatwoot.agent.access_token},
        timeout=5,
    ).json()
    assert (shown["private"], shown["content_attributes"]) == (True, {"a": 1})
    assert shown["attachments"][0]["file_type"] == "image"


def test_a_message_of_no_known_type_is_refused_with_words(client: Client, chatwoot: ChatwootServer) -> None:
    address = f"{client.of_desk(client.begin()[0])}/messages"
    answer = ask("POST", address, chatwoot.agent.access_token, content="x", message_type="sent")
    assert (answer.status_code, answer.json()) == (422, {"error": "'sent' is not a valid message_type"})


def test_a_missing_conversation_is_named_as_such(client: Client, chatwoot: ChatwootServer) -> None:
    answer = ask("POST", f"{client.of_desk(99)}/messages", chatwoot.agent.access_token, content="x")
    assert (answer.status_code, answer.json()) == (404, {"error": "Resource could not be found"})


def test_a_bot_may_speak_but_not_read_messages(client: Client, chatwoot: ChatwootServer) -> None:
    address = f"{client.of_desk(client.begin()[0])}/messages"
    shown = ask("POST", address, chatwoot.bot.access_token, content="Beep").json()
    assert shown["sender"]["type"] == "agent_bot"
    refused = ask("GET", address, chatwoot.bot.access_token)
    assert (refused.status_code, refused.json()) == (
        401,
        {"error": "Access to this endpoint is not authorized for bots"},
    )


@pytest.mark.parametrize(("release", "status"), [(OLDEST, 401), (NEWEST, 200)], ids=["oldest", "newest"])
def test_a_bot_reads_conversations_only_of_newer_releases(release: Release, status: int) -> None:
    with ChatwootServer(release=release) as server:
        client = Client(server, server.add_inbox())
        address = client.of_desk(client.begin()[0])
        assert ask("GET", address, server.bot.access_token).status_code == status


def test_an_agent_may_not_create_an_inbox(client: Client, chatwoot: ChatwootServer) -> None:
    body = {"name": "API", "channel": {"type": "api"}}
    answer = ask("POST", f"{client.account}/inboxes", chatwoot.agent.access_token, **body)
    assert (answer.status_code, answer.json()) == (401, {"error": "You are not authorized to do this action"})


def test_a_new_secret_is_shown_to_administrators(client: Client, chatwoot: ChatwootServer) -> None:
    inbox = chatwoot.add_inbox("Other")
    before = inbox.secret
    address = f"{client.account}/inboxes/{inbox.id}"
    shown = ask("POST", f"{address}/reset_secret", chatwoot.administrator.access_token).json()
    assert shown["secret"] == inbox.secret != before
    assert "secret" not in ask("GET", address, chatwoot.agent.access_token).json()


def test_the_status_is_toggled_or_set(client: Client, chatwoot: ChatwootServer) -> None:
    number, _ = client.begin()
    address = f"{client.of_desk(number)}/toggle_status"
    shown = [ask("POST", address, chatwoot.administrator.access_token).json()["payload"] for _ in range(2)]
    assert [payload["current_status"] for payload in shown] == ["resolved", "open"]
    snoozed = ask("POST", address, chatwoot.agent.access_token, status="snoozed", snoozed_until=1_585_735_200).json()
    assert snoozed["payload"] == {
        "success": True,
        "conversation_id": number,
        "current_status": "snoozed",
        "snoozed_until": "2020-04-01T10:00:00.000Z",
    }
    assert ask("POST", address, chatwoot.agent.access_token, status="done").status_code == 500


def test_an_agent_who_opens_a_conversation_gets_it(client: Client, chatwoot: ChatwootServer) -> None:
    number, _ = client.begin()
    agent = chatwoot.add_agent("Ilze", Role.AGENT)
    ask("POST", f"{client.of_desk(number)}/toggle_status", agent.access_token, status="open")
    assert chatwoot.conversations()[0]["meta"]["assignee"]["id"] == agent.id


def test_a_bot_that_hands_over_is_answered_without_success(chatwoot: ChatwootServer) -> None:
    client = Client(chatwoot, chatwoot.add_inbox(bot=chatwoot.bot))
    number, _ = client.begin()
    assert chatwoot.conversations()[0]["status"] == "pending"
    shown = ask("POST", f"{client.of_desk(number)}/toggle_status", chatwoot.bot.access_token, status="open").json()
    assert (shown["payload"]["success"], shown["payload"]["current_status"]) == (None, "open")


def test_assigning_to_somebody_unknown_assigns_to_nobody(client: Client, chatwoot: ChatwootServer) -> None:
    number, _ = client.begin()
    address = f"{client.of_desk(number)}/assignments"
    shown = ask("POST", address, chatwoot.agent.access_token, assignee_id=chatwoot.agent.id).json()
    assert (shown["id"], shown["role"]) == (chatwoot.agent.id, "agent")
    nobody = ask("POST", address, chatwoot.agent.access_token, assignee_id=999)
    assert (nobody.status_code, nobody.json()) == (200, None)
    assert "assignee" not in chatwoot.conversations()[0]["meta"]


def test_a_client_may_say_how_far_a_message_came(client: Client, chatwoot: ChatwootServer) -> None:
    number, _ = client.begin()
    address = f"{client.of_desk(number)}/messages/{chatwoot.agent_says(number, 'Labdien!')}"
    failed = ask("PATCH", address, chatwoot.agent.access_token, status="failed", external_error="no such number").json()
    assert (failed["status"], failed["content_attributes"]) == ("failed", {"external_error": "no such number"})
    read = ask("PATCH", address, chatwoot.agent.access_token, status="read").json()
    assert (read["status"], read["content_attributes"]) == ("read", {})
    assert ask("PATCH", address, chatwoot.agent.access_token, status="delivered").json()["status"] == "read"


def test_a_deleted_message_stays_and_says_so(client: Client, chatwoot: ChatwootServer) -> None:
    number, _ = client.begin()
    address = f"{client.of_desk(number)}/messages/{chatwoot.agent_says(number, 'Oops')}"
    shown = ask("DELETE", address, chatwoot.agent.access_token).json()
    assert shown["content_attributes"] == {"deleted": True}
    assert shown["content"] != "Oops"
