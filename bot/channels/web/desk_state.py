"""What a visitor's client is told of the desk: whether a person is asked for, waited for, or there."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypedDict

from sqlalchemy.orm import Session

from bot.channels.web.call_times import CallTime, call_times
from bot.desk.desk_requests import Request, of_conversation, position, spoken_state
from bot.desk.holding import holder
from bot.desk.kinds import LIVE_KINDS, OPEN_STATES, About, RequestState
from bot.desk.opening_hours import Availability, availability
from bot.desk.ratings import ask_due
from bot.desk.sharing import shared

NOBODY_ASKED = "none"  # the state of a conversation without a request


class ShownAvailability(TypedDict):
    """Whether somebody is there: `bot.desk.opening_hours.Availability` as JSON."""

    state: str
    opens_at: str | None
    wait_minutes: list[int] | None


class ShownDesk(TypedDict):
    """The JSON that clients get; openapi.yml describes it (`Desk`)."""

    state: str
    reference: str | None
    kind: str | None
    name: str | None
    before: int | None
    call_back: bool
    availability: ShownAvailability
    times: list[dict[str, str]]
    shared: bool
    rate: list[str]


@dataclass(frozen=True)
class DeskState:
    """The state of one conversation at the desk.

    Attributes:
        request: the one that counts: held before open before closed, and the latest of these.
        name: the person's first name.
        is_held: a person answers, and the assistant is silent.
        before: how many wait before; None where it does not wait for somebody to talk with.
    """

    request: Request | None
    name: str | None
    is_held: bool
    before: int | None
    is_call_back_planned: bool
    there: Availability
    times: tuple[CallTime, ...]
    is_shared: bool
    rate: tuple[About, ...]

    @property
    def is_open(self) -> bool:
        """Whether something may still happen."""
        return self.request is not None and self.request.state in OPEN_STATES

    @property
    def waits_to_talk(self) -> bool:
        """Whether it waits in the queue of those who want to talk."""
        return self.request is not None and self.before is not None

    def in_queue(self, there: Availability, places: dict[str, int]) -> "DeskState":
        """The same with a new queue: how many wait before, by reference number."""
        if self.request is None or not self.waits_to_talk:
            return self
        return replace(self, there=there, before=places.get(self.request.reference.number, self.before))

    def as_json(self) -> ShownDesk:
        """For the client."""
        request, there = self.request, self.there
        state = RequestState.HELD if self.is_held else RequestState.WAITING
        if request is not None and request.state == RequestState.CLOSED:
            state = RequestState.CLOSED
        return {
            "state": str(state) if request else NOBODY_ASKED,
            "reference": request.reference.number if request else None,
            "kind": str(request.kind) if request else None,
            "name": self.name,
            "before": self.before,
            "call_back": self.is_call_back_planned,
            "availability": {
                "state": str(there.state),
                "opens_at": there.opens_at.isoformat() if there.opens_at else None,
                "wait_minutes": [*there.wait_minutes] if there.wait_minutes else None,
            },
            "times": [{"from": begins.isoformat(), "until": ends.isoformat()} for begins, ends in self.times],
            "shared": self.is_shared,
            "rate": [str(about) for about in self.rate],
        }


def state_of(
    session: Session, conversation: str, now: datetime | None = None, there: Availability | None = None
) -> DeskState:
    """The state of a conversation at the desk now.

    Args:
        there: whether somebody is there, where that is known already.
    """
    now = now or datetime.now(UTC)
    there = there or availability(session, now)
    requests = of_conversation(session, conversation)
    holds = holder(session, conversation, now=now)
    by_state = sorted(requests, key=lambda each: (_rank(each, str(holds.reference) if holds else ""), each.created_at))
    if not by_state:
        return DeskState(None, None, False, None, False, there, (), False, ())
    request = by_state[-1]
    spoken = spoken_state(session, request.reference, conversation)
    is_closed = request.state == RequestState.CLOSED
    waits = request.state == RequestState.WAITING and request.kind in LIVE_KINDS
    planned = bool(spoken and spoken.is_call_back_planned)
    due = (About.PERSON, About.ASSISTANT)
    return DeskState(
        request=request,
        name=holds.agent_name if holds else None,
        is_held=holds is not None,
        before=position(session, request.reference) if waits else None,
        is_call_back_planned=planned,
        there=there,
        times=() if is_closed or holds or planned else call_times(session, now),
        is_shared=shared(session, conversation) is not None,
        rate=tuple(about for about in due if ask_due(session, request.reference, about, now=now)) if is_closed else (),
    )


def _rank(request: Request, held: str) -> int:
    return 2 if request.reference.number == held else int(request.state in OPEN_STATES)
