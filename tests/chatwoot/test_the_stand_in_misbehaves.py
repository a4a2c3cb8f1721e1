"""Faults that a test asks the stand-in for."""

import asyncio
import time
from typing import Any

import pytest
import requests
from desk_partners import Client, Receiver  # tests/chatwoot

from harness.chatwoot import (
    ApiInbox,
    BrokenConnection,
    ChatwootServer,
    DelayedWebhook,
    DroppedWebhook,
    DuplicatedWebhook,
    ForgedSignature,
    HangingRequest,
    RefusedRequest,
    ReorderedWebhooks,
    StaleTimestamp,
    UnsignedWebhook,
    signature_of,
)

SAID = frozenset({"message_created"})


def contents(receiver: Receiver) -> list[str]:
    return [payload["content"] for payload in receiver.payloads() if payload["event"] == "message_created"]


FAULTS = {
    "dropped": (DroppedWebhook(events=SAID), ["b"]),
    "twice": (DuplicatedWebhook(events=SAID), ["a", "a", "b"]),
    "last first": (ReorderedWebhooks(events=SAID), ["b", "a"]),
    "overtaken": (DelayedWebhook(events=SAID, seconds=0.2), ["b", "a"]),
}


@pytest.mark.parametrize(("fault", "told"), FAULTS.values(), ids=FAULTS)
def test_webhooks_go_wrong(
    client: Client, chatwoot: ChatwootServer, receiver: Receiver, fault: Any, told: list[str]
) -> None:
    number, _ = client.begin()
    chatwoot.misbehave(fault)
    chatwoot.agent_says(number, "a")
    chatwoot.agent_says(number, "b")
    chatwoot.settle()
    assert contents(receiver) == told


@pytest.mark.parametrize("same", [True, False])
def test_a_duplicate_has_the_same_delivery_id_or_another(
    client: Client, chatwoot: ChatwootServer, receiver: Receiver, same: bool
) -> None:
    chatwoot.misbehave(DuplicatedWebhook(same_delivery_id=same))
    client.begin()
    chatwoot.settle()
    first, second = receiver.received
    assert first[1] == second[1]
    assert (first[0]["X-Chatwoot-Delivery"] == second[0]["X-Chatwoot-Delivery"]) is same


def test_a_webhook_is_sent_again(client: Client, chatwoot: ChatwootServer, receiver: Receiver) -> None:
    client.begin()
    chatwoot.settle()
    chatwoot.send_again(chatwoot.deliveries("conversation_created")[0])
    chatwoot.settle()
    assert receiver.events() == ["conversation_created"] * 2


def test_what_is_held_back_is_sent_when_it_behaves(
    client: Client, chatwoot: ChatwootServer, receiver: Receiver
) -> None:
    chatwoot.misbehave(ReorderedWebhooks(times=9))
    number, _ = client.begin()
    chatwoot.agent_types(number)
    chatwoot.settle()
    assert receiver.events() == []
    chatwoot.behave()
    chatwoot.settle()
    assert receiver.events() == ["conversation_typing_on", "conversation_created"]


SIGNATURES = {
    "forged": (ForgedSignature(), False, 5),
    "stale": (StaleTimestamp(seconds=3600), True, 3605),
    "usual": (DroppedWebhook(events=SAID), True, 5),
}


@pytest.mark.parametrize(("fault", "good", "oldest"), SIGNATURES.values(), ids=SIGNATURES)
def test_signatures_go_wrong(
    client: Client,
    chatwoot: ChatwootServer,
    receiver: Receiver,
    inbox: ApiInbox,
    fault: Any,
    good: bool,
    oldest: int,
) -> None:
    chatwoot.misbehave(fault)
    client.begin()
    chatwoot.settle()
    (headers, body), *_ = receiver.received
    timestamp = headers["X-Chatwoot-Timestamp"]
    assert (headers["X-Chatwoot-Signature"] == signature_of(body, inbox.secret, timestamp)) is good
    assert oldest - 5 <= time.time() - int(timestamp) <= oldest


