"""Messenger against the running assistant while Graph fails, is slow, or refuses."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from graph.api import GraphApi  # tests/graph
from graph.connected import MessengerPage, actions, texts, wait_for
from promised_time import PromisedTime  # tests/promised_time.py

pytestmark = pytest.mark.server
CUT_OFF, NOT_CUT_OFF = "Vai mani atslēgs, ja kavēšu maksājumu?", "kavētu maksājumu dēļ"
FAILED = (
    "SELECT problem, conversation_id FROM messenger_events JOIN messenger_threads USING (person) "
    "WHERE person = :person AND problem IS NOT NULL"
)
FAULTS: dict[str, Callable[[GraphApi], Any]] = {
    "service": lambda graph: graph.fail(2, times=3, edge="messages"),
    "1200": lambda graph: graph.fail(1200, times=3, edge="messages"),
    "too many calls of Messenger": lambda graph: graph.fail(80006, times=3, edge="messages"),
    "429": lambda graph: graph.fail(4, status=429, headers={"Retry-After": "1"}, times=3, edge="messages"),
    "613": lambda graph: graph.fail(613, times=3, edge="messages"),
    "no JSON": lambda graph: graph.garble(accept=False, times=3, edge="messages"),
    "connection cut": lambda graph: graph.cut(accept=False, times=3, edge="messages"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_what_may_pass_is_tried_again(page: MessengerPage, person: str, fault: Callable[[GraphApi], Any]) -> None:
    """The first of the three is for the "seen" receipt, which is not retried."""
    fault(page.graph)
    page.say(person, CUT_OFF)
    page.hears(person)


def test_when_graph_is_down_for_long_the_answer_comes_afterwards(page: MessengerPage, person: str) -> None:
    """Longer than all retries of a request, and of an event."""
    page.graph.fail(2, times=None, edge="messages")
    page.say(person, CUT_OFF)
    wait_for(lambda: bool(page.rows(FAILED, person=person)), 20)
    inbox = page.running.bot("messenger", "inbox")
    page.graph.faults.clear()
    assert ("Tried again by itself" in inbox, f"person {person}, conversation messenger-" in inbox) == (True, True)
    assert NOT_CUT_OFF in page.hears(person)[0]


@pytest.mark.parametrize(("code", "subcode"), [(10, None), (100, None), (190, 460)])
def test_what_will_not_pass_is_not_tried_again_but_set_aside(
    page: MessengerPage, person: str, code: int, subcode: int | None
) -> None:
    page.graph.fail(code, subcode, times=None, edge="messages")
    page.say(person, CUT_OFF)
    page.settle()
    assert texts(page.graph, person) == []
    name = f"{code}/{subcode}" if subcode else str(code)
    problem, _ = page.rows(FAILED, person=person)[0]
    assert problem == f"Graph error {name} (status 400)"


def test_what_was_set_aside_is_listed_and_may_be_tried_again(page: MessengerPage, person: str) -> None:
    page.graph.fail(190, 460, times=None, edge="messages")
    page.say(person, CUT_OFF)
    page.settle()
    page.graph.faults.clear()
    ((_, conversation),) = page.rows(FAILED, person=person)
    inbox = page.running.bot("messenger", "inbox")
    assert f"Graph error 190/460 (status 400)\n    person {person}, conversation {conversation}\n" in inbox
    page.running.bot("messenger", "inbox", "--retry")
    page.hears(person)


def test_who_cannot_be_reached_is_left_alone(page: MessengerPage, person: str) -> None:
    page.graph.person(person, available=False)
    page.say(person, CUT_OFF)
    page.settle()
    assert texts(page.graph, person) == []
    page.graph.person(person, available=True)
    page.graph.requests.clear()  # among them some that were refused, as they should be
    page.say(person, "Labdien!")
    page.hears(person)


def test_after_24_hours_nothing_is_sent_and_the_request_says_so(page: MessengerPage, person: str) -> None:
    page.say(person, CUT_OFF, at=time.time() - 25 * 60 * 60)
    page.settle()
    assert texts(page.graph, person) == []
    found = page.rows(
        "SELECT unsent_at FROM handoffs JOIN messenger_threads USING (conversation_id) WHERE person = :person",
        person=person,
    )
    assert [row[0] is not None for row in found] == [True]


def test_a_slow_graph_delays_nobody_else(page: MessengerPage, person: str) -> None:
    page.graph.slow(5, times=None, edge="messages", accept=True)
    page.say(person, CUT_OFF)
    wait_for(lambda: actions(page.graph, person), 60)
    for _ in range(5):
        with PromisedTime(page.running.process.pid) as took:
            assert page.running.ask(CUT_OFF)
        assert took.seconds < 1
    page.graph.faults.clear()
    page.hears(person, patience=30)
