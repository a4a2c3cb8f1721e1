"""The chat on the website: page, sessions, messages, history. docs/web.md describes its HTTP API for clients.

A session is a signed token that the server issues; the conversation's id comes from it, never from the client. Buttons
are sent as opaque references, valid only in their conversation.
"""

import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.buttons import Buttons
from bot.channels.http.bodies import MESSAGE_BYTES, BodyTooLarge, MalformedRequest, body_of, json_object
from bot.channels.http.problems import no_session, problem
from bot.channels.intake import customer_text, encodable
from bot.channels.readiness import of_rasa_server
from bot.channels.serving_agent import read_tracker
from bot.channels.visitor_addresses import visitor_address
from bot.channels.web import web_turns
from bot.channels.web.announcement import announcement
from bot.channels.web.desk_routes import STREAM, add_desk_routes
from bot.channels.web.desk_shown import ASSISTANT, CUSTOMER, Said, desk_history, said_at_desk, woven
from bot.channels.web.files import file_answer
from bot.channels.web.limits import TooMany, limits, session_lifetime
from bot.channels.web.origins import allow, origins
from bot.channels.web.shown import TurnContent
from bot.channels.web.signing_in import sign_in, sign_out
from bot.channels.web.too_many import limit_requests, too_many
from bot.channels.web.visitor_answering import Answering, Event, VisitorMessage
from bot.channels.web.visitors import Signer, Visitor
from bot.desk.desk_events import DeskEvent
from bot.keys.signing import signing_key
from bot.known_channels import WEB
from bot.message_limits import MESSAGE_LIMIT
from bot.observing import metrics
from bot.settings import LANGUAGES
from bot.storage.deadline import in_time
from bot.storage.engine import single_statements

