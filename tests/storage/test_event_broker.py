"""Events reach a real RabbitMQ once and in order, whatever happens to it meanwhile."""

import asyncio
import json
import logging
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aio_pika
import pytest
from aio_pika.abc import AbstractIncomingMessage
from rabbit import QUEUE, each_once, taken  # tests/rabbit.py

from bot.rasa.event_broker import RabbitMQ
from bot.rasa.event_queue import AT_ONCE, EventQueue
from bot.rasa.published_events import published_event
from harness.throwaway_rabbitmq import RabbitServer

ALARM = 5.0  # seconds


@pytest.fixture
async def rabbitmq(rabbit_server: RabbitServer, monkeypatch: pytest.MonkeyPatch) -> RabbitServer:
    """The same with nothing in it, set as RABBITMQ_URL."""
    monkeypatch.setenv("RABBITMQ_URL", rabbit_server.url)
    await taken(rabbit_server.url)
    return rabbit_server


@asynccontextmanager
async def publishing() -> AsyncIterator[RabbitMQ]:
    broker = await RabbitMQ.from_endpoint_config(None)
    assert broker
    yield broker
    await broker.close()


def event(number: int) -> dict[str, Any]:
    return published_event("a conversation", number, {"event": "user", "text": str(number), "timestamp": 1.5})


def numbers(messages: list[AbstractIncomingMessage]) -> list[int]:
    return [int(json.loads(message.body)["text"]) for message in messages]


async def publish_for(seconds: float, broker: RabbitMQ, first: int) -> int:
    """Publish an event every 50 ms; returns the number of the next one."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        broker.publish(event(first))
        first += 1
        await asyncio.sleep(0.05)
    return first


async def through_an_alarm(rabbitmq: RabbitServer, broker: RabbitMQ) -> int:
    """Publish before, during and after a memory alarm, and again after the connection was lost; returns how many."""
    count = await publish_for(0.5, broker, 0)
    alarm = rabbitmq.alarm()
    await asyncio.to_thread(alarm.__enter__)
    count = await publish_for(ALARM, broker, count)
    await asyncio.to_thread(alarm.__exit__, None, None, None)
    count = await publish_for(0.5, broker, count)
    # Events counted as not sent would be published again now, after the newer ones.
    await asyncio.to_thread(rabbitmq.ctl, "close_all_connections", "a test")
    return await publish_for(0.5, broker, count)


async def test_events_come_once_and_in_order_through_an_alarm_which_is_logged(
    rabbitmq: RabbitServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with publishing() as broker:
        count = await through_an_alarm(rabbitmq, broker)
        assert numbers(await taken(rabbitmq.url, count)) == list(range(count))
    told = [record.getMessage() for record in caplog.records if record.name == "bot.rasa.event_broker"]
    begin, end, *_ = told
    assert begin.startswith("RabbitMQ takes no events: nothing is confirmed. They wait in memory (")
    seconds, waited = re.findall(r"\d+", end)
    assert (end.startswith("RabbitMQ takes events again"), int(seconds) >= 2, int(waited) > 50) == (True, True, True)


async def test_events_come_in_order_though_rabbitmq_is_killed_and_started_again(rabbitmq: RabbitServer) -> None:
    """Unconfirmed events may be there twice, with the same id (at-least-once delivery)."""
    async with publishing() as broker:
        count = await publish_for(0.5, broker, 0)
        await asyncio.to_thread(rabbitmq.kill)
        count = await publish_for(0.5, broker, count)
        rabbitmq.start()
        starting = asyncio.create_task(asyncio.to_thread(rabbitmq.wait))
        while not starting.done():
            count = await publish_for(0.2, broker, count)
        await starting
        while len(broker._events):
            await asyncio.sleep(0.05)
        messages = await taken(rabbitmq.url)
    assert numbers(each_once(messages)) == list(range(count))
    assert len(messages) <= count + AT_ONCE


async def test_a_burst_comes_in_order(rabbitmq: RabbitServer) -> None:
    async with publishing() as broker:
        for number in range(5 * AT_ONCE):
            broker.publish(event(number))
        assert numbers(await taken(rabbitmq.url, 5 * AT_ONCE)) == list(range(5 * AT_ONCE))


async def test_a_consumer_gets_the_event_with_its_id_and_where_it_comes_from(
    rabbitmq: RabbitServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RASA_ENVIRONMENT", "staging")
    async with publishing() as broker:
        broker.publish(event(7))
        (message,) = await taken(rabbitmq.url, 1)
    body = json.loads(message.body)
    assert body == event(7)
    assert (message.message_id, message.app_id, message.delivery_mode) == (body["event_id"], "staging", 2)


@pytest.mark.parametrize(("conversation", "position", "moment"), [("other", 1, 1.5), ("c", 2, 1.5), ("c", 1, 1.6)])
def test_each_event_has_an_id_of_its_own(conversation: str, position: int, moment: float) -> None:
    one = published_event("c", 1, {"event": "user", "timestamp": 1.5})
    other = published_event(conversation, position, {"event": "user", "timestamp": moment})
    assert (one["event_id"], one["event_id"] == other["event_id"]) == ("6061afa6-d1f9-5e6e-aacc-90b124bcdbdb", False)


async def test_events_come_though_somebody_has_deleted_the_queue(rabbitmq: RabbitServer) -> None:
    async with publishing() as broker:
        broker.publish(event(0))
        await taken(rabbitmq.url, 1)
        connection = await aio_pika.connect(rabbitmq.url)
        async with connection:
            await (await connection.channel()).queue_delete(QUEUE)
        broker.publish(event(1))
        await asyncio.sleep(0.2)  # the consumer would make it anew
        while len(broker._events):
            await asyncio.sleep(0.05)
        assert numbers(await taken(rabbitmq.url, 1)) == [1]


async def test_what_is_left_at_the_end_is_told(rabbitmq: RabbitServer, caplog: pytest.LogCaptureFixture) -> None:
    with rabbitmq.alarm():
        async with publishing() as broker:
            broker.publish(event(0))
            began = time.monotonic()
        took = time.monotonic() - began
    await taken(rabbitmq.url)
    told = "1 events were not confirmed by RabbitMQ; 'bot events republish --since 1970-01-01T00:00:01+00:00'"
    assert (told in caplog.text, took < 5) == (True, True)


async def test_a_broker_that_was_never_connected_can_be_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:1")
    async with publishing():
        pass
    await RabbitMQ("amqp://guest:guest@127.0.0.1:1").close()


async def test_a_model_that_is_loaded_later_publishes_behind_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each Rasa agent requests its own broker; a closed one is not reused."""
    monkeypatch.setenv("RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:1")
    async with publishing() as first, publishing() as second:
        pass
    async with publishing() as third:
        pass
    assert (first is second, second is third) == (True, False)


