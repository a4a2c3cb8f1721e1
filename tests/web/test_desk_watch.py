"""One look at the desk serves all who follow in a process; for those who can wait it is looked seldom."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.channels import desk_watch
from bot.channels.desk_watch import DeskWatch, Follower, Glance, look_at_desk
from bot.desk.desk_requests import open_request
from bot.desk.kinds import RequestKind
from bot.desk.origin import Origin
from bot.desk.typing import typing
from bot.storage.engine import engine_for, session_scope

NEVER = 3600.0


@pytest.fixture
def statements(database: str) -> Iterator[list[str]]:
    """The statements that are run from now on."""
    ran: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        ran.append(statement)

    engine = engine_for(database)
    event.listen(engine, "before_cursor_execute", note)
    yield ran
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch, database: str) -> DeskWatch:
    monkeypatch.setattr(desk_watch, "LOOK_AGAIN", 0.01)
    monkeypatch.setattr(desk_watch, "LOOK_AGAIN_IDLE", NEVER)
    monkeypatch.setattr(desk_watch, "LOOK_AGAIN_AFTER_TROUBLE", 0.01)
    return DeskWatch()


async def glances(follower: Follower, count: int) -> list[Glance]:
    async with asyncio.timeout(10):
        return [await follower.next() for _ in range(count)]


async def test_one_statement_serves_all_who_follow(watch: DeskWatch, statements: list[str]) -> None:
    with watch.follow() as one, watch.follow() as other:
        seen = await asyncio.gather(glances(one, 5), glances(other, 5))
    assert [len(each) for each in seen] == [5, 5]
    assert len(statements) <= 5 + 2, "A look may go on when the last one has been seen."


async def test_nobody_looks_when_nobody_follows(watch: DeskWatch, statements: list[str]) -> None:
    with watch.follow() as follower:
        await glances(follower, 1)
    await asyncio.sleep(0.05)  # the last look may have begun
    statements.clear()
    await asyncio.sleep(0.1)
    assert statements == []


async def test_for_those_who_can_wait_it_is_looked_seldom_until_one_is_in_a_hurry(
    watch: DeskWatch, statements: list[str]
) -> None:
    with watch.follow() as one, watch.follow() as other:
        for each in (one, other):
            each.wait_patiently(True)
        await asyncio.gather(glances(one, 1), glances(other, 1))
        await asyncio.sleep(0.05)
        statements.clear()
        await asyncio.sleep(0.1)
        assert statements == []
        other.wait_patiently(False)
        await asyncio.gather(glances(one, 2), glances(other, 2))


async def test_who_begins_to_follow_need_not_wait(watch: DeskWatch) -> None:
    with watch.follow() as patient:
        patient.wait_patiently(True)
        await glances(patient, 1)
        with watch.follow() as other:
            await glances(other, 1)


async def test_a_database_that_fails_is_asked_again(watch: DeskWatch, monkeypatch: pytest.MonkeyPatch) -> None:
    fails = [True, True]

    def look(with_typists: bool) -> Glance:
        if fails:
            fails.pop()
            raise OperationalError("SELECT", {}, Exception("gone"))
        return look_at_desk(with_typists)

    monkeypatch.setattr(desk_watch, "look_at_desk", look)
    with watch.follow() as follower:
        assert (await glances(follower, 1))[0].number == 0


@pytest.mark.both_databases
def test_a_look_finds_the_latest_number_and_who_types(database: str) -> None:
    assert look_at_desk() == Glance(0, frozenset())
    now = datetime.now(UTC)
    with session_scope() as session:
        open_request(session, RequestKind.PERSON, Origin("c1", "web", "lv"))
        typing(session, "c1", "1", now)
        typing(session, "c2", "2", now)
        typing(session, "c3", "3", datetime(2020, 3, 20, tzinfo=UTC))
    assert look_at_desk() == Glance(1, frozenset({("c1", "1"), ("c2", "2")}))
    assert look_at_desk(with_typists=False) == Glance(1, None)


def test_who_types_is_not_forgotten_by_a_look_that_did_not_ask() -> None:
    follower = Follower(asyncio.Event())
    follower.show(Glance(1, frozenset({("c1", "1")})))
    follower.show(Glance(2, None))
    assert follower._glance == Glance(2, frozenset({("c1", "1")}))