def test_a_webhook_is_unsigned(client: Client, chatwoot: ChatwootServer, receiver: Receiver) -> None:
    chatwoot.misbehave(UnsignedWebhook())
    client.begin()
    chatwoot.settle()
    assert not {"X-Chatwoot-Signature", "X-Chatwoot-Timestamp"} & set(receiver.received[0][0])


REFUSALS = {
    "401": (RefusedRequest(status=401), 401, None, '{"error": "Invalid Access Token"}'),
    "429": (RefusedRequest(status=429), 429, None, "Retry later\n"),
    "429 by a proxy": (RefusedRequest(status=429, retry_after=3), 429, "3", "Retry later\n"),
    "500": (RefusedRequest(status=500), 500, None, '{"status": 500, "error": "Internal Server Error"}'),
    "other words": (RefusedRequest(status=503, body={"error": "x"}, retry_after=1), 503, "1", '{"error": "x"}'),
}


@pytest.mark.parametrize(("fault", "status", "retry_after", "body"), REFUSALS.values(), ids=REFUSALS)
def test_a_request_is_refused_once(
    client: Client, chatwoot: ChatwootServer, fault: Any, status: int, retry_after: str | None, body: str
) -> None:
    chatwoot.misbehave(fault)
    answers = [requests.post(client.contacts, timeout=5) for _ in range(2)]
    assert (answers[0].status_code, answers[0].headers.get("Retry-After"), answers[0].text) == (
        status,
        retry_after,
        body,
    )
    assert answers[1].status_code == 200
    assert [request.status for request in chatwoot.requests("/contacts")] == [status, 200]


@pytest.mark.parametrize("fault", [RefusedRequest(status=500, after_work=True), BrokenConnection(after_work=True)])
def test_work_is_done_though_the_answer_is_lost(client: Client, chatwoot: ChatwootServer, fault: Any) -> None:
    number, address = client.begin()
    chatwoot.misbehave(fault)
    for _ in range(2):
        try:
            requests.post(f"{address}/messages", json={"content": "x"}, timeout=5)
        except requests.ConnectionError:
            continue
    assert len(chatwoot.messages(number)) == 2


def test_a_request_hangs(client: Client, chatwoot: ChatwootServer) -> None:
    chatwoot.misbehave(HangingRequest(method="POST", path="/contacts", seconds=0.5))
    with pytest.raises(requests.ReadTimeout):
        requests.post(client.contacts, timeout=0.1)
    assert requests.post(client.contacts, timeout=5).status_code == 200


def test_a_fault_is_about_the_requests_it_names(client: Client, chatwoot: ChatwootServer) -> None:
    chatwoot.misbehave(RefusedRequest(status=500, method="POST", path="/messages", times=2))
    _, address = client.begin()
    statuses = [requests.post(f"{address}/messages", json={}, timeout=5).status_code for _ in range(3)]
    assert statuses == [500, 500, 200]


def test_it_stops_and_starts_again_with_what_it_had(client: Client, chatwoot: ChatwootServer) -> None:
    number, address = client.begin()
    chatwoot.stop()
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=5)
    chatwoot.start()
    assert requests.get(address, timeout=5).json()["id"] == number


async def test_asyncio_code_may_steer_it_too(client: Client, chatwoot: ChatwootServer, receiver: Receiver) -> None:
    number = (await asyncio.to_thread(client.begin))[0]
    chatwoot.agent_says(number, "Labdien!")
    await asyncio.to_thread(chatwoot.settle)
    assert contents(receiver) == ["Labdien!"]


def test_webhooks_may_overtake_each_other(receiver: Receiver) -> None:
    with ChatwootServer(deliver_in_order=False) as server:
        client = Client(server, server.add_inbox(webhook_url=receiver.url))
        slow = iter([0.5])
        receiver.before = lambda: time.sleep(next(slow, 0))
        number, _ = client.begin()
        start = time.monotonic()
        server.agent_says(number, "x")
        while not server.deliveries("message_created")[0].sendings:
            assert time.monotonic() - start < 5
            time.sleep(0.01)
        assert not server.deliveries("conversation_created")[0].sendings
