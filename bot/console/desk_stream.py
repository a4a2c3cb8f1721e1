"""Events to open pages, as server-sent events with numbers, and the pages' signs of life."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping

from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response, StreamingResponse

from bot import deadlines
from bot.console.console_routes import ConsoleRoute
from bot.console.console_visit import Visit
from bot.console.cookies import session_cookie
from bot.console.desk_feed import DeskFeed, Told, told
from bot.desk.claiming import renew
from bot.desk.desk_events import events_after
from bot.desk.event_numbers import latest_number
from bot.desk.presence import seen
from bot.observing import metrics
from bot.staff.permissions import StaffAct, StaffRole
from bot.staff.staff_sessions import signed_in_person
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

AT_ONCE = 500  # events that a page which comes back is sent; one that missed more loads anew
HIGHEST = 2**63 - 1


def stream(visit: Visit) -> Response:
    """The events after `Last-Event-ID`, or after the parameter `after`; from now on where neither is a number."""
    given = visit.request.headers.get("Last-Event-ID") or visit.parameter("after")
    is_number = given.isascii() and given.isdecimal() and int(given) <= HIGHEST
    after = int(given) if is_number else latest_number(visit.session)
    feed: DeskFeed = visit.request.app.state.feed
    token = visit.request.cookies.get(session_cookie(), "")
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(feed, after, token), media_type="text/event-stream", headers=headers)


def beat(visit: Visit) -> Response:
    """A page's sign of life: the agent is there and keeps what they hold."""
    if visit.form.get("active") == "1":
        signed_in_person(visit.session, visit.request.cookies.get(session_cookie(), ""))
    if StaffRole.AGENT in visit.person.roles:
        available = visit.form.get("away") != "1"
        seen(visit.session, visit.person.id, visit.person.name, visit.person.languages, is_available=available)
        renew(visit.session, visit.person.id)
    return Response(status_code=204)


async def _events(feed: DeskFeed, after: int, token: str) -> AsyncIterator[str]:
    queue = feed.join()
    metrics.CONSOLE_STREAMS.inc()
    try:
        yield "retry: 1000\n\n"
        missed = await in_time(_missed, after)
        if len(missed) == AT_ONCE:
            yield _line("anew", {})
            return
        for one in missed:
            after = one.number or after
            yield _written(one)
        beaten = 0.0
        while True:
            if time.monotonic() - beaten >= deadlines.AGENT_HEARTBEAT:
                if not await in_time(_is_signed_in, token):
                    yield _line("signed-out", {})
                    return
                yield _line("beat", {})
                beaten = time.monotonic()
            try:
                async with asyncio.timeout(deadlines.AGENT_HEARTBEAT):
                    what = await queue.get()
            except TimeoutError:
                continue
            if what is None:
                return
            if what.number is None:
                yield _line("typing", {"typing": what.typing})
            elif what.number > after:
                after = what.number
                yield _written(what)
    except (SQLAlchemyError, OSError):
        return  # the browser comes back by itself, with the number of the last event
    finally:
        feed.leave(queue)
        metrics.CONSOLE_STREAMS.dec()


def _missed(after: int) -> list[Told]:
    with session_scope() as session:
        return [told(event) for event in events_after(session, after, limit=AT_ONCE)]


def _is_signed_in(token: str) -> bool:
    with session_scope() as session:
        return signed_in_person(session, token, by_hand=False) is not None


def _written(what: Told) -> str:
    about = {"kind": what.kind, "reference": what.reference, "agent": what.agent}
    data = {**about, "urgent": what.urgent, "number": what.number}
    return f"id: {what.number}\n{_line('desk', data)}"


def _line(event: str, data: Mapping[str, object]) -> str:
    return f"event: {event}\ndata: {json.dumps(data)}\n\n"


ROUTES = (
    ConsoleRoute("GET", "/desk/stream", StaffAct.SEE_QUEUE, stream, by_hand=False),
    ConsoleRoute("POST", "/desk/beat", StaffAct.SEE_QUEUE, beat, by_hand=False),
)
