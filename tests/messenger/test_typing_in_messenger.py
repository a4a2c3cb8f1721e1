"""The typing indicator while a person at the desk types: on, again before Messenger ends it, off; never too late."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession
from graph.api import GraphApi  # tests/graph
from graph.connected import actions, refused

from bot.channels.desk_watch import DeskWatch, Glance
from bot.channels.messenger import desk_news, inbox
from bot.channels.messenger.desk_news import DeskNews
from bot.channels.messenger.graph import Graph
from bot.channels.messenger.incoming import Incoming, MessengerEventKind
from bot.channels.messenger.settings import messenger_settings
from bot.channels.messenger.typing_indicator import SHOWN_AGAIN, TypingIndicator
from bot.desk.claiming import claim, give_back
from bot.desk.typing import CUSTOMER
from bot.handoff.handoff_requests import Origin, request_person
from bot.known_channels import MESSENGER
from bot.storage.engine import session_scope

ANNA, ILZE = "7000000001", "1"
NOW = datetime.now(UTC)
MESSENGERS_OWN_END = 20.0  # seconds (Messenger Platform, Send API, sender actions)


@pytest.fixture
async def graph(standin: GraphApi) -> AsyncIterator[Graph]:
    settings = messenger_settings()
    assert settings is not None
    standin.wrote(ANNA)
    async with ClientSession() as http:
        yield Graph(settings, http)


async def shown(standin: GraphApi, indicator: TypingIndicator) -> list[str]:
    """What was shown, when Graph has answered everything."""
    async with asyncio.timeout(10):
        while indicator._sending:
            await asyncio.sleep(0.005)
    return actions(standin, ANNA)


async def test_it_is_shown_again_before_messenger_ends_it_and_then_switched_off(
    graph: Graph, standin: GraphApi
) -> None:
    clock = [0.0]
    indicator = TypingIndicator(graph, lambda: clock[0])
    switched = []
    for clock[0] in (0.0, 1.0, SHOWN_AGAIN, SHOWN_AGAIN + 1):
        indicator.show({ANNA})
        switched.append(len(await shown(standin, indicator)))
    for _ in range(2):
        indicator.show(())
    assert switched == [1, 1, 2, 2]
    assert SHOWN_AGAIN < MESSENGERS_OWN_END / 1.5
    assert await shown(standin, indicator) == ["typing_on", "typing_on", "typing_off"]


async def test_after_a_message_which_hides_it_it_is_shown_again(graph: Graph, standin: GraphApi) -> None:
    indicator = TypingIndicator(graph, lambda: 0.0)
    for _ in range(2):
        indicator.show({ANNA})
        await shown(standin, indicator)
        indicator.hidden(ANNA)
    assert await shown(standin, indicator) == ["typing_on", "typing_on"]


async def test_it_is_switched_off_also_if_graph_was_slow_to_switch_it_on(graph: Graph, standin: GraphApi) -> None:
    indicator = TypingIndicator(graph)
    standin.slow(0.1)
    indicator.show({ANNA})
    began = time.monotonic()
    while len(actions(standin, ANNA)) < 2:
        indicator.show(())
        await asyncio.sleep(0.01)
        assert time.monotonic() < began + 10
    assert await shown(standin, indicator) == ["typing_on", "typing_off"]


@pytest.mark.parametrize(
    ("ago", "held_for", "who", "expected"),
    [
        pytest.param(timedelta(hours=23), None, ILZE, ["typing_on"], id="within a day"),
        pytest.param(timedelta(hours=25), None, ILZE, [], id="later it would need a tag, which it cannot have"),
        pytest.param(timedelta(), timedelta(hours=1), ILZE, [], id="the page's inbox has the thread"),
        pytest.param(timedelta(), None, CUSTOMER, [], id="the customer types"),
    ],
)
@pytest.mark.usefixtures("database")
async def test_it_is_sent_where_graph_takes_it(
    graph: Graph, standin: GraphApi, ago: timedelta, held_for: timedelta | None, who: str, expected: list[str]
) -> None:
    heard = NOW - ago
    standin.page.wrote(ANNA, heard.timestamp())
    inbox.take([Incoming("one", ANNA, MessengerEventKind.TEXT, heard, {"text": "One"})], NOW)
    inbox.hold_thread(ANNA, NOW + held_for if held_for else None)
    news = DeskNews(graph, DeskWatch(), lambda: None)
    typists = frozenset({(inbox.conversation_of(ANNA), who), ("a conversation of the website", ILZE)})
    await news.take(Glance(-1, typists))
    assert await shown(standin, news.typing) == expected
    assert refused(standin) == []


@pytest.mark.usefixtures("database")
def test_news_are_urgent_while_somebody_in_messenger_waits_or_talks() -> None:
    states = [desk_news.somebody_waits()]
    with session_scope() as session:
        request_person(session, Origin("of the website", "web", "lv"))
    states.append(desk_news.somebody_waits())
    with session_scope() as session:
        reference = request_person(session, Origin(inbox.conversation_of(ANNA), MESSENGER.name, "lv"))
    states.append(desk_news.somebody_waits())
    with session_scope() as session:
        claim(session, reference, int(ILZE), "Ilze")
    states.append(desk_news.somebody_waits())
    with session_scope() as session:
        give_back(session, reference, None)
    states.append(desk_news.somebody_waits())
    assert states == [False, False, True, True, False]
