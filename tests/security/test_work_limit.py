"""The cost of messages is limited, not only their number; expensive messages do not delay other customers."""

import asyncio
import threading
import uuid
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import requests
from running import Running, start  # tests/running.py

from bot.channels.work import WorkAllowance, set_aside
from bot.observing.current_turn import begin_turn
from bot.rasa.beside_loop import QUESTION
from bot.rasa.patching import apply, patches_by
from harness.throwaway_redis import redis_server

MINUTE = 6000  # milliseconds of work: 100 a second, 1500 at once
SOMEBODY, OTHER = "198.51.100.1", "198.51.100.2"


@pytest.fixture(params=["memory", pytest.param("Redis", marks=pytest.mark.redis)])
async def allowance(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    """A limiter with a fake clock: `clock[0]` is now, in seconds."""
    clock = [1000.0]
    counting = WorkAllowance(MINUTE, clock=lambda: clock[0])
    if request.param == "memory":
        monkeypatch.delenv("REDIS_URL", raising=False)
        yield SimpleNamespace(counting=counting, clock=clock)
        return
    with redis_server() as server:
        monkeypatch.setenv("REDIS_URL", server.url)
        yield SimpleNamespace(counting=counting, clock=clock)


async def test_costly_messages_at_once_are_refused_before_any_is_done(allowance: Any) -> None:
    waits = [await allowance.counting.take(SOMEBODY, 200) for _ in range(9)]
    assert waits == [0] * 7 + [1, 1]


async def test_others_are_not_refused(allowance: Any) -> None:
    await allowance.counting.take(SOMEBODY, 1500)
    assert [await allowance.counting.take(who, 200) for who in (SOMEBODY, OTHER)] == [2, 0]


async def test_after_the_wait_it_may_be_done(allowance: Any) -> None:
    await allowance.counting.take(SOMEBODY, 1500)
    wait = await allowance.counting.take(SOMEBODY, 200)
    allowance.clock[0] += wait
    assert await allowance.counting.take(SOMEBODY, 200) == 0


async def test_what_is_left_of_what_was_set_aside_is_given_back(allowance: Any) -> None:
    for _ in range(20):
        assert await allowance.counting.take(SOMEBODY, 200) == 0
        await allowance.counting.settle(SOMEBODY, 200, 20)


async def test_what_took_longer_than_was_set_aside_counts(allowance: Any) -> None:
    await allowance.counting.take(SOMEBODY, 200)
    await allowance.counting.settle(SOMEBODY, 200, 2000)
    assert await allowance.counting.take(SOMEBODY, 1) > 5


async def test_what_is_larger_than_the_allowance_may_be_done_by_somebody_who_did_nothing(allowance: Any) -> None:
    assert [await allowance.counting.take(SOMEBODY, 5000) for _ in range(2)] == [0, 85]


async def test_a_redis_that_fails_counts_in_each_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    counting = WorkAllowance(MINUTE, clock=lambda: 0.0)
    assert [await counting.take(SOMEBODY, 1500) for _ in range(2)] == [0, 15]


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An assistant behind a proxy of this machine, with little work a minute: 0.3 s at once, a long text 0.2 s."""
    folder = tmp_path_factory.mktemp("strict")
    running = start(folder, BOT_LIMIT_WORK="1200", BOT_TRUSTED_PROXIES="127.0.0.1")
    yield running
    running.stop()


def send(running: Running, text: str, address: str, message_id: str | None = None) -> requests.Response:
    body = {"id": message_id or str(uuid.uuid4()), "text": text}
    bearer = {"Authorization": f"Bearer {running.session()}", "X-Forwarded-For": address}
    return requests.post(running.url + "messages", json=body, headers=bearer, timeout=30)


@pytest.mark.server
def test_whoever_sends_costly_messages_must_wait_and_others_need_not(strict: Running) -> None:
    odd = ("a,b;c " * 400)[:2000]
    answers = [send(strict, f"{number} {odd}"[:2000], SOMEBODY) for number in range(6)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert answers[0].status_code == 200
    assert refused
    assert 0 < int(refused[0].headers["Retry-After"]) <= 60
    assert refused[0].headers["Content-Type"] == "application/problem+json"
    assert send(strict, "Vai Rīgas centrs ir slēgts?", OTHER).status_code == 200


@pytest.mark.server
def test_ordinary_questions_are_not_refused(strict: Running) -> None:
    answers = [send(strict, f"Vai mani atslēgs, ja kavēšu {number} dienas?", "198.51.100.3") for number in range(5)]
    assert {answer.status_code for answer in answers} == {200}


async def test_while_a_text_is_understood_the_loop_goes_on() -> None:
    """A question is also parsed while a long text is."""
    from rasa.core.processor import MessageProcessor

    apply(patches_by("bot.rasa.beside_loop:parse_beside_loop"))
    others_went_on = threading.Event()
    processor = object.__new__(MessageProcessor)

    def parse(message: Any, *_: Any) -> dict[str, Any]:
        if len(message.text) > QUESTION:
            assert others_went_on.wait(20)
        return {"text": message.text, "intent": {}, "entities": []}

    processor.http_interpreter, processor._parse_message_with_graph = None, parse
    processor._check_for_unseen_features = lambda _: None
    turn = begin_turn()
    long = asyncio.create_task(processor.parse_message(SimpleNamespace(text="a" * (QUESTION + 1), sender_id="one")))
    await asyncio.sleep(0)
    short = await processor.parse_message(SimpleNamespace(text="Vai mani atslēgs?", sender_id="other"))
    others_went_on.set()
    assert ((await long)["text"], short["text"]) == ("a" * (QUESTION + 1), "Vai mani atslēgs?")
    assert turn.worked is not None


def test_a_longest_message_sets_aside_what_it_may_take() -> None:
    assert set_aside("a" * 2000) == 200
