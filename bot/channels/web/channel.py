"""The chat on the website: a page, sessions, messages, what was said before. docs/web.md describes it for clients.

A session is a signed token that the server issues; the conversation's id comes from it, never from the client. Buttons
go out as opaque references to what was offered, good only in their conversation.
"""

import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot import metrics
from bot.accounts.sign_in import SignInRefused
from bot.accounts.signed_in import open_accounts
from bot.accounts.source import SourceUnavailable
from bot.channels.addresses import visitor_address
from bot.channels.buttons import Buttons
from bot.channels.intake import customer_text
from bot.channels.readiness import of_rasa_server
from bot.channels.web import turns
from bot.channels.web.announcement import announcement
from bot.channels.web.answering import Answering, Event, Message
from bot.channels.web.files import file_answer
from bot.channels.web.limits import BODY, CHARACTERS, TooMany, limits, session_lifetime
from bot.channels.web.origins import allow, origins
from bot.channels.web.problems import no_session, problem
from bot.channels.web.too_many import limit_requests, too_many
from bot.channels.web.visitors import Signer, Visitor
from bot.settings import LANGUAGES
from bot.signing import signing_key
from bot.storage.deadline import in_time

logger = logging.getLogger(__name__)
PAGE, DESCRIPTION = (Path(__file__).parent / name for name in ("page", "openapi.yml"))
WIDGET = Path(__file__).parents[1] / "widget"
MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
SIGN_IN_DEADLINE = 2.8  # seconds
STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # the second for nginx


class WebChat(InputChannel):  # type: ignore[misc]
    """The website's channel; `credentials.yml` names it."""

    @classmethod
    def name(cls) -> str:
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "WebChat":
        return cls()

    def url_prefix(self) -> str:
        """Rasa's own greeting holds `/`, so everything of ours is below `/chat`."""
        return "/chat"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes."""
        routes = Blueprint("web_chat")
        signer, buttons = Signer(signing_key(), session_lifetime()), Buttons()
        answering = Answering(on_new_message, _tracker, buttons, limits())
        allow(routes, origins())
        limit_requests(routes, limits().requests)
        routes.listener("after_server_stop")(answering.finish)

        @routes.get("/")
        async def page(request: Request) -> HTTPResponse:
            return file_answer(request, PAGE / "index.html")

        @routes.get("/<name:[a-z-]+[.](?:js|css)>")
        async def asset(request: Request, name: str) -> HTTPResponse:
            return file_answer(request, PAGE / name)

        @routes.get("/widget/<name:[a-z-]+[.]js>")
        async def widget(request: Request, name: str) -> HTTPResponse:
            return file_answer(request, WIDGET / name)

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

        @routes.get("/openapi.yml")
        async def description(_: Request) -> HTTPResponse:
            return await response.file(DESCRIPTION, mime_type="application/yaml")

        @routes.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            return await of_rasa_server(request)

        @routes.post("/session")
        async def session(request: Request) -> HTTPResponse:
            body = _body(request) if request.body else {}
            if isinstance(body, HTTPResponse):
                return body
            language = body.get("language")
            if "language" in body and language not in LANGUAGES:
                return problem(400, "No such language", f"'language' is one of {', '.join(LANGUAGES)}.")
            new = signer.session(language)
            refusal = await _sign_in(body, signer.visitor(new)) if "token" in body else None
            # The chat is of use without accounts; who is refused must hear it.
            if refusal and refusal.status != 503:
                return refusal
            signed_in = "token" in body and refusal is None
            return response.json({"session": new, "signed_in": signed_in}, status=201)

        @routes.post("/sign-in")
        async def sign_in(request: Request) -> HTTPResponse:
            visitor, body = signer.of_request(request), _body(request)
            if visitor is None:
                return no_session()
            if isinstance(body, HTTPResponse):
                return body
            return await _sign_in(body, visitor) or response.json({"signed_in": True})

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
                metrics.RATE_LIMITED.labels("messages").inc()
                return too_many(error.wait)
            await _stream(request, events)
            return None  # Sanic has answered already

        @routes.get("/history")
        async def history(request: Request) -> HTTPResponse:
            visitor = signer.of_request(request)
            if visitor is None:
                return no_session()
            try:
                said = await in_time(turns.history, visitor)
            except (SQLAlchemyError, OSError) as error:
                logger.error("A conversation cannot be given back: %s.", type(error).__name__)
                return problem(503, "Not available", "What was said before cannot be read now.")
            shown = [entry for message_id, content in said for entry in _shown(message_id, content)]
            return response.json({"messages": shown}, headers={"Cache-Control": "no-store"}, ensure_ascii=False)

        return routes


async def _tracker(conversation: str) -> DialogueStateTracker | None:
    """A conversation as the agent of the serving app has it, which Rasa loads after the routes are made."""
    tracker: DialogueStateTracker | None = await Sanic.get_app().ctx.agent.tracker_store.retrieve(conversation)
    return tracker


def _body(request: Request) -> dict[str, Any] | HTTPResponse:
    if len(request.body) > BODY:
        return problem(413, "Too large", f"A request may have at most {BODY} bytes.")
    try:
        content = request.json
    except Exception:
        content = None
    if not isinstance(content, dict):
        return problem(400, "No message", "A JSON object is expected.")
    return content


def _message(body: dict[str, Any], visitor: Visitor, buttons: Buttons) -> Message | HTTPResponse:
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
    return Message(message_id, *pressed)


def _typed(message_id: str, text: object) -> Message | HTTPResponse:
    if not isinstance(text, str):
        return problem(400, "No message", "'text' is a string.")
    if len(text) > CHARACTERS:
        return problem(413, "Too long", f"A message may have at most {CHARACTERS} characters.", most=CHARACTERS)
    return Message(message_id, customer_text(text), text)


async def _sign_in(body: dict[str, Any], visitor: Visitor | None) -> HTTPResponse | None:
    """Open the accounts of whom the website has signed in; a problem where its token proves nothing."""
    token = body.get("token")
    if not isinstance(token, str) or visitor is None:
        return problem(400, "No token", "'token' is the website's signed token, a string.")
    try:
        await in_time(open_accounts, token, visitor.conversation, deadline=SIGN_IN_DEADLINE)
    except SignInRefused as error:
        return problem(403, "Not signed in", str(error))
    except (SourceUnavailable, SQLAlchemyError, OSError, ValueError) as error:
        logger.error("A customer could not be signed in: %s.", type(error).__name__)
        return problem(503, "Not available", "Accounts cannot be read now; the chat works without being signed in.")
    return None


async def _stream(request: Request, events: AsyncIterator[Event]) -> None:
    """Send events as they come (text/event-stream)."""
    answer = await request.respond(content_type="text/event-stream; charset=utf-8", headers=STREAM)
    async for name, data in events:
        await answer.send(f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n")
    await answer.eof()


def _shown(message_id: str, content: dict[str, Any]) -> list[dict[str, Any]]:
    """A turn as a client shows it: what the visitor said, and each reply."""
    said = {"id": message_id, "from": "customer", "text": content["said"], "at": content["at"], "language": None}
    nothing: dict[str, Any] = {"buttons": [], "sources": []}
    return [said | nothing, *({"from": "assistant", **reply} for reply in content["replies"])]
