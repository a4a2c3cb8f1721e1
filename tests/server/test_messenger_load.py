"""Messenger delivers again and again, in any order, to any server, and servers die: each message is answered once.

Persons say the same four things over and over, in order; four answers over and over are right. A message that is lost,
answered twice or out of order breaks the pattern.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path
from random import Random

import pytest
import requests
from graph_standin import GraphStandIn  # tests/graph_standin.py
from messenger_page import Event, MessengerPage, body, now, text, wait_for  # tests/messenger_page.py
from running import Running, start  # tests/running.py

from benchmarks.throwaway_postgres import postgres

pytestmark = pytest.mark.server
SAID = ("Labdien!", "Vai mani atslēgs, ja kavēšu maksājumu?", "Paldies!", "Uz redzēšanos!")
HEARD = ("virtuālais asistents", "neatslēdz elektroapgādi", "kā palīdzēt", "Uz redzēšanos")
CONNECTIONS = 8
PATIENCE = 180.0  # seconds


@pytest.fixture
def graph() -> Iterator[GraphStandIn]:
    graph = GraphStandIn()
    yield graph
    assert graph.refused == []
    graph.stop()


def started(folder: Path, graph: GraphStandIn, **variables: str) -> MessengerPage:
    folder.mkdir(exist_ok=True)
    return MessengerPage(start(folder, BOT_AS_OF="2020-03-25", **graph.settings(), **variables), graph)


def restarted(page: MessengerPage) -> Running:
    environment = page.running.environment
    same = {name: environment[name] for name in ("BOT_PORT", "BOT_ACTION_PORT", "DATABASE_URL", "BOT_AS_OF")}
    return start(page.running.output.parent, **page.graph.settings(), **same)


def conversations(persons: int, turns: int) -> dict[str, list[Event]]:
    """What each person says, in order."""
    first = now() - persons * turns
    return {
        str(8_000_000_000 + n): [text(str(8_000_000_000 + n), SAID[turn % 4], at=first + turn) for turn in range(turns)]
        for n in range(persons)
    }


def deliveries(said: dict[str, list[Event]], chance: Random) -> list[list[Event]]:
    """What each connection delivers: all of some persons. Each event one to five times, for the first time in the order
    in which they happened, again at any time after.
    """
    connections: list[list[tuple[float, Event]]] = [[] for _ in range(CONNECTIONS)]
    for n, events in enumerate(said.values()):
        firsts = sorted(chance.random() for _ in events)
        for place, event in zip(firsts, events, strict=True):
            again = [(place + chance.random() / 2, event) for _ in range(chance.randrange(5))]
            connections[n % CONNECTIONS] += [(place, event), *again]
    return [[event for _, event in sorted(places, key=lambda each: each[0])] for places in connections]


def deliver(pages: list[MessengerPage], events: list[Event], seed: int) -> None:
    """One after the other in small batches, to any server; what is not taken is delivered again."""
    chance = Random(seed)
    for start_ in range(0, len(events), 3):
        batch = body(*events[start_ : start_ + 3])
        while not taken(chance.choice(pages), batch):
            time.sleep(0.1)


def taken(page: MessengerPage, batch: bytes) -> bool:
    try:
        return page.post(batch).status_code == 200
    except requests.RequestException:
        return False


def kinds(told: list[str]) -> list[int]:
    """Which of the four answers each is."""
    return [next(n for n, part in enumerate(HEARD) if part in answer) for answer in told]


def test_each_of_1000_messages_is_answered_once_and_in_order(tmp_path: Path, graph: GraphStandIn) -> None:
    """By two servers on one PostgreSQL."""
    said = conversations(persons=50, turns=20)
    with postgres(durable=False) as url:
        pages = [started(tmp_path / name, graph, DATABASE_URL=url) for name in ("one", "other")]
        try:
            with ThreadPoolExecutor(CONNECTIONS) as pool:
                list(pool.map(deliver, [pages] * CONNECTIONS, deliveries(said, Random(6)), range(CONNECTIONS)))
            wait_for(lambda: len(graph.sent) >= 1000, PATIENCE)
            pages[0].settle()
        finally:
            for page in pages:
                page.running.stop()
    assert {person: kinds(graph.texts(person)) for person in said} == {person: [0, 1, 2, 3] * 5 for person in said}


@pytest.mark.parametrize("shared_by", ["sqlite", "postgres"])
def test_nothing_is_lost_when_a_server_is_killed(tmp_path: Path, graph: GraphStandIn, shared_by: str) -> None:
    """What it was sending at that moment may come twice: Graph does not tell whether it came. Nothing else does."""
    said = conversations(persons=20, turns=12)
    with postgres(durable=False) as url:
        shared = {"DATABASE_URL": url} if shared_by == "postgres" else {}
        pages = [started(tmp_path / "one", graph, **shared)]
        pages += [started(tmp_path / "other", graph, **shared)] if shared else []
        try:
            with ThreadPoolExecutor(CONNECTIONS) as pool:
                of_each = enumerate(deliveries(said, Random(7)))
                delivering = [pool.submit(deliver, pages, events, seed) for seed, events in of_each]
                wait_for(lambda: len(graph.sent) >= 60, PATIENCE)
                pages[0].running.kill()
                pages[0].running = restarted(pages[0])
                for each in delivering:
                    each.result(PATIENCE)
            wait_for(lambda: not pages[0].rows("SELECT id FROM messenger_events WHERE done_at IS NULL"), PATIENCE)
        finally:
            for page in pages:
                page.running.stop()
    answered = {person: kinds(graph.texts(person)) for person in said}
    once = {person: [kind for kind, _ in groupby(some)] for person, some in answered.items()}
    assert once == {person: [0, 1, 2, 3] * 3 for person in said}
    twice = sum(len(some) - len(once[person]) for person, some in answered.items())
    assert twice <= len(said)  # at most what was under way for each person
