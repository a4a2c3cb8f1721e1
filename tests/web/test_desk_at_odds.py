"""Two tabs of a customer, and the people at the desk, act at the same moment: one of them is first, nothing is half."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier
from typing import Any

import pytest

from bot.channels.web import web_turns
from bot.channels.web.desk_routes import _acted, _back, _call_back, _rating, _share
from bot.channels.web.limits import limits
from bot.channels.web.visitors import Visitor
from bot.desk.call_backs import call_back_of
from bot.desk.claiming import claim, close
from bot.desk.desk_events import agent_said, events_after
from bot.desk.desk_requests import found, of_conversation
from bot.desk.kinds import DeskEventKind, RequestOutcome, RequestState
from bot.desk.ratings import ratings_of
from bot.desk.refusals import DeskError
from bot.handoff.handoff_requests import Origin, request_person
from bot.storage.engine import session_scope
from bot.words.reference import Reference

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("database")]
ROUNDS = 8
ILZE, ANNA = 1, 2


def visitor(number: int) -> Visitor:
    return Visitor(f"c{number}", "a secret", "lv")


def asked(visitor: Visitor) -> Reference:
    with session_scope() as session:
        return request_person(session, Origin(visitor.conversation, "web", "lv"))


def taken(reference: Reference, agent: int) -> None:
    with suppress(DeskError), session_scope() as session:
        claim(session, reference, agent, "Ilze")


def ended(reference: Reference, outcome: RequestOutcome = RequestOutcome.ANSWERED) -> None:
    with suppress(DeskError), session_scope() as session:
        close(session, reference, ILZE, outcome)


def at_once(*acts: Callable[[], object]) -> None:
    """Do all of this at the same moment; what fails fails the test."""
    barrier = Barrier(len(acts))

    def do(act: Callable[[], object]) -> None:
        barrier.wait(10)
        act()

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(do, act) for act in acts]:
            done.result(30)


def kinds(visitor: Visitor) -> list[DeskEventKind]:
    with session_scope() as session:
        return [each.kind for each in events_after(session, 0, conversation_id=visitor.conversation)]


def test_back_to_the_assistant_while_two_people_take_it() -> None:
    """From the moment at which the customer has gone back nobody holds it, and who holds it was not left."""
    for n in range(ROUNDS):
        who = visitor(n)
        reference = asked(who)
        at_once(
            lambda reference=reference: taken(reference, ILZE),  # type: ignore[misc]
            lambda reference=reference: taken(reference, ANNA),  # type: ignore[misc]
            lambda who=who: _acted(who, _back),  # type: ignore[misc]
            lambda who=who: _acted(who, _back),  # type: ignore[misc]
        )
        with session_scope() as session:
            request = found(session, reference)
        ends = [DeskEventKind.RETURNED] * (request.state == RequestState.CLOSED)
        assert kinds(who) == [DeskEventKind.REQUESTED, DeskEventKind.TAKEN, *ends]
        assert _acted(who, _back)["state"] == RequestState.CLOSED


def test_back_to_the_assistant_while_the_person_closes_it() -> None:
    for n in range(ROUNDS):
        who = visitor(n)
        reference = asked(who)
        taken(reference, ILZE)
        at_once(lambda who=who: _acted(who, _back), lambda reference=reference: ended(reference))  # type: ignore[misc]
        ends = {DeskEventKind.RETURNED, DeskEventKind.CLOSED} & {*kinds(who)}
        assert (len(ends), len(kinds(who))) == (1, 3)


def test_two_tabs_rate_at_once() -> None:
    for n in range(ROUNDS):
        who = visitor(n)
        reference = asked(who)
        taken(reference, ILZE)
        with session_scope() as session:
            agent_said(session, reference, ILZE, "Labdien!", "a1")
        ended(reference)
        rate: list[Any] = [_rating({"about": "person", "value": value}) for value in (1, 5, 5)]
        at_once(*(lambda act=act, who=who: _acted(who, act) for act in rate))  # type: ignore[misc]
        assert kinds(who).count(DeskEventKind.RATED) == 1
        with session_scope() as session:
            assert len(ratings_of(session, reference)) == 1


def test_two_tabs_ask_for_a_call_at_once_and_one_call_is_wished() -> None:
    for n in range(ROUNDS):
        who = visitor(n)
        asked(who)
        numbers = ("26000001", "26000002")
        acts: list[Any] = [_call_back({"number": number, "consent": True}) for number in numbers]
        at_once(*(lambda act=act, who=who: _acted(who, act) for act in acts))  # type: ignore[misc]
        with session_scope() as session:
            (request,) = of_conversation(session, who.conversation)
            wish = call_back_of(session, request.reference)
        assert wish is not None
        assert wish.number in {f"+371{number}" for number in numbers}


@pytest.mark.parametrize("is_closed", [False, True], ids=["open", "closed"])
def test_after_signing_out_nothing_is_done_for_the_conversation(is_closed: bool) -> None:
    who = visitor(1)
    reference = asked(who)
    if is_closed:
        taken(reference, ILZE)
        ended(reference)
    web_turns.begin(who, "message-1", "", limits())
    web_turns.finish(who)
    before = kinds(who)
    for act in (_back, _share, _call_back({"number": "26000000", "consent": True}), None):
        with pytest.raises(web_turns.Ended):
            _acted(who, act)
    assert kinds(who) == before
    with session_scope() as session:
        assert call_back_of(session, reference) is None


def test_nobody_acts_on_another_conversation() -> None:
    """The conversation comes from the signed session, so the request of another one is out of reach."""
    mine, theirs = visitor(1), visitor(2)
    reference = asked(theirs)
    taken(reference, ILZE)
    asked(mine)
    for act in (_back, _share, _call_back({"number": "26000000", "consent": True})):
        assert _acted(mine, act)["reference"] != reference.number
    assert kinds(theirs) == [DeskEventKind.REQUESTED, DeskEventKind.TAKEN]


def test_a_closed_request_that_is_called_about_is_one_call_however_often_it_is_asked() -> None:
    who = visitor(1)
    reference = asked(who)
    taken(reference, ILZE)
    ended(reference)
    act: Any = _call_back({"number": "26000000", "consent": True})
    at_once(*(lambda: _acted(who, act) for _ in range(4)))
    with session_scope() as session:
        waiting = [each for each in of_conversation(session, who.conversation) if each.state == RequestState.WAITING]
    assert len(waiting) == 1
