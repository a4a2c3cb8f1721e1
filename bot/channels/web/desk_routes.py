"""The routes of the website's channel for talking with a person; openapi.yml and docs/web.md describe them."""

import json
import logging
from collections.abc import Callable
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from typing import Any

from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.accounts.opened import Opened
from bot.channels.desk_watch import watch_of
from bot.channels.http.bodies import MESSAGE_BYTES, BodyTooLarge, MalformedRequest, body_of, json_object
from bot.channels.http.problems import no_session, problem
from bot.channels.web import web_turns
from bot.channels.web.call_times import is_call_time
from bot.channels.web.desk_shown import ASSISTANT, CUSTOMER
from bot.channels.web.desk_state import state_of
from bot.channels.web.desk_streams import DeskStreams, TooManyStreams
from bot.channels.web.private_replies import as_seen
from bot.channels.web.too_many import too_many
from bot.channels.web.visitors import Signer, Visitor
from bot.desk import ratings, sharing, typing
from bot.desk.call_backs import ask_call_back
from bot.desk.claiming import give_back
from bot.desk.desk_requests import Request as DeskRequest
from bot.desk.kinds import About, RequestState
from bot.desk.numbers_to_call import number_to_call
from bot.desk.origin import Origin
from bot.desk.refusals import DeskError
from bot.known_channels import WEB
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

logger = logging.getLogger(__name__)
STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # the second keeps nginx from buffering
FRESH = {"Cache-Control": "no-store"}
MOST_DIGITS_OF_NUMBER = 18  # of the number of an event that a client names; more than there will ever be
NOT_OFFERED = "'from' and 'until' are one of the times that the desk's state offers."
Act = Callable[[Session, Visitor, DeskRequest], None]


class NobodyAsked(Exception):
    """No person was asked for in the conversation."""


class Malformed(Exception):
    """The request is not as it should be; the message tells what is expected, and quotes nothing of the request."""


def add_desk_routes(routes: Blueprint, signer: Signer) -> None:
    """Add the routes below `/desk`."""
    _add_streams(routes)

    async def done(request: Request, act: Act | None = None) -> HTTPResponse:
        """Do something for the request of the conversation, and answer with its state."""
        visitor = signer.of_request(request)
        if visitor is None:
            return no_session()
        try:
            shown = await in_time(_acted, visitor, act)
        except web_turns.Ended:
            return no_session()
        except (Malformed, MalformedRequest) as error:
            return problem(400, "Not understood", str(error))
        except NobodyAsked:
            return problem(404, "Nobody asked for", "Ask for a person in this conversation first, with a message.")
        except (SQLAlchemyError, OSError) as error:
            logger.error("The desk cannot be reached: %s.", type(error).__name__)
            return problem(503, "Not available", "The desk cannot be reached now. Try again.")
        return response.json(shown, headers=FRESH, ensure_ascii=False)

    async def told(request: Request, act_of: Callable[[dict[str, object]], Act]) -> HTTPResponse:
        """The same with what the body says."""
        if signer.of_request(request) is None:
            return no_session()
        try:
            act = act_of(json_object(body_of(request, MESSAGE_BYTES)))
        except BodyTooLarge as error:
            return problem(413, "Too large", str(error))
        except (Malformed, MalformedRequest) as error:
            act = _refusing(error)  # if there is no request, that is what the client is told
        return await done(request, act)

    @routes.get("/desk")
    async def desk(request: Request) -> HTTPResponse:
        return await done(request)

    @routes.get("/desk/events", name="desk_events")
    async def events(request: Request) -> HTTPResponse | None:
        visitor = signer.of_request(request)
        if visitor is None:
            return no_session()
        last = request.headers.get("Last-Event-ID", "")
        number = int(last) if last.isascii() and last.isdigit() and len(last) <= MOST_DIGITS_OF_NUMBER else 0
        streams: DeskStreams = request.app.ctx.desk_streams
        followed = streams.follow(visitor.conversation, number)
        async with aclosing(followed):  # type: ignore[type-var]
            try:
                await in_time(web_turns.refuse_ended, visitor)
                first = await anext(followed)
            except web_turns.Ended:
                return no_session()
            except TooManyStreams:
                return too_many(10)
            except (SQLAlchemyError, OSError) as error:
                logger.error("The desk's events cannot be read: %s.", type(error).__name__)
                return problem(503, "Not available", "The desk's events cannot be read now. Try again.")
            answer = await request.respond(content_type="text/event-stream; charset=utf-8", headers=STREAM)
            await answer.send(_written(*first))
            async for event in followed:
                await answer.send(_written(*event))
            await answer.eof()
        return None  # Sanic has answered already

    @routes.post("/desk/typing", name="desk_typing")
    async def type_(request: Request) -> HTTPResponse:
        answered = await done(request, _type)
        return response.empty() if answered.status == 200 else answered

    @routes.post("/desk/back", name="desk_back")
    async def back(request: Request) -> HTTPResponse:
        return await done(request, _back)

    @routes.post("/desk/share", name="desk_share")
    async def share(request: Request) -> HTTPResponse:
        return await done(request, _share)

    @routes.post("/desk/call-back", name="desk_call_back")
    async def call_back(request: Request) -> HTTPResponse:
        return await told(request, _call_back)

    @routes.post("/desk/rating", name="desk_rating")
    async def rating(request: Request) -> HTTPResponse:
        return await told(request, _rating)


