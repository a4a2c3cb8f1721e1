"""The Graph API's client against a fake one: what is retried, and how."""

import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from aiohttp import ClientSession
from graph.api import GraphApi, proof_of  # tests/graph
from graph.connected import SECRET, TOKEN, refused, texts

from bot.channels.messenger.graph import LONGEST_PAUSE, TRIES, USAGE, Graph, GraphError
from bot.channels.messenger.settings import messenger_settings
from bot.observing import metrics

PERSON = "7000000001"
HELLO = {"recipient": {"id": PERSON}, "messaging_type": "RESPONSE", "message": {"text": "Labdien!"}}
# Names and numbers of Meta's documentation: Graph API, Handling Errors and Rate Limits; Messenger, Error Codes.
TEMPORARY = {
    "unknown": {"code": 1},
    "service": {"code": 2},
    "service, as a bad request": {"code": 2, "status": 400},
    "too many calls of the app": {"code": 4},
    "too many calls of the user": {"code": 17},
    "too many calls of the page": {"code": 32},
    "limit of the app": {"code": 341},
    "too many calls of this kind": {"code": 613},
    "too many calls of Messenger": {"code": 80006},
    "temporary send failure": {"code": 1200, "status": 400},
    "blocked for a while": {"code": 368},
    "restricted for a while": {"code": 10, "subcode": 1893063},
    "an unknown code, 500": {"code": 9999, "status": 500},
    "an unknown code, 429": {"code": 9999, "status": 429},
}
STRANGE = {
    "a page instead of JSON": {},
    "nothing": {"empty": True},
    "JSON that is no object": {"body": b"[]"},
    "a gateway's page": {"status": 502},
    "a proxy's page": {"status": 403},
}
LASTING = [(3, None), (10, None), (10, 2018278), (100, None), (100, 2018001), (190, 463), (200, None), (551, 1545041)]


@pytest.fixture
def pauses() -> list[float]:
    """The seconds of back-off between the client's retries."""
    return []


@pytest.fixture
async def graph(standin: GraphApi, pauses: list[float]) -> AsyncIterator[Graph]:
    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    standin.wrote(PERSON)
    settings = messenger_settings()
    assert settings is not None
    async with ClientSession() as http:
        yield Graph(settings, http, sleep)


async def test_a_message_is_sent_with_token_and_proof(graph: Graph, standin: GraphApi) -> None:
    answer = await graph.post("me/messages", HELLO)
    assert (answer["recipient_id"], texts(standin, PERSON), refused(standin)) == (PERSON, ["Labdien!"], [])


@pytest.mark.parametrize("fault", TEMPORARY.values(), ids=TEMPORARY)
async def test_what_may_pass_is_tried_again(
    graph: Graph, standin: GraphApi, fault: dict[str, Any], pauses: list[float]
) -> None:
    standin.fail(**fault, times=TRIES - 1)
    await graph.post("me/messages", HELLO)
    assert (len(standin.sent), len(pauses)) == (1, TRIES - 1)


@pytest.mark.parametrize("answer", STRANGE.values(), ids=STRANGE)
async def test_an_answer_that_is_not_graphs_is_none(
    graph: Graph, standin: GraphApi, answer: dict[str, Any], pauses: list[float]
) -> None:
    standin.garble(**answer, accept=False, times=TRIES - 1)
    await graph.post("me/messages", HELLO)
    assert (len(standin.sent), len(pauses)) == (1, TRIES - 1)


async def test_a_connection_that_is_cut_is_tried_again(graph: Graph, standin: GraphApi, pauses: list[float]) -> None:
    standin.cut(accept=False, times=TRIES - 1)
    await graph.post("me/messages", HELLO)
    assert (len(standin.sent), len(pauses)) == (1, TRIES - 1)


@pytest.mark.parametrize("fault", TEMPORARY.values(), ids=TEMPORARY)
async def test_it_is_not_tried_for_ever(
    graph: Graph, standin: GraphApi, fault: dict[str, Any], pauses: list[float]
) -> None:
    standin.fail(**fault, times=None)
    with pytest.raises(GraphError) as raised:
        await graph.post("me/messages", HELLO)
    assert (raised.value.temporary, len(pauses)) == (True, TRIES - 1)


@pytest.mark.parametrize(("code", "subcode"), LASTING)
async def test_what_will_not_pass_is_not_tried_again(
    graph: Graph, standin: GraphApi, code: int, subcode: int | None, pauses: list[float]
) -> None:
    standin.fail(code, subcode)
    with pytest.raises(GraphError) as raised:
        await graph.post("me/messages", HELLO)
    error = raised.value
    assert (error.code, error.subcode, error.temporary, pauses) == (code, subcode, False, [])


