"""Tests of the stand-in against Meta's published examples.  Run: python -m pytest tests/graph"""

import hashlib
import hmac
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from graph.api import PAGE_INBOX, GraphApi, proof_of
from graph.clock import NOW, Clock


@pytest.fixture
def graph(clock: Clock) -> Iterator[GraphApi]:
    with GraphApi("PT", "secret", "11", "22", clock=clock, profile_rate_limit=None) as made:
        made.wrote("100")
        yield made


def call(graph: GraphApi, path: str, body: Any = None, method: str = "POST", **query: str) -> tuple[int, Any]:
    answer = requests.request(
        method, f"{graph.url}/v26.0/{path}", params={"access_token": "PT", **query}, json=body, timeout=5
    )
    return answer.status_code, answer.json()


def send(graph: GraphApi, message: Any = None, **more: Any) -> tuple[int, Any]:
    body: dict[str, Any] = {"recipient": {"id": "100"}, "messaging_type": "RESPONSE"}
    if message is not None:
        body["message"] = message
    return call(graph, "me/messages", {**body, **more})


def refused(answer: tuple[int, Any]) -> tuple[int, int, int | None]:
    error = answer[1]["error"]
    assert {"message", "type", "code", "fbtrace_id"} <= set(error)
    return answer[0], error["code"], error.get("error_subcode")


QR = {"content_type": "text", "title": "Red", "payload": "P"}
BTN = {"type": "web_url", "url": "https://www.messenger.com", "title": "Visit Messenger"}


def button_template(*buttons: Any, text: str = "What do you want to do next?") -> Any:
    return {
        "attachment": {
            "type": "template",
            "payload": {"template_type": "button", "text": text, "buttons": list(buttons)},
        }
    }


def generic(*elements: Any) -> Any:
    return {"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": list(elements)}}}


def test_published_send_example_form_encoded(graph: GraphApi) -> None:
    """The curl of the Send API page: form fields with single quotes, page id in the path."""
    answer = requests.post(
        f"{graph.url}/v25.0/22/messages",
        timeout=5,
        data={
            "recipient": "{'id':'100'}",
            "messaging_type": "RESPONSE",
            "message": "{'text':'hello, world'}",
            "access_token": "PT",
        },
    )
    assert answer.status_code == 200
    assert set(answer.json()) == {"recipient_id", "message_id"}
    assert graph.sent[0].message == {"text": "hello, world"}
    assert graph.sent[0].mid == answer.json()["message_id"]
    assert answer.headers["facebook-api-version"] == "v25.0"
    assert len(graph.accepted) == 1


def test_published_templates_and_quick_replies(graph: GraphApi) -> None:
    assert send(graph, {"text": "Pick a color:", "quick_replies": [QR, {**QR, "title": "Green"}]})[0] == 200
    assert send(graph, button_template(BTN))[0] == 200
    assert send(graph, generic({"title": "Welcome!", "subtitle": "s", "buttons": [BTN] * 3}))[0] == 200
    assert send(graph, sender_action="typing_on")[1] == {"recipient_id": "100"}


@pytest.mark.parametrize(
    "message",
    [
        {"text": "x" * 2001},
        {"text": "q", "quick_replies": [QR] * 14},
        {"text": "q", "quick_replies": []},
        {"text": "q", "quick_replies": [{**QR, "title": "x" * 21}]},
        {"text": "q", "quick_replies": [{**QR, "payload": "x" * 1001}]},
        {"text": "q", "quick_replies": [{**QR, "content_type": "location"}]},
        {"text": "q", "txt": 1},
        {"text": 5},
        button_template(),
        button_template(*[BTN] * 4),
        button_template({**BTN, "title": "x" * 21}),
        button_template(BTN, text="x" * 641),
        button_template({"type": "nested", "title": "x"}),
        button_template({"type": "postback", "title": "x"}),
        button_template({"type": "postback", "title": "x", "payload": "x" * 1001}),
        generic(),
        generic({"title": "only"}),
        generic(*[{"title": "t", "subtitle": "s"}] * 11),
        generic({"title": "x" * 81, "subtitle": "s"}),
        {"attachment": {"type": "hologram", "payload": {}}},
        {"text": "a", "attachment": {"type": "image", "payload": {"url": "https://x.example/a.png"}}},
    ],
)
def test_message_limits(graph: GraphApi, message: Any) -> None:
    assert refused(send(graph, message))[:2] == (400, 100)
    assert graph.sent == []
    assert len(graph.refused) == 1