def _add_streams(routes: Blueprint) -> None:
    """The streams live in the server's `ctx.desk_streams`."""

    @routes.listener("before_server_start")
    async def begin(app: Sanic, _: object) -> None:
        app.ctx.desk_streams = DeskStreams(watch_of(app))

    @routes.listener("before_server_stop")
    async def end(app: Sanic, _: object) -> None:
        await app.ctx.desk_streams.stop()


def _acted(visitor: Visitor, act: Act | None) -> Any:
    web_turns.refuse_ended(visitor)
    with session_scope() as session:
        if act is not None:
            request = state_of(session, visitor.conversation).request
            if request is None and act not in IDLE:
                raise NobodyAsked
            if request is not None:
                act(session, visitor, request)
    with session_scope() as session:
        return state_of(session, visitor.conversation).as_json()


def _refusing(error: Exception) -> Act:
    def refuse(*_: object) -> None:
        raise error

    return refuse


def _type(session: Session, visitor: Visitor, request: DeskRequest) -> None:
    if request.state == RequestState.HELD:
        typing.typing(session, visitor.conversation, typing.CUSTOMER)


def _back(session: Session, _: Visitor, request: DeskRequest) -> None:
    if request.state == RequestState.HELD and request.is_live:
        with suppress(DeskError):  # it was closed at this moment
            give_back(session, request.reference, None)


def _share(session: Session, visitor: Visitor, request: DeskRequest) -> None:
    """What was written between visitor and assistant; nothing about an account, and no long numbers."""
    if request.state == RequestState.CLOSED:  # there is nobody to read it
        return
    turns = [
        (who, text, at)
        for content in (as_seen(content, Opened()) for _, content in web_turns.turns_of(session, visitor))
        if "number" not in content  # what a person got, a person has
        for at in [datetime.fromisoformat(content["at"])]
        for who, text in [(CUSTOMER, content["said"]), *((ASSISTANT, each["text"]) for each in content["replies"])]
        if text
    ]
    sharing.share(session, visitor.conversation, turns)


IDLE: frozenset[Act] = frozenset({_type, _back})  # idempotent, also where nobody was asked for


def _call_back(body: dict[str, object]) -> Act:
    given, consent = body.get("number"), body.get("consent")
    number = number_to_call(given) if isinstance(given, str) else None
    if consent is not True or not set(body) <= {"number", "consent", "from", "until"}:
        raise Malformed("'consent' is true: the customer agrees that the number is stored for this call.")
    if number is None:
        raise Malformed("'number' is a phone number that costs nothing extra; without country code it is Latvian.")
    wished = _times(body)

    def ask(session: Session, visitor: Visitor, request: DeskRequest) -> None:
        now = datetime.now(UTC)
        if wished is not None and not is_call_time(session, wished, now):
            raise Malformed(NOT_OFFERED)
        origin = Origin(visitor.conversation, WEB.name, request.language)
        ask_call_back(session, origin, number, wished, consent_at=now, reference=request.reference, now=now)

    return ask


def _times(body: dict[str, object]) -> tuple[datetime, datetime] | None:
    if "from" not in body and "until" not in body:
        return None
    try:
        begins, ends = (datetime.fromisoformat(str(body.get(name))) for name in ("from", "until"))
        if begins.tzinfo and ends.tzinfo:
            return begins, ends
    except ValueError:
        pass
    raise Malformed(NOT_OFFERED)


def _rating(body: dict[str, object]) -> Act:
    about, value = body.get("about"), body.get("value")
    if isinstance(value, float) and value.is_integer():  # JSON knows no difference between 5.0 and 5
        value = int(value)
    if set(body) != {"about", "value"} or about not in list(About):
        raise Malformed("'about' is 'person' or 'assistant'; 'value' is from 1 to 5, or null for no answer.")
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value not in ratings.VALUES):
        raise Malformed("'value' is from 1 to 5, or null for no answer.")

    def rate(session: Session, _: Visitor, request: DeskRequest) -> None:
        if value is None:
            ratings.asked(session, request.reference, About(str(about)))
        elif ratings.ask_due(session, request.reference, About(str(about))):
            ratings.rate(session, request.reference, About(str(about)), value)

    return rate


def _written(name: str, data: object, number: int | None) -> str:
    """A server-sent event."""
    numbered = f"id: {number}\n" if number else ""
    return f"{numbered}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