logger = logging.getLogger(__name__)
PAGE, DESCRIPTION = (Path(__file__).parent / name for name in ("page", "openapi.yml"))
WIDGET = Path(__file__).parents[1] / "widget"
MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class WebChat(InputChannel):  # type: ignore[misc]
    """The website's channel; `credentials.yml` names it."""

    @classmethod
    def name(cls) -> str:
        return WEB.name

    @classmethod
    def from_credentials(cls, credentials: dict[str, object] | None) -> "WebChat":
        return cls()

    def url_prefix(self) -> str:
        """Rasa's own greeting occupies `/`, so all our routes are below `/chat`."""
        return "/chat"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes."""
        routes = Blueprint("web_chat")
        signer, buttons = Signer(signing_key(), session_lifetime()), Buttons()
        answering = Answering(on_new_message, read_tracker, buttons, limits())
        allow(routes, origins())
        limit_requests(routes, limits().requests)
        routes.listener("after_server_stop")(answering.finish)
        _add_open_routes(routes)
        add_desk_routes(routes, signer)

        @routes.post("/session")
        async def session(request: Request) -> HTTPResponse:
            body = _body(request) if request.body else {}
            if isinstance(body, HTTPResponse):
                return body
            language = body.get("language")
            if "language" in body and language not in LANGUAGES:
                return problem(400, "No such language", f"'language' is one of {', '.join(LANGUAGES)}.")
            new = signer.session(language if isinstance(language, str) else None)
            signed_in = await sign_in(body, signer.visitor(new), visitor_address(request)) if "token" in body else False
            # The chat works without accounts, so a 503 does not prevent a session; a refused token does.
            if isinstance(signed_in, HTTPResponse) and signed_in.status != 503:
                return signed_in
            return response.json({"session": new, "signed_in": signed_in is True}, status=201)

        @routes.post("/sign-in", name="sign_in")
        async def signing_in(request: Request) -> HTTPResponse:
            visitor, body = signer.of_request(request), _body(request)
            if visitor is None:
                return no_session()
            if isinstance(body, HTTPResponse):
                return body
            signed_in = await sign_in(body, visitor, visitor_address(request))
            return signed_in if isinstance(signed_in, HTTPResponse) else response.json({"signed_in": signed_in})

        @routes.post("/sign-out", name="sign_out")
        async def signing_out(request: Request) -> HTTPResponse:
            visitor = signer.of_request(request)
            return await sign_out(visitor) if visitor else no_session()

        @routes.post("/messages")
        async def messages(request: Request) -> HTTPResponse | None:
            visitor, body = signer.of_request(request), _body(request)
            if visitor is None:
                return no_session()
            message = body if isinstance(body, HTTPResponse) else _message(body, visitor, buttons)
            if isinstance(message, HTTPResponse):
                return message
            try:
                events = await answering.take(visitor, message, visitor_address(request))
            except TooMany as error:
                metrics.RATE_LIMITED.labels(error.what).inc()
                return too_many(error.wait)
            except web_turns.Ended:
                return no_session()
            await _stream(request, events)
            return None  # Sanic has answered already

        @routes.get("/history")
        async def history(request: Request) -> HTTPResponse:
            visitor = signer.of_request(request)
            if visitor is None:
                return no_session()
            try:
                said = await in_time(_read, visitor)
            except web_turns.Ended:
                return no_session()
            except (SQLAlchemyError, OSError) as error:
                logger.error("The history of a conversation cannot be read: %s.", type(error).__name__)
                return problem(503, "Not available", "What was said before cannot be read now.")
            shown = [entry for each in said for entry in _shown(each)]
            return response.json({"messages": shown}, headers={"Cache-Control": "no-store"}, ensure_ascii=False)

        return routes


def _add_open_routes(routes: Blueprint) -> None:
    """Routes that need no session: the page and its files, the facts, the API description, and readiness."""

    @routes.get("/")
    async def page(request: Request) -> HTTPResponse:
        return file_answer(request, PAGE / "index.html")

    @routes.get("/<name:[a-z-]+[.](?:js|css)>")
    async def asset(request: Request, name: str) -> HTTPResponse:
        return file_answer(request, PAGE / name)

    @routes.get("/widget/<name:[a-z-]+[.]js>")
    async def widget(request: Request, name: str) -> HTTPResponse:
        return file_answer(request, WIDGET / name)

    @routes.get("/openapi.yml")
    async def description(_: Request) -> HTTPResponse:
        return await response.file(DESCRIPTION, mime_type="application/yaml")

    @routes.get("/announcement")
    async def facts(request: Request) -> HTTPResponse:
        language = request.args.get("language")
        if language not in LANGUAGES:
            return problem(400, "No such language", f"'language' is one of {', '.join(LANGUAGES)}.")
        try:
            shown = await in_time(announcement, language)
        except (SQLAlchemyError, OSError) as error:
            logger.error("The announcement cannot be shown: %s.", type(error).__name__)
            return problem(503, "Not available", "The facts cannot be read now.")
        return response.json(shown, headers={"Cache-Control": "no-store"}, ensure_ascii=False)

    @routes.get("/ready")
    async def ready(request: Request) -> HTTPResponse:
        return await of_rasa_server(request)


def _body(request: Request) -> dict[str, object] | HTTPResponse:
    try:
        return json_object(body_of(request, MESSAGE_BYTES))
    except BodyTooLarge as error:
        return problem(413, "Too large", str(error))
    except MalformedRequest as error:
        return problem(400, "No message", str(error))


def _message(body: dict[str, object], visitor: Visitor, buttons: Buttons) -> VisitorMessage | HTTPResponse:
    if set(body) not in ({"id", "text"}, {"id", "button"}):
        return problem(400, "No message", "Send 'id' and 'text', or 'id' and 'button', and nothing else.")
    message_id = body["id"]
    if not isinstance(message_id, str) or not MESSAGE_ID.fullmatch(message_id):
        return problem(400, "No id", "'id' is 8 to 64 letters, digits, '-' or '_', such as a UUID.")
    if "text" in body:
        return _typed(message_id, body["text"])
    pressed = buttons.pressed(visitor.conversation, body["button"])
    if pressed is None:
        return problem(404, "Unknown button", "This button was not offered in this conversation.")
    return VisitorMessage(message_id, *pressed)


def _typed(message_id: str, text: object) -> VisitorMessage | HTTPResponse:
    if not isinstance(text, str):
        return problem(400, "No message", "'text' is a string.")
    if len(text) > MESSAGE_LIMIT:
        return problem(413, "Too long", f"A message may have at most {MESSAGE_LIMIT} characters.", most=MESSAGE_LIMIT)
    return VisitorMessage(message_id, customer_text(text), text)


async def _stream(request: Request, events: AsyncIterator[Event]) -> None:
    """Send events as they come (server-sent events, text/event-stream)."""
    answer = await request.respond(content_type="text/event-stream; charset=utf-8", headers=STREAM)
    async for name, data in events:
        await answer.send(f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n")
    await answer.eof()


def _read(visitor: Visitor) -> list[tuple[str, TurnContent] | DeskEvent]:
    """The turns of a conversation, and what happened at the desk, in order."""
    turns = web_turns.history(visitor)
    with single_statements() as session:
        events = desk_history(session, visitor.conversation)
    return woven(turns, events)


def _shown(each: tuple[str, TurnContent] | DeskEvent) -> Sequence[Said | dict[str, object]]:
    """A turn as a client shows it, what the visitor said and each reply; or what a person said, or what happened."""
    if isinstance(each, DeskEvent):
        return [said_at_desk(each)]
    message_id, content = each
    text = encodable(content["said"])  # turns stored earlier may contain lone surrogates
    said = {"id": message_id, "from": CUSTOMER, "text": text, "at": content["at"], "language": None}
    more: dict[str, object] = {"buttons": [], "sources": []}
    if "number" in content:
        more["number"] = content["number"]
    return [said | more, *({"from": ASSISTANT, **reply} for reply in content["replies"])]