def test_limits_are_reachable(graph: GraphApi) -> None:
    replies = [{**QR, "title": "x" * 20, "payload": "x" * 1000}] * 13
    assert send(graph, {"text": "x" * 2000, "quick_replies": replies})[0] == 200
    assert send(graph, generic(*[{"title": "x" * 80, "subtitle": "x" * 80}] * 10))[0] == 200


def test_bad_requests(graph: GraphApi) -> None:
    assert refused(send(graph)) == (400, 100, 2018034)
    assert refused(send(graph, {"text": "x"}, sender_action="typing_on")) == (400, 100, 2018014)
    assert refused(send(graph, {"text": "x"}, recipient={})) == (400, 100, None)
    assert refused(send(graph, {"text": "x"}, recipient={"id": "abc"})) == (400, 100, None)
    assert refused(send(graph, {"text": "x"}, recipient={"id": "999"})) == (400, 100, 2018001)
    assert refused(send(graph, {"text": "x"}, messaging_type="CHAT")) == (400, 100, None)
    assert refused(send(graph, {"text": "x"}, messaging_type=None)) == (400, 100, None)
    assert refused(send(graph, {"text": "x"}, surprise=1)) == (400, 100, None)
    answer = requests.post(
        f"{graph.url}/v26.0/me/messages?access_token=PT",
        data=b"{oops",
        timeout=5,
        headers={"Content-Type": "application/json"},
    )
    assert refused((answer.status_code, answer.json())) == (400, 100, None)
    assert len(graph.refused) == 9
    assert graph.accepted == []


def test_tokens_and_versions(graph: GraphApi) -> None:
    graph.person("101")
    assert refused(call(graph, "me", method="GET", access_token="no")) == (400, 190, None)
    assert refused(call(graph, "me", method="GET", access_token="")) == (400, 2500, None)
    bearer = requests.get(f"{graph.url}/v26.0/me", headers={"Authorization": "Bearer PT"}, timeout=5)
    assert bearer.json() == {"name": "Cisco Dog Page", "id": "22"}
    unknown = requests.get(f"{graph.url}/v99.0/me", timeout=5)
    assert unknown.json()["error"]["message"] == "Unknown path components: /me"
    assert unknown.status_code == 400
    assert requests.get(f"{graph.url}/v2.6/me?access_token=PT", timeout=5).headers["facebook-api-version"] == "v19.0"
    assert refused(call(graph, "me/nonsense")) == (400, 2500, None)
    graph.tokens.kill(463)
    assert refused(call(graph, "me", method="GET")) == (400, 190, 463)
    debug = call(graph, "debug_token", method="GET", input_token="PT", access_token="11|secret")[1]["data"]
    assert debug["is_valid"] is False
    assert debug["app_id"] == "11"


def test_appsecret_proof(clock: Clock) -> None:
    with GraphApi("PT", "secret", "11", "22", clock=clock, require_proof=True) as graph:
        missing = call(graph, "me", method="GET")[1]["error"]
        assert (missing["code"], missing["type"]) == (100, "GraphMethodException")
        assert missing["message"] == "API calls from the server require an appsecret_proof argument"
        assert refused(call(graph, "me", method="GET", appsecret_proof="0" * 64)) == (400, 100, None)
        assert call(graph, "me", method="GET", appsecret_proof=proof_of("PT", "secret"))[0] == 200
        assert proof_of("PT", "secret") == hmac.new(b"secret", b"PT", hashlib.sha256).hexdigest()


