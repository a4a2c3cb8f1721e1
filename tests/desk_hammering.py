"""Hammers the desk from several processes at once, on the database that DATABASE_URL names.

Each function runs a scene and returns what it found. Senders retry with the same id, as clients do, until they hear
that a message is stored. Processes are forked: importing what redacts texts takes seconds.
"""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.desk import claiming, desk_events
from bot.desk.desk_requests import open_request
from bot.desk.event_numbers import latest_number
from bot.desk.event_writing import write_message
from bot.desk.holding import holder
from bot.desk.kinds import DeskEventKind, RequestKind
from bot.desk.origin import Origin
from bot.desk.refusals import AlreadyHeld
from bot.settings import settings
from bot.storage.engine import engine_for, session_scope
from bot.words.reference import Reference

SENDERS, MESSAGES, AGENTS = 4, 8, 4
FORKED = multiprocessing.get_context("fork")
PATIENCE = 20.0  # seconds


def until_stored(act: Callable[[], Any]) -> Any:
    """Repeat an act until the database has stored it."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except SQLAlchemyError:
            if time.monotonic() > until:
                raise
            time.sleep(random.uniform(0, 0.02))


def say(conversation: str, number: int) -> int:
    """Store a customer's message; returns its number."""
    with session_scope() as session:
        return desk_events.customer_said(session, conversation, f"message {number}", f"{conversation} {number}")


def sender(process: int, told: Any) -> None:
    """Send messages of two conversations, each twice, as a client does that heard nothing."""
    for number in range(MESSAGES):
        for _ in range(2):
            told.put(until_stored(lambda number=number: say(f"talk {process % 2}", number * SENDERS + process)))


def reader(told: Any, stop: Any) -> None:
    """Follow the events as a server does: those after the last one seen."""
    seen: list[int] = []
    while True:
        last = stop.is_set()
        with suppress(SQLAlchemyError), session_scope() as session:
            seen += [event.number for event in desk_events.events_after(session, seen[-1] if seen else 0)]
            continue_after = latest_number(session)
            assert not seen or continue_after >= seen[-1]
        if last:
            break
        time.sleep(0.005)
    told.put(seen)


def running(target: Callable[..., None], *arguments: Any) -> Any:
    """A started process with its own connections."""
    engine_for(settings().database_url).dispose()
    process = FORKED.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def with_senders(disturb: Callable[[list[Any]], None]) -> dict[str, Any]:
    """Senders and two readers, and a disturbance; returns what was told and what was read."""
    told, read, stop = FORKED.Queue(), FORKED.Queue(), FORKED.Event()
    readers = [running(reader, read, stop) for _ in range(2)]
    senders = [running(sender, process, told) for process in range(SENDERS)]
    disturb(senders)
    numbers = [told.get(timeout=PATIENCE) for _ in range(SENDERS * MESSAGES * 2)]
    stop.set()
    seen = [read.get(timeout=PATIENCE) for _ in readers]
    for process in (*senders, *readers):
        process.join(PATIENCE)
    return {"told": numbers, "seen": seen, "stored": stored()}


def stored() -> list[tuple[int, str, str]]:
    """All messages as they are stored: number, sender's id, text."""
    with session_scope() as session:
        events = desk_events.events_after(session, 0, kinds={DeskEventKind.CUSTOMER_SAID})
        return [(event.number, str(event.client_id), str(event.text)) for event in events]


def killed() -> dict[str, Any]:
    """Processes that are killed in the middle of a transaction that has taken a number."""

    def victim() -> None:
        with session_scope() as session:
            desk_events.customer_said(session, "victim", "never stored", "never stored")
            os.kill(os.getpid(), signal.SIGKILL)

    def disturb(senders: list[Any]) -> None:
        for _ in range(6):
            running(victim).join()

    return with_senders(disturb)