async def test_what_cannot_be_reached_is_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("RABBITMQ_URL", "amqp://guest:not-to-be-logged@127.0.0.1:1")
    caplog.set_level(logging.WARNING)
    async with publishing() as broker:
        await asyncio.sleep(2.5)
        assert not broker.is_ready()
    assert (caplog.text.count("RabbitMQ takes no events"), "not-to-be-logged" in caplog.text) == (1, False)


def test_of_too_many_events_the_oldest_go() -> None:
    queue = EventQueue(limit=AT_ONCE + 1)
    for number in range(AT_ONCE + 4):
        queue.add(event(number))
    assert (queue.oldest(), len(queue), queue.dropped) == (event(3), AT_ONCE + 1, 3)


PASSWORD, WRITTEN = "p@ss:/?#%ö", "p%40ss%3A%2F%3F%23%25%C3%B6"
VHOSTS = {"/": "", "a/b": "/a%2Fb"}


@pytest.mark.parametrize(("vhost", "path"), VHOSTS.items(), ids=VHOSTS)
async def test_the_url_is_read_as_rabbitmq_documents_it(
    rabbit_server: RabbitServer, monkeypatch: pytest.MonkeyPatch, vhost: str, path: str
) -> None:
    """Password with escaped characters, virtual host and heartbeat, as RabbitMQ itself tells them of the connection."""
    user = f"of-{vhost.replace('/', '-')}"
    rabbit_server.ctl("add_user", user, PASSWORD)
    if vhost != "/":
        rabbit_server.ctl("add_vhost", vhost)
    rabbit_server.ctl("set_permissions", "-p", vhost, user, ".*", ".*", ".*")
    address = rabbit_server.url.split("@")[1].rstrip("/")
    monkeypatch.setenv("RABBITMQ_URL", f"amqp://{user}:{WRITTEN}@{address}{path}?heartbeat=33&name=assistant")
    async with publishing() as broker:
        broker.publish(event(0))
        while len(broker._events):
            await asyncio.sleep(0.05)
        connections = rabbit_server.ctl(
            "list_connections", "--no-table-headers", "user", "vhost", "timeout"
        ).splitlines()
    assert [user, vhost, "33"] in [line.split("\t") for line in connections]
