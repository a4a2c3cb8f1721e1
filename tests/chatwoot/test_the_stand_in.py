"""The stand-in of Chatwoot answers as harness/chatwoot/README.md says."""

import hashlib
import hmac
from pathlib import Path
from typing import Any

import pytest
import requests
from desk_partners import Client  # tests/chatwoot

import harness.chatwoot
from harness.chatwoot import OLDEST, ApiInbox, ChatwootServer


def post(address: str, token: str | None = None, **kwargs: Any) -> requests.Response:
    headers = {"api_access_token": token} if token else {}
    return requests.post(address, headers=headers, timeout=5, **kwargs)


def test_an_administrator_creates_an_inbox_and_is_shown_its_tokens(chatwoot: ChatwootServer) -> None:
    body = {"name": "API", "channel": {"type": "api", "webhook_url": "https://bot.example/told"}}
    answer = post(f"{chatwoot.base_url}/api/v1/accounts/1/inboxes", chatwoot.administrator.access_token, json=body)
    assert answer.status_code == 200
    shown = answer.json()
    assert shown["channel_type"] == "Channel::Api"
    assert shown["webhook_url"] == "https://bot.example/told"
    assert shown["secret"]
    assert shown["hmac_token"]
    assert shown["inbox_identifier"] not in {shown["secret"], shown["hmac_token"]}


INBOXES_REFUSED = {
    "without a name": ({"channel": {"type": "api"}}, 422, {"message": "Name can't be blank", "attributes": ["name"]}),
    "of another channel": (
        {"name": "Web", "channel": {"type": "web_widget"}},
        422,
        {"message": "Channel must exist", "attributes": ["channel"]},
    ),
    "without a channel": ({"name": "API"}, 500, {"status": 500, "error": "Internal Server Error"}),
}


@pytest.mark.parametrize(("body", "status", "error"), INBOXES_REFUSED.values(), ids=INBOXES_REFUSED)
def test_an_inbox_is_refused(chatwoot: ChatwootServer, body: dict[str, Any], status: int, error: Any) -> None:
    answer = post(f"{chatwoot.base_url}/api/v1/accounts/1/inboxes", chatwoot.administrator.access_token, json=body)
    assert (answer.status_code, answer.json()) == (status, error)


def test_a_contact_is_known_by_its_identifier_but_gets_a_source_id_of_its_own(client: Client) -> None:
    first, second = client.contact(identifier="visitor", name="Anna"), client.contact(identifier="visitor", name="Ilze")
    assert second["id"] == first["id"]
    assert second["name"] == "Anna"
    assert second["source_id"] != first["source_id"]


def test_a_known_source_id_is_answered_with_what_is_there(client: Client) -> None:
    first = client.contact(source_id="mine", name="Anna")
    assert client.contact(source_id="mine", name="Ilze") == first


def test_a_message_of_the_contact_is_shown_in_numbers(client: Client) -> None:
    number, address = client.begin(name="Anna")
    shown = post(f"{address}/messages", json={"content": "Labdien!", "echo_id": "7"}).json()
    assert type(shown["created_at"]) is int
    assert (shown["message_type"], shown["content_type"], shown["conversation_id"]) == (0, "text", number)
    assert shown["sender"]["type"] == "contact"
    assert not {"echo_id", "status", "private", "attachments"} & set(shown)


def test_a_message_may_be_a_form_with_files(client: Client) -> None:
    _, address = client.begin()
    files = [("attachments[]", ("bill.pdf", b"%PDF", "application/pdf"))]
    shown = post(f"{address}/messages", data={"content": "My bill"}, files=files).json()
    file = shown["attachments"][0]
    assert (shown["content"], file["file_type"], file["extension"], file["file_size"]) == (
        "My bill",
        "file",
        "pdf",
        4,
    )
    assert requests.get(file["data_url"], timeout=5, allow_redirects=False).status_code == 302
    assert requests.get(file["data_url"], timeout=5).content == b"%PDF"


BODIES = {
    "no content": ({"json": {}}, None),
    "JSON under another type": ({"data": '{"content": "x"}', "headers": {"Content-Type": "text/plain"}}, None),
    "a form": ({"data": {"content": "x"}}, "x"),
    "an object as content": ({"json": {"content": {"a": 1}}}, None),
}


@pytest.mark.parametrize(("body", "content"), BODIES.values(), ids=BODIES)
def test_a_message_without_content_is_taken_too(client: Client, body: Any, content: str | None) -> None:
    answer = requests.post(f"{client.begin()[1]}/messages", timeout=5, **body)
    assert (answer.status_code, answer.json()["content"]) == (200, content)


