"""Questions in Messenger while a part of production is killed: each is answered once, and none with an apology."""

import time
from itertools import count

import pytest
from crowd import PERSON, REFERENCE, locked  # tests/crowd.py
from graph.connected import MessengerPage, texts, wait_for  # tests/graph
from graph.people import CROWD_PATIENCE, answers, conversations, delivered, is_delay, once

from harness.topology import Topology

pytestmark = [pytest.mark.server, pytest.mark.topology]
FIRST = count(8_200_000_000, 1000)
PERSONS, TURNS = 12, 8
GONE = 2.0  # seconds
NOT_DONE = "SELECT id FROM messenger_events WHERE done_at IS NULL"


@pytest.mark.parametrize(
    ("parts", "twice"),
    [
        pytest.param(("actions-1", "actions-2"), 0, id="action servers"),
        pytest.param(("rasa-1",), 4, id="a Rasa server"),  # the reply in flight: Graph does not say whether it arrived
        pytest.param(("postgres",), 4, id="PostgreSQL"),  # sent, but not recorded as sent
        pytest.param(("redis",), 0, id="Redis"),
        pytest.param(("nginx",), 0, id="nginx"),
    ],
)
def test_nothing_is_lost_or_apologised_for_when_a_part_is_killed(
    topology: Topology, page: MessengerPage, parts: tuple[str, ...], twice: int
) -> None:
    before, said = len(page.graph.sent), conversations(page.graph, next(FIRST), PERSONS, TURNS)
    with delivered([page], said, seed=9):
        wait_for(lambda: len(page.graph.sent) - before >= PERSONS * 2, CROWD_PATIENCE)
        for part in parts:
            topology.kill(part)
        time.sleep(GONE)
        for part in parts:
            topology.restart(part)
    wait_for(lambda: not page.rows(NOT_DONE), CROWD_PATIENCE)
    answered = answers(page.graph, said)
    assert once(answered) == {person: [0, 1, 2, 3] * 2 for person in said}
    assert sum(map(len, answered.values())) - PERSONS * TURNS <= twice


def test_a_request_that_cannot_be_recorded_now_is_recorded_and_answered_later(
    topology: Topology, page: MessengerPage
) -> None:
    """The action server answers, but its answer is that it cannot."""
    person = str(next(FIRST))
    with locked(topology.environment["DATABASE_URL"], "handoffs", mode="SHARE"):
        page.say(person, PERSON)
        wait_for(lambda: bool(texts(page.graph, person)), CROWD_PATIENCE)
        (delay,) = texts(page.graph, person)
    _, answer = page.hears(person, 2, CROWD_PATIENCE)
    assert (is_delay(delay), REFERENCE.search(answer) is not None) == (True, True)
    recorded = "SELECT count(*) FROM handoffs JOIN messenger_threads USING (conversation_id) WHERE person = :person"
    assert page.rows(recorded, person=person) == [(1,)]
