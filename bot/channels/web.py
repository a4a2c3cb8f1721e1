"""The chat on the website: a page, sessions, messages.

A session is a signed token that the server issues; the conversation's id comes from it, never from the client. Buttons
go out as signed references to what was offered, good only in their conversation.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import jwt
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.accounts.sign_in import SignInRefused
from bot.accounts.signed_in import open_accounts
from bot.accounts.source import SourceUnavailable
from bot.channels.conversation import converse
from bot.channels.intake import customer_text
from bot.channels.readiness import not_ready
from bot.signing import signing_key

logger = logging.getLogger(__name__)
PAGE = Path(__file__).parent / "page"
ALGORITHM = "HS256"
SIGN_IN_DEADLINE = 2.8  # seconds
BODY_LIMIT = 256 * 1024  # bytes of a request
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def problem(status: int, title: str, detail: str) -> HTTPResponse:
    """An error as an RFC 9457 problem document."""
    body = {"type": "about:blank", "status": status, "title": title, "detail": detail}
    return response.json(body, status=status, content_type="application/problem+json", ensure_ascii=False)


class Signer:
    """Signs and reads sessions and buttons."""

    def __init__(self, key: str) -> None:
        self._key = key

    def session(self) -> str:
        """A token for a new conversation."""
        return jwt.encode({"sub": secrets.token_urlsafe(18), "use": "session"}, self._key, ALGORITHM)

    def conversation(self, token: object) -> str | None:
        """The conversation's id, or None for a token that is not ours."""
        content = self._read(token, "session")
        return str(content["sub"]) if content else None

    def button(self, conversation: str, payload: str) -> str:
        """A reference to a choice that was offered in a conversation."""
        return jwt.encode({"sub": conversation, "use": "button", "payload": payload}, self._key, ALGORITHM)

    def payload(self, conversation: str, reference: object) -> str | None:
        """What a button means, or None where it was not offered in this conversation."""
        content = self._read(reference, "button")
        return str(content["payload"]) if content and content["sub"] == conversation else None

    def _read(self, token: object, use: str) -> dict[str, Any] | None:
        if not isinstance(token, str):
            return None
        try:
            content: dict[str, Any] = jwt.decode(token, self._key, [ALGORITHM], options={"require": ["sub"]})
        except jwt.InvalidTokenError:
            return None
        return content if content.get("use") == use else None


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
        signer = Signer(signing_key())

        @routes.get("/")
        async def page(_: Request) -> HTTPResponse:
            return await _file("index.html")

        @routes.get("/<name:[a-z-]+[.](?:js|css)>")
        async def asset(_: Request, name: str) -> HTTPResponse:
            return await _file(name) if (PAGE / name).is_file() else problem(404, "Not found", "There is no such file.")

        @routes.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            reason = await not_ready(request.app.ctx.agent)
            return problem(503, "Not ready", reason) if reason else response.json({"ready": True})

        @routes.post("/session")
        async def session(request: Request) -> HTTPResponse:
            new = signer.session()
            body = _body(request) if request.body else {}
            if isinstance(body, HTTPResponse):
                return body
            refusal = await _signed_in(body, str(signer.conversation(new))) if "token" in body else None
            return refusal or response.json({"session": new}, status=201)

        @routes.post("/sign-in")
        async def sign_in_again(request: Request) -> HTTPResponse:
            body = _body(request)
            if isinstance(body, HTTPResponse):
                return body
            conversation = signer.conversation(body.get("session"))
            if conversation is None:
                return _no_session()
            return await _signed_in(body, conversation) or response.json({"signed_in": True})

        @routes.post("/messages")
        async def messages(request: Request) -> HTTPResponse:
            body = _body(request)
            if isinstance(body, HTTPResponse):
                return body
            conversation = signer.conversation(body.get("session"))
            if conversation is None:
                return _no_session()
            if "button" in body:
                text = signer.payload(conversation, body["button"])
                if text is None:
                    return problem(400, "Unknown button", "This button was not offered in this conversation.")
            elif isinstance(body.get("text"), str):
                text = customer_text(body["text"])
            else:
                return problem(400, "No message", "Send 'text' (a string) or 'button'.")
            agent = request.app.ctx.agent
            replies = await converse(
                on_new_message, agent.tracker_store.retrieve, text=text, conversation_id=conversation, channel="web"
            )
            return response.json(
                {"replies": [_outgoing(reply, conversation, signer) for reply in replies]}, ensure_ascii=False
            )

        return routes


def _no_session() -> HTTPResponse:
    return problem(401, "No session", "Ask for a session with POST /chat/session first.")


async def _signed_in(body: dict[str, Any], conversation: str) -> HTTPResponse | None:
    """Open the accounts of whom the website has signed in; a problem where its token proves nothing."""
    token = body.get("token")
    if not isinstance(token, str):
        return problem(400, "No token", "'token' is the website's signed token, a string.")
    try:
        async with asyncio.timeout(SIGN_IN_DEADLINE):
            await asyncio.to_thread(open_accounts, token, conversation)
    except SignInRefused as error:
        return problem(401, "Not signed in", str(error))
    except (SourceUnavailable, SQLAlchemyError, OSError, ValueError) as error:  # TimeoutError is an OSError
        logger.error("A customer could not be signed in: %s.", type(error).__name__)
        return problem(503, "Not available", "Accounts cannot be read now; the chat works without being signed in.")
    return None


def _body(request: Request) -> dict[str, Any] | HTTPResponse:
    if len(request.body) > BODY_LIMIT:
        return problem(413, "Too large", f"A message may have at most {BODY_LIMIT} bytes.")
    try:
        content = request.json
    except Exception:
        content = None
    if not isinstance(content, dict):
        return problem(400, "No message", "A JSON object is expected.")
    return content


def _outgoing(reply: dict[str, Any], conversation: str, signer: Signer) -> dict[str, Any]:
    buttons = [
        {"title": button["title"], "button": signer.button(conversation, button["payload"])}
        for button in reply["buttons"]
    ]
    return {"text": reply["text"], "buttons": buttons, "sources": reply["sources"]}


async def _file(name: str) -> HTTPResponse:
    headers = {
        "Content-Security-Policy": CONTENT_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return await response.file(PAGE / name, headers=headers)
