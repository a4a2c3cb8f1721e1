"""Visitors of the website who write while something fails, and what the database contains afterwards."""

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from types import TracebackType

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection

from harness.topology.visitor import Said, Visitor

# Questions, and part of the answer; each visitor asks the first one once, since it records a request.
PERSON = "Savienojiet mani ar cilvēku!"
REFERENCE = re.compile(r"EL-[A-Z0-9]{4}-[A-Z0-9]{4}")
QUESTIONS = {
    PERSON: REFERENCE.pattern,
    "Vai Rīgas centrs ir slēgts?": "Rīgā ir slēgts",
    "Vai mani atslēgs, ja kavēšu maksājumu?": "kavētu maksājumu dēļ",
    "Is the museum in Ķegums closed?": "in Ķegums is closed",
}
THINKING = 0.3  # seconds between an answer and the next message


def is_answered(said: Said) -> bool:
    """Whether the answer matches the question."""
    return re.search(QUESTIONS[said.text], said.answer) is not None


def is_apology(said: Said) -> bool:
    """Whether the visitor got an apology with the number to call instead of an answer."""
    return not is_answered(said) and "8400" in said.answer


class Crowd:
    """A context in which visitors, each in a thread, write one message after the other.

    Attributes:
        failed: messages without any answer.
    """

    def __init__(self, url: str, size: int, patience: float = 60.0) -> None:
        self.visitors = [Visitor(url, patience=patience) for _ in range(size)]
        self.failed: list[str] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(visitor,)) for visitor in self.visitors]

    @property
    def said(self) -> list[Said]:
        return [said for visitor in self.visitors for said in visitor.said]

    def __enter__(self) -> "Crowd":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def wait_for_answers(self, count: int, patience: float = 60.0) -> None:
        """Wait until each visitor has been answered so many times from now on."""
        goals = [sum(map(is_answered, visitor.said)) + count for visitor in self.visitors]
        until = time.monotonic() + patience
        while any(
            sum(map(is_answered, visitor.said)) < goal for visitor, goal in zip(self.visitors, goals, strict=True)
        ):
            assert time.monotonic() < until, [visitor.said[-1] for visitor in self.visitors]
            assert self.failed == []
            time.sleep(0.05)

    def _write(self, visitor: Visitor) -> None:
        questions = [question for question in QUESTIONS if question != PERSON]
        try:
            visitor.say(PERSON)
            for question in cycle(questions):
                if self._over.wait(THINKING):
                    return
                visitor.say(question)
        except Exception as error:
            self.failed.append(str(error))


def lost_or_doubled(url: str, visitors: list[Visitor]) -> Iterator[str]:
    """Inconsistencies between what visitors got and what the database at `url` contains.

    An answered message and its answer are stored exactly once; after an apology the message and its effects are stored
    at most once.
    """
    with create_engine(url).connect() as connection:
        for visitor in visitors:
            yield from _wrong_of(connection, visitor)


def _wrong_of(connection: Connection, visitor: Visitor) -> Iterator[str]:
    unclear = [said for said in visitor.said if not is_answered(said) and not is_apology(said)]
    yield from (f"no clear outcome: {said}" for said in unclear)
    apologies = sum(map(is_apology, visitor.said))
    given_back = Counter((each["id"], each["text"]) for each in visitor.history())
    for said in visitor.said:
        times = given_back[said.id, said.text], given_back[f"{said.id}/0", said.replies[0]]
        if times != (1, 1) and not (is_apology(said) and max(times) <= 1):
            yield f"given back {times} times: {said}"
    kept = _count(connection, "events", "sender_id", visitor, "AND type_name = 'user'")
    if not len(visitor.said) - apologies <= kept <= len(visitor.said):
        yield f"{kept} messages kept of {len(visitor.said)} with {apologies} apologies"
    wanted = [said for said in visitor.said if said.text == PERSON]
    heard = [found.group() for said in wanted if (found := REFERENCE.search(said.answer))]
    recorded = _count(connection, "handoffs", "conversation_id", visitor)
    if not len(heard) <= recorded <= len(wanted):
        yield f"{recorded} requests recorded, {len(heard)} told, {len(wanted)} wanted"
    for reference in heard:
        there = text("SELECT count(*) FROM handoffs WHERE reference = :reference")
        if connection.execute(there, {"reference": reference}).scalar_one() != 1:
            yield f"told of a request that is not there: {reference}"


def _count(connection: Connection, table: str, column: str, visitor: Visitor, more: str = "") -> int:
    query = f"SELECT count(*) FROM {table} WHERE {column} = :conversation {more}"  # noqa: S608 (names of ours)
    return int(connection.execute(text(query), {"conversation": visitor.conversation}).scalar_one())


@contextmanager
def locked(url: str, *tables: str, mode: str = "ACCESS EXCLUSIVE") -> Iterator[None]:
    """A context in which the tables are locked; in mode SHARE they can be read."""
    engine = create_engine(url)
    with engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text(f"LOCK TABLE {', '.join(tables)} IN {mode} MODE"))
        yield
        transaction.rollback()
    engine.dispose()