def test_window_and_tags(graph: GraphApi, clock: Clock) -> None:
    human = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    clock.now += 86400
    assert send(graph, {"text": "last moment"})[0] == 200
    clock.now += 1
    assert refused(send(graph, {"text": "late"})) == (400, 10, 2018278)
    assert send(graph, {"text": "human"}, **human)[0] == 200
    clock.now = NOW + 7 * 86400 + 1
    assert refused(send(graph, {"text": "human"}, **human)) == (400, 10, 2018278)
    graph.wrote("100")
    for tag in ("ACCOUNT_UPDATE", "CONFIRMED_EVENT_UPDATE", "POST_PURCHASE_UPDATE", "NOPE"):
        assert refused(send(graph, {"text": "x"}, messaging_type="MESSAGE_TAG", tag=tag)) == (400, 100, None)
    assert refused(send(graph, {"text": "x"}, messaging_type="MESSAGE_TAG")) == (400, 100, None)
    graph.page.human_agent = False
    assert refused(send(graph, {"text": "x"}, **human)) == (400, 10, None)
    graph.person("102")
    assert refused(send(graph, {"text": "x"}, recipient={"id": "102"})) == (400, 10, 2018278)
    graph.person("100", available=False)
    assert send(graph, {"text": "x"})[1]["error"]["message"] == "(#551) This person isn't available right now."


def test_thread_control(graph: GraphApi, clock: Clock) -> None:
    who = {"recipient": {"id": "100"}}
    assert refused(call(graph, "me/take_thread_control", who)) == (400, 27, None)  # no default app
    assert call(graph, "me/thread_owner", method="GET", recipient="100") == (200, {"data": []})
    graph.page.default_app = "11"
    graph.wrote("100")
    found = call(graph, "22/thread_owner", method="GET", recipient="100")[1]["data"][0]["thread_owner"]
    assert found == {"app_id": "11", "expiration": int(NOW) + 86400}
    assert call(graph, "me/pass_thread_control", {**who, "target_app_id": PAGE_INBOX, "metadata": "m"}) == (
        200,
        {"success": True},
    )
    assert refused(send(graph, {"text": "x"})) == (400, 10, 2018300)
    assert refused(call(graph, "me/release_thread_control", who)) == (400, 100, 2534037)
    assert call(graph, "me/request_thread_control", who)[1] == {"success": True}
    assert call(graph, "me/take_thread_control", who)[1] == {"success": True}
    assert send(graph, {"text": "mine"})[0] == 200
    assert call(graph, "me/extend_thread_control", {**who, "duration": 604801})[0] == 400
    graph.inbox_replied("100")
    assert refused(send(graph, {"text": "x"})) == (400, 10, 2018300)
    clock.now += 86401  # control ends after 24 h without activity
    graph.wrote("100", at=clock.now - 5)
    inline = {"control_type": "pass", "app_id": PAGE_INBOX}
    assert send(graph, {"text": "to a person"}, thread_control=inline)[0] == 200
    assert refused(send(graph, {"text": "x"})) == (400, 10, 2018300)
    assert [c.kind[:4] for c in graph.control] == ["pass", "requ", "take", "take", "pass"]


MENU = [
    {
        "locale": "default",
        "call_to_actions": [{"type": "postback", "title": "Talk to an agent", "payload": "CARE_HELP"}],
    }
]


def test_profile(graph: GraphApi, clock: Clock) -> None:
    def post(**body: Any) -> tuple[int, Any]:
        return call(graph, "me/messenger_profile", body)

    assert refused(post(persistent_menu=MENU)) == (400, 100, 2018145)
    assert post(get_started={"payload": "GO"}, persistent_menu=MENU) == (200, {"result": "success"})
    assert refused(call(graph, "me/messenger_profile", {"fields": ["get_started"]}, "DELETE"))[2] == 2018145
    hello = [{"locale": "default", "text": "Hello!"}, {"locale": "en_US", "text": "Timeless apparel."}]
    assert post(greeting=hello)[0] == 200
    assert call(graph, "me/messenger_profile", method="GET", fields="greeting")[1] == {"data": [{"greeting": hello}]}
    ice = [{"question": "Where are you located?", "payload": "L"}]
    assert post(ice_breakers=[{"call_to_actions": ice * 4, "locale": "default"}])[0] == 200
    assert post(ice_breakers=ice)[0] == 200
    bad: list[dict[str, Any]] = [
        {"greeting": [{"locale": "en_US", "text": "x"}]},
        {"greeting": [{"locale": "default", "text": "x" * 161}]},
        {"get_started": {}},
        {"ice_breakers": ice * 5},
        {"ice_breakers": [{"call_to_actions": ice, "locale": "de_DE"}]},
        {"persistent_menu": [{**MENU[0], "locale": "cs_CZ"}]},
        {"wallpaper": 1},
        {},
        {"persistent_menu": [{"locale": "default", "call_to_actions": MENU[0]["call_to_actions"] * 21}]},
        {"persistent_menu": [{"locale": "default", "call_to_actions": [{"type": "nested", "title": "x"}]}]},
    ]
    for body in bad:
        assert refused(post(**body)) == (400, 100, None), body
    assert call(graph, "me/messenger_profile", {"fields": ["greeting"]}, "DELETE")[1] == {"result": "success"}
    assert call(graph, "me/messenger_profile", method="GET", fields="greeting")[1] == {"data": []}
    graph.profile.rate_limit = 10
    codes = [call(graph, "me/messenger_profile", method="GET", fields="greeting")[0] for _ in range(11)]
    assert codes[-1] == 400
    clock.now += 600
    assert call(graph, "me/messenger_profile", method="GET", fields="greeting")[0] == 200


