"""The Graph API's client against a stand-in that checks what Graph checks: what is tried again, and how."""

import logging
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from aiohttp import ClientSession
from graph_standin import PROOF, TOKEN, Fault, GraphStandIn  # tests/graph_standin.py

from bot import metrics
from bot.channels.messenger.graph import LONGEST_PAUSE, TRIES, Graph, GraphError
from bot.channels.messenger.settings import messenger_settings

HELLO = {"recipient": {"id": "7000000001"}, "messaging_type": "RESPONSE", "message": {"text": "Labdien!"}}
TEMPORARY = [Fault(status=500, code=2), Fault(status=503), Fault(status=429, code=4), Fault(code=613), Fault(drop=True)]
LASTING = [10, 100, 190, 551]


@pytest.fixture
def pauses() -> list[float]:
    """The seconds that the client has waited between tries."""
    return []


@pytest.fixture
async def graph(standin: GraphStandIn, pauses: list[float]) -> AsyncIterator[Graph]:
    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    settings = messenger_settings()
    assert settings is not None
    async with ClientSession() as http:
        yield Graph(settings, http, sleep)


async def test_a_message_is_sent_with_token_and_proof(graph: Graph, standin: GraphStandIn) -> None:
    answer = await graph.post("me/messages", HELLO)
    assert (answer["recipient_id"], standin.texts("7000000001"), standin.refused) == ("7000000001", ["Labdien!"], [])


@pytest.mark.parametrize("fault", TEMPORARY, ids=str)
async def test_what_may_pass_is_tried_again(
    graph: Graph, standin: GraphStandIn, fault: Fault, pauses: list[float]
) -> None:
    standin.faults = [fault] * (TRIES - 1)
    await graph.post("me/messages", HELLO)
    assert (len(standin.sent), len(pauses)) == (1, TRIES - 1)


@pytest.mark.parametrize("fault", TEMPORARY, ids=str)
async def test_it_is_not_tried_for_ever(graph: Graph, standin: GraphStandIn, fault: Fault, pauses: list[float]) -> None:
    standin.always = fault
    with pytest.raises(GraphError) as raised:
        await graph.post("me/messages", HELLO)
    assert (raised.value.temporary, len(pauses)) == (True, TRIES - 1)


@pytest.mark.parametrize("code", LASTING)
async def test_what_will_not_pass_is_not_tried_again(
    graph: Graph, standin: GraphStandIn, code: int, pauses: list[float]
) -> None:
    standin.faults = [Fault(code=code)]
    with pytest.raises(GraphError) as raised:
        await graph.post("me/messages", HELLO)
    assert (raised.value.code, raised.value.temporary, pauses) == (code, False, [])


async def test_pauses_grow_and_differ(graph: Graph, standin: GraphStandIn, pauses: list[float]) -> None:
    """Many that fail together must not come back together."""
    standin.always = Fault(status=503)
    for _ in range(20):
        with pytest.raises(GraphError):
            await graph.post("me/messages", HELLO)
    by_try = [pauses[n :: TRIES - 1] for n in range(TRIES - 1)]
    assert [max(some) <= 2**n for n, some in enumerate(by_try)] == [True] * (TRIES - 1)
    assert all(len(set(some)) == 20 for some in by_try)


@pytest.mark.parametrize(("asked", "waited"), [("7", 7.0), ("3600", LONGEST_PAUSE)])
async def test_graph_is_left_alone_as_long_as_it_asks(
    graph: Graph, standin: GraphStandIn, asked: str, waited: float, pauses: list[float]
) -> None:
    standin.faults = [Fault(status=429, headers={"Retry-After": asked})]
    await graph.post("me/messages", HELLO)
    assert pauses == [waited]


async def test_an_answer_that_is_slow_is_waited_for(graph: Graph, standin: GraphStandIn) -> None:
    """Were it sent again, the customer would read it twice."""
    standin.faults = [Fault(status=200, seconds=2)]
    began = time.monotonic()
    await graph.post("me/messages", HELLO)
    assert (len(standin.sent), time.monotonic() - began > 2) == (1, True)


async def test_neither_token_nor_text_stands_in_a_log(
    graph: Graph, standin: GraphStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    standin.faults = [Fault(status=500), Fault(drop=True), Fault(code=100)]
    with caplog.at_level(logging.DEBUG), pytest.raises(GraphError) as raised:
        await graph.post("me/messages", HELLO)
    said = caplog.text + str(raised.value) + repr(raised.value.__cause__)
    assert [secret for secret in (TOKEN, PROOF, "Labdien", "7000000001") if secret in said] == []
    assert "try 1 of 4" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [("BOT_MESSENGER_PAGE_TOKEN", "wrong"), ("BOT_MESSENGER_APP_SECRET", "wrong"), ("BOT_GRAPH_VERSION", "v2.12")],
)
async def test_the_stand_in_refuses_what_graph_refuses(
    standin: GraphStandIn, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    messenger_settings.cache_clear()
    settings: Any = messenger_settings()
    async with ClientSession() as http:
        with pytest.raises(GraphError):
            await Graph(settings, http).post("me/messages", HELLO)


@pytest.mark.parametrize(
    ("faults", "counted"),
    [
        pytest.param([], {"done": 1}, id="done"),
        pytest.param([Fault(status=503)], {"later": 1, "done": 1}, id="done at the second try"),
        pytest.param([Fault(code=551)], {"refused": 1}, id="refused"),
    ],
)
async def test_requests_are_counted_by_what_became_of_them(
    graph: Graph, standin: GraphStandIn, faults: list[Fault], counted: dict[str, int]
) -> None:
    def figures() -> dict[str, float]:
        return {each: metrics.GRAPH_REQUESTS.labels(each)._value.get() for each in ("done", "later", "refused")}

    before, standin.faults = figures(), faults
    with suppress(GraphError):
        await graph.post("me/messages", HELLO)
    assert {name: value - before[name] for name, value in figures().items() if value != before[name]} == counted
