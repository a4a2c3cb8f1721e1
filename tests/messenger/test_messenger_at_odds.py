"""A customer in Messenger goes back to the assistant at the moment at which people take or close the conversation."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest

from bot.channels.messenger.talking_with_people import leave_people
from bot.desk.claiming import claim, close
from bot.desk.desk_events import events_after
from bot.desk.desk_requests import found
from bot.desk.kinds import DeskEventKind, RequestOutcome, RequestState
from bot.desk.refusals import DeskError
from bot.handoff.handoff_requests import Origin, request_person
from bot.known_channels import MESSENGER
from bot.storage.engine import session_scope
from bot.words.reference import Reference

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("database")]
ROUNDS = 8
ENDS = (DeskEventKind.RETURNED, DeskEventKind.CLOSED)


def asked(conversation: str) -> Reference:
    with session_scope() as session:
        return request_person(session, Origin(conversation, MESSENGER.name, "lv"))


def taken(reference: Reference, agent: int) -> None:
    with suppress(DeskError), session_scope() as session:
        claim(session, reference, agent, "Ilze")


def ended(reference: Reference) -> None:
    with suppress(DeskError), session_scope() as session:
        close(session, reference, 1, RequestOutcome.ANSWERED)


def at_once(*acts: Callable[[], object]) -> None:
    """Do all of this at the same moment; what fails fails the test."""
    barrier = Barrier(len(acts))

    def do(act: Callable[[], object]) -> None:
        barrier.wait(10)
        act()

    with ThreadPoolExecutor(len(acts)) as pool:
        for done in [pool.submit(do, act) for act in acts]:
            done.result(30)


def became_of(reference: Reference, conversation: str) -> tuple[RequestState, list[DeskEventKind]]:
    with session_scope() as session:
        kinds = [event.kind for event in events_after(session, 0, conversation_id=conversation)]
        return found(session, reference).state, kinds


@pytest.mark.parametrize("is_taken", [False, True], ids=["while two people take it", "while the person closes it"])
def test_going_back_ends_it_once_whoever_is_first(is_taken: bool) -> None:
    """Waiting or held, it is given back: so it is closed, told once, and nobody holds what was closed."""
    for n in range(ROUNDS):
        conversation = f"{MESSENGER.name}-{n}"
        reference = asked(conversation)
        if is_taken:
            taken(reference, 1)
        people = [lambda r=reference: ended(r)] if is_taken else [lambda r=reference, a=a: taken(r, a) for a in (1, 2)]  # type: ignore[misc]
        at_once(*people, lambda c=conversation: leave_people(c), lambda c=conversation: leave_people(c))  # type: ignore[misc]
        state, kinds = became_of(reference, conversation)
        assert state == RequestState.CLOSED
        assert sum(kinds.count(end) for end in ENDS) == 1, kinds
        assert kinds[-1] in ENDS
        assert not leave_people(conversation)