def test_subscriptions_permissions_people(graph: GraphApi) -> None:
    fields = "messages,messaging_postbacks,message_echoes,standby,messaging_handovers"
    assert call(graph, "me/subscribed_apps", {"subscribed_fields": fields})[1] == {"success": True}
    assert call(graph, "22/subscribed_apps", method="GET")[1]["data"][0]["subscribed_fields"] == fields.split(",")
    assert refused(call(graph, "me/subscribed_apps", {"subscribed_fields": ["wat"]})) == (400, 100, None)
    assert refused(call(graph, "me/subscribed_apps", {})) == (400, 100, None)
    assert call(graph, "me/subscribed_apps", method="DELETE")[1] == {"success": True}
    assert call(graph, "22/subscribed_apps", method="GET")[1] == {"data": []}
    assert call(graph, "me/permissions", method="GET")[1]["data"][0]["status"] == "granted"
    assert call(graph, "100", method="GET", fields="first_name,last_name")[1] == {
        "first_name": "Peter",
        "last_name": "Chang",
        "id": "100",
    }
    assert refused(call(graph, "100", method="GET", fields="shoe_size")) == (400, 100, None)
    assert refused(call(graph, "999", method="GET")) == (400, 100, 33)


def test_faults(graph: GraphApi, clock: Clock) -> None:
    graph.fail(1200, times=2, edge="messages")
    assert call(graph, "me", method="GET")[0] == 200
    assert [refused(send(graph, {"text": "x"}))[:2] for _ in range(2)] == [(500, 1200)] * 2
    graph.fail(613, status=429, seconds=60)
    assert refused(send(graph, {"text": "x"})) == refused(send(graph, {"text": "x"})) == (429, 613, None)
    clock.now += 60
    assert send(graph, {"text": "after"})[0] == 200
    graph.fail(1, 1357046, accept=True)
    assert send(graph, {"text": "error but sent"})[1]["error"]["error_subcode"] == 1357046
    graph.garble(empty=True)
    graph.garble()
    for _ in range(2):
        with pytest.raises(requests.exceptions.JSONDecodeError):
            send(graph, {"text": "garbled"})
    graph.cut(accept=False)
    graph.cut(accept=True)
    for text in ("lost", "taken"):
        with pytest.raises(requests.exceptions.ConnectionError):
            send(graph, {"text": text})
    graph.slow(0.2)
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.post(
            f"{graph.url}/v26.0/me/messages?access_token=PT",
            timeout=0.05,
            json={"recipient": {"id": "100"}, "messaging_type": "RESPONSE", "message": {"text": "slow"}},
        )
    assert [s.message["text"] for s in graph.sent] == ["after", "error but sent", "garbled", "garbled", "taken", "slow"]
    assert [r.answered for r in graph.requests[-3:-1]] == [False, False]
    assert graph.requests[-2].accepted
    assert not graph.requests[-3].accepted


def test_a_client_that_dies_within_its_request_has_asked_for_nothing(graph: GraphApi) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(graph.url).port or 0), timeout=5) as client:
        client.sendall(b"POST /v26.0/me/messages HTTP/1.1\r\nHost: graph\r\nContent-Length: 65\r\n\r\n{")
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""
    assert graph.requests == []