async def test_pauses_grow_and_differ(graph: Graph, standin: GraphApi, pauses: list[float]) -> None:
    """Many that fail together must not retry together (jitter)."""
    standin.fail(2, times=None)
    for _ in range(20):
        with pytest.raises(GraphError):
            await graph.post("me/messages", HELLO)
    by_try = [pauses[n :: TRIES - 1] for n in range(TRIES - 1)]
    assert [max(some) <= 2**n for n, some in enumerate(by_try)] == [True] * (TRIES - 1)
    assert all(len(set(some)) == 20 for some in by_try)


async def test_graph_is_left_alone_as_long_as_it_asks(graph: Graph, standin: GraphApi, pauses: list[float]) -> None:
    standin.fail(4, status=429, headers={"Retry-After": "7"})
    await graph.post("me/messages", HELLO)
    assert pauses == [7.0]


def usage(minutes: object) -> str:
    """The header of Meta's documentation of rate limits."""
    return json.dumps({PERSON: [{"type": "messenger", "call_count": 100, "estimated_time_to_regain_access": minutes}]})


@pytest.mark.parametrize(
    ("headers", "asked"),
    [
        ({"Retry-After": "3600"}, 3600.0),
        ({"Retry-After": "9" * 30}, 3600.0),
        ({USAGE: usage(19)}, 19 * 60.0),
        ({USAGE: usage(10**9)}, 3600.0),
    ],
)
async def test_who_must_wait_long_does_not_try_meanwhile(
    graph: Graph, standin: GraphApi, headers: dict[str, str], asked: float, pauses: list[float]
) -> None:
    """The event backs off for that long, and delays nothing else."""
    standin.fail(80006, headers=headers)
    with pytest.raises(GraphError) as raised:
        await graph.post("me/messages", HELLO)
    assert (raised.value.temporary, raised.value.pause, pauses) == (True, asked, [])
    assert asked > LONGEST_PAUSE


@pytest.mark.parametrize("said", ["", "{", "[]", "7", '{"1": 5}', '{"1": [7]}', usage("soon"), usage(None)])
async def test_usage_that_says_nothing_is_passed_over(
    graph: Graph, standin: GraphApi, said: str, pauses: list[float]
) -> None:
    standin.fail(80006, headers={USAGE: said})
    await graph.post("me/messages", HELLO)
    assert (len(standin.sent), pauses[0] < LONGEST_PAUSE) == (1, True)


async def test_an_answer_that_is_slow_is_waited_for(graph: Graph, standin: GraphApi) -> None:
    """If it were retried, the customer would read it twice."""
    standin.slow(2)
    began = time.monotonic()
    await graph.post("me/messages", HELLO)
    assert (len(standin.sent), time.monotonic() - began > 2) == (1, True)


async def test_neither_token_nor_text_stands_in_a_log(
    graph: Graph, standin: GraphApi, caplog: pytest.LogCaptureFixture
) -> None:
    standin.fail(2)
    standin.cut(accept=False)
    standin.fail(100)
    with caplog.at_level(logging.DEBUG), pytest.raises(GraphError) as raised:
        await graph.post("me/messages", HELLO)
    said = caplog.text + str(raised.value) + repr(raised.value.__cause__)
    secrets = (TOKEN, proof_of(TOKEN, SECRET), "Labdien", PERSON)
    assert [secret for secret in secrets if secret in said] == []
    assert "try 1 of 4" in said


@pytest.mark.parametrize(
    ("faults", "counted"),
    [
        pytest.param([], {"done": 1}, id="done"),
        pytest.param([2], {"later": 1, "done": 1}, id="done at the second try"),
        pytest.param([551], {"refused": 1}, id="refused"),
    ],
)
async def test_requests_are_counted_by_what_became_of_them(
    graph: Graph, standin: GraphApi, faults: list[int], counted: dict[str, int]
) -> None:
    def figures() -> dict[str, float]:
        return {each: metrics.GRAPH_REQUESTS.labels(each)._value.get() for each in ("done", "later", "refused")}

    before = figures()
    for code in faults:
        standin.fail(code)
    with suppress(GraphError):
        await graph.post("me/messages", HELLO)
    assert {name: value - before[name] for name, value in figures().items() if value != before[name]} == counted
