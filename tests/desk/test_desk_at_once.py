"""The desk, hammered by several processes: exactly once and in order, whatever is killed or cut meanwhile."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from desk_hammering import MESSAGES, SENDERS, claims, cut, killed, turns, vanished  # tests/desk_hammering.py
from needs import needs  # tests/needs.py
from own_databases import OwnDatabase  # tests/own_databases.py

from bot import deadlines
from bot.desk.desk_events import events_after
from bot.desk.desk_requests import open_request
from bot.desk.kinds import RequestKind
from bot.desk.origin import Origin
from bot.storage.engine import session_scope

SENT = {f"talk {process % 2} {number * SENDERS + process}" for process in range(SENDERS) for number in range(MESSAGES)}
VANISHED_AFTER = 0.7  # seconds


@pytest.mark.both_databases
def test_every_message_is_stored_once_and_seen_once_in_order_whoever_is_killed(database: str) -> None:
    all_is_well(killed())


def all_is_well(found: dict[str, Any]) -> None:
    """Numbers without gaps, one for each message, and readers that saw them all in order."""
    numbers = [number for number, *_ in found["stored"]]
    assert numbers == list(range(1, len(SENT) + 1))
    assert {client for _, client, _ in found["stored"]} == SENT
    assert all(client.endswith(text.removeprefix("message")) for _, client, text in found["stored"])
    assert found["seen"] == [numbers, numbers]
    assert sorted(found["told"]) == sorted(numbers * 2), "Who repeats a message hears the same number."


@pytest.mark.both_databases
def test_of_those_who_take_it_at_once_one_gets_it_and_the_others_hear_who(database: str) -> None:
    result = claims()
    names, conversations = defaultdict(set), defaultdict(set)
    for number, _, name in result["found"]:
        names[number].add(name)
    for number, agent, _, conversation in result["taken"]:
        conversations[conversation].add(agent)
        assert names[number] == {f"agent {agent}"}
    assert len(result["taken"]) == len(names)
    assert all(len(agents) == 1 for agents in conversations.values()), "One person talks with one customer."


@pytest.mark.both_databases
def test_no_reply_is_stored_after_a_person_took_the_conversation(database: str) -> None:
    found = turns()["found"]
    taken = set()
    for conversation, kind in found:
        if kind == "taken":
            taken.add(conversation)
        else:
            assert conversation not in taken
    assert len(taken) == 12


@pytest.fixture
@needs("postgres")
def on_postgres(own_database: OwnDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database on PostgreSQL: SQLite has neither connections to cut nor a server that waits for a client."""
    with own_database("postgres") as url:
        monkeypatch.setenv("DATABASE_URL", url)
        yield url


@pytest.mark.usefixtures("on_postgres")
def test_connections_that_are_cut_lose_and_double_nothing() -> None:
    all_is_well(cut())


@pytest.mark.usefixtures("on_postgres")
def test_who_has_not_committed_yet_keeps_nobody_waiting() -> None:
    """Who opens a request then reads how many wait: others with events must not wait for that."""
    with session_scope() as slow:
        open_request(slow, RequestKind.PERSON, Origin("slow", "web", "lv"))
        with session_scope() as quick:
            open_request(quick, RequestKind.PERSON, Origin("quick", "web", "lv"))
    with session_scope() as session:
        found = [(event.number, event.conversation_id) for event in events_after(session, 0)]
    assert found == [(1, "quick"), (2, "slow")]


def test_a_server_that_vanishes_does_not_stop_the_desk(on_postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "DESK_TRANSACTION", VANISHED_AFTER)
    found = vanished()
    assert found["stored"] == [(1, "other 1", "message 1")]
    assert found["seconds"] < 5 * VANISHED_AFTER, "PostgreSQL itself would wait for hours."