def test_a_message_that_is_too_long_is_refused(client: Client, chatwoot: ChatwootServer) -> None:
    number, address = client.begin()
    problem = "Content is too long (maximum is 150000 characters)"
    as_contact = post(f"{address}/messages", json={"content": "x" * 150_001})
    assert (as_contact.status_code, as_contact.json()) == (422, {"message": problem, "attributes": ["content"]})
    as_agent = post(f"{client.of_desk(number)}/messages", chatwoot.agent.access_token, json={"content": "x" * 150_001})
    assert (as_agent.status_code, as_agent.json()) == (422, {"error": f"Validation failed: {problem}"})


def test_a_flood_of_messages_is_refused(client: Client) -> None:
    _, address = client.begin()
    answers = [post(f"{address}/messages", json={"content": "x"}) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [422]
    assert answers[-1].json() == {"message": "Too many messages", "attributes": ["base"]}


def test_what_is_malformed_or_missing_is_an_error_of_rails(client: Client, chatwoot: ChatwootServer) -> None:
    _, address = client.begin()
    broken = requests.post(f"{address}/messages", data="{", headers={"Content-Type": "application/json"}, timeout=5)
    assert (broken.status_code, broken.json()) == (400, {"status": 400, "error": "Bad Request"})
    not_found = (404, {"status": 404, "error": "Not Found"})
    unknown_inbox = requests.get(f"{chatwoot.base_url}/public/api/v1/inboxes/none", timeout=5)
    assert (unknown_inbox.status_code, unknown_inbox.json()) == not_found
    others = client.conversations(client.contact()["source_id"])
    foreign = post(f"{others}/{address.rpartition('/')[2]}/messages", json={"content": "x"})
    assert (foreign.status_code, foreign.json()) == not_found


def test_the_contact_sees_neither_notes_nor_activities(client: Client, chatwoot: ChatwootServer) -> None:
    number, address = client.begin()
    chatwoot.agent_says(number, "Careful!", private=True)
    chatwoot.agent_resolves(number)
    answer = chatwoot.agent_says(number, "Done.")
    assert [shown["id"] for shown in requests.get(f"{address}/messages", timeout=5).json()] == [answer]
    assert [shown["message_type"] for shown in chatwoot.messages(number)] == [1, 2, 1]


def test_messages_come_in_pages_of_twenty(client: Client, chatwoot: ChatwootServer) -> None:
    number, address = client.begin()
    ids = [chatwoot.agent_says(number, str(place)) for place in range(25)]
    last = requests.get(f"{address}/messages", timeout=5).json()
    assert [shown["id"] for shown in last] == ids[5:]
    before = requests.get(f"{address}/messages", params={"before": ids[5]}, timeout=5).json()
    assert [shown["id"] for shown in before] == ids[:5]


def test_toggling_the_status_as_contact_only_resolves(client: Client) -> None:
    _, address = client.begin()
    assert [post(f"{address}/toggle_status").json()["status"] for _ in range(2)] == ["resolved"] * 2


@pytest.mark.parametrize("what", ["toggle_typing", "update_last_seen"])
def test_some_answers_have_no_body(client: Client, what: str) -> None:
    answer = post(f"{client.begin()[1]}/{what}", json={"typing_status": "on"})
    assert (answer.status_code, answer.content) == (200, b"")


def test_an_inbox_that_demands_identity_says_nothing_but_500(chatwoot: ChatwootServer) -> None:
    inbox = chatwoot.add_inbox("Strict", hmac_mandatory=True)
    contacts = Client(chatwoot, inbox).contacts
    refused = post(contacts, json={"identifier": "visitor"})
    assert (refused.status_code, refused.json()) == (500, {"status": 500, "error": "Internal Server Error"})
    proof = hmac.new(inbox.hmac_token.encode(), b"visitor", hashlib.sha256).hexdigest()
    contact = post(contacts, json={"identifier": "visitor", "identifier_hash": proof})
    assert contact.status_code == 200
    assert requests.get(f"{contacts}/{contact.json()['source_id']}", timeout=5).status_code == 500
    assert post(f"{contacts}/{contact.json()['source_id']}/conversations").status_code == 200


def test_an_older_release_shows_an_updated_contact_whole() -> None:
    with ChatwootServer(release=OLDEST) as old:
        client = Client(old, old.add_inbox())
        address = f"{client.contacts}/{client.contact(name='Anna')['source_id']}"
        shown = requests.patch(address, json={"email": "anna@example.lv"}, timeout=5).json()
        assert shown["account_id"] == 1
        assert "source_id" not in shown


def test_a_single_conversation_is_kept_where_the_inbox_locks_to_it(chatwoot: ChatwootServer, inbox: ApiInbox) -> None:
    client = Client(chatwoot, chatwoot.add_inbox(lock_to_single_conversation=True))
    address = client.conversations(client.contact()["source_id"])
    assert post(address).json()["id"] == post(address).json()["id"]


def test_the_example_of_the_readme_runs() -> None:
    readme = (Path(harness.chatwoot.__file__).parent / "README.md").read_text()
    example = readme.partition("```python\n")[2].partition("```")[0]
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102