def cut() -> dict[str, Any]:
    """Connections that PostgreSQL cuts at any moment, also while it commits."""

    def disturb(senders: list[Any]) -> None:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        mine = f"{others} AND datname = current_database()"
        for _ in range(12):
            with suppress(SQLAlchemyError), session_scope() as session:
                session.execute(text(mine))
            time.sleep(random.uniform(0.05, 0.2))

    return with_senders(disturb)


def vanished() -> dict[str, Any]:
    """A process that stops for ever with a number taken, and its connection open."""

    def victim(taken: Any) -> None:
        with session_scope() as session:
            desk_events.customer_said(session, "victim", "never stored", "never stored")
            taken.set()
            os.kill(os.getpid(), signal.SIGSTOP)

    taken = FORKED.Event()
    process = running(victim, taken)
    taken.wait(PATIENCE)
    began = time.monotonic()
    try:
        until_stored(lambda: say("other", 1))
    finally:
        took = time.monotonic() - began
        process.kill()
        process.join()
    return {"seconds": took, "stored": stored()}


def claims() -> dict[str, Any]:
    """All agents take the same requests at once; each says who got it."""
    with session_scope() as session:
        opened = [
            open_request(session, kind, Origin(f"talk {number}", "web", "lv")).reference.number
            for number in range(5)
            for kind in (RequestKind.PERSON, RequestKind.COMPLAINT)
        ]
    told, together = FORKED.Queue(), FORKED.Barrier(AGENTS)

    def agent(own: int) -> None:
        for place in range(len(opened)):
            # The two of a conversation in different order: nobody may wait for each other in a circle.
            number = opened[place ^ (own % 2)]
            together.wait(PATIENCE)
            told.put((number, own, until_stored(lambda number=number: take(number, own))))

    agents = [running(agent, own) for own in range(1, AGENTS + 1)]
    found = [told.get(timeout=PATIENCE) for _ in range(len(opened) * AGENTS)]
    for process in agents:
        process.join(PATIENCE)
    with session_scope() as session:
        taken = [
            (event.reference.number, event.agent_id, str(event.kind), event.conversation_id)
            for event in desk_events.events_after(session, 0)
            if event.reference and event.kind != DeskEventKind.REQUESTED
        ]
    return {"found": found, "taken": taken}


def take(number: str, agent: int) -> str:
    """The name of the one who holds a request after trying to take it."""
    try:
        with session_scope() as session:
            return str(claiming.claim(session, Reference(number), agent, f"agent {agent}").agent_name)
    except AlreadyHeld as refused:
        return refused.name


def turns() -> dict[str, Any]:
    """Turns of the assistant that end while an agent takes the conversation: a note stands for the turn's reply."""
    with session_scope() as session:
        origins = [Origin(f"talk {number}", "web", "lv") for number in range(12)]
        opened = [open_request(session, RequestKind.PERSON, origin).reference for origin in origins]
    together = FORKED.Barrier(2)

    def assistant() -> None:
        for origin in origins:
            together.wait(PATIENCE)
            for number in range(3):
                until_stored(lambda origin=origin, number=number: reply(origin.conversation_id, number))

    def agent() -> None:
        for reference in opened:
            together.wait(PATIENCE)
            time.sleep(random.uniform(0, 0.03))
            until_stored(lambda reference=reference: take(reference.number, 1))

    both = [running(assistant), running(agent)]
    for process in both:
        process.join(PATIENCE)
    with session_scope() as session:
        found = desk_events.events_after(session, 0, kinds={DeskEventKind.NOTE, DeskEventKind.TAKEN})
        return {"found": [(event.conversation_id, str(event.kind)) for event in found]}


def reply(conversation: str, number: int) -> None:
    """The end of a turn: the reply is stored unless a person holds the conversation."""
    with session_scope() as session:
        if holder(session, conversation, for_update=True) is None:
            time.sleep(random.uniform(0, 0.01))
            write_message(session, DeskEventKind.NOTE, conversation, None, str(number), "reply")
