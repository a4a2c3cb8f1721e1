"""Messenger's channel: what comes is signed, kept, and acknowledged; a worker answers."""

import hashlib
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientSession
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.buttons import Buttons
from bot.channels.messenger import inbox
from bot.channels.messenger.graph import Graph
from bot.channels.messenger.incoming import read_events
from bot.channels.messenger.settings import MessengerSettings, messenger_settings
from bot.channels.messenger.turns import CHANNEL, Turns
from bot.channels.messenger.worker import Worker
from bot.storage.deadline import in_time

logger = logging.getLogger(__name__)
BODY = 4 * 1024 * 1024  # bytes; a delivery holds up to 1,000 events
SIGNATURE = "X-Hub-Signature-256"


class Messenger(InputChannel):  # type: ignore[misc]
    """Messenger's channel; `credentials.yml` names it. Without settings it has no routes."""

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "Messenger":
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """`GET` and `POST /webhooks/messenger/webhook`."""
        routes = Blueprint("messenger")
        settings = messenger_settings()
        if settings is None:
            return routes

        @routes.listener("after_server_start")
        async def begin(app: Sanic, _: Any) -> None:
            app.ctx.messenger_http = ClientSession()
            graph = Graph(settings, app.ctx.messenger_http)
            turns = Turns(on_new_message, _tracker, Buttons(), graph, settings)
            app.ctx.messenger = Worker(turns, graph)
            await app.ctx.messenger.start()

        @routes.listener("before_server_stop")
        async def end(app: Sanic, _: Any) -> None:
            await app.ctx.messenger.stop()
            await app.ctx.messenger_http.close()

        @routes.get("/webhook")
        async def verify(request: Request) -> HTTPResponse:
            given, challenge = request.args.get("hub.verify_token", ""), request.args.get("hub.challenge", "")
            if request.args.get("hub.mode") != "subscribe" or not _same(given, settings.verify_token):
                return response.text("The verify token is not this assistant's.", status=403)
            return response.text(challenge)

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            if len(request.body) > BODY:
                return response.text("Too large.", status=413)
            if not _is_signed(request, settings):
                return response.text("The signature is missing or wrong.", status=403)
            body = _json(request.body)
            if body is None or body.get("object") != "page":
                return response.text("No events of a page.", status=400)
            events, passed_over = read_events(body, datetime.now(UTC))
            if passed_over:
                logger.info("Messenger sent what needs no answer: %s.", dict(passed_over))
            try:
                if events:
                    await in_time(inbox.take, events, datetime.now(UTC))
            except (SQLAlchemyError, OSError) as error:
                logger.error("Events of Messenger cannot be kept: %s.", type(error).__name__)
                return response.text("Not kept; send it again.", status=503)
            request.app.ctx.messenger.wake()
            return response.text("EVENT_RECEIVED")

        return routes


async def _tracker(conversation: str) -> DialogueStateTracker | None:
    """A conversation as the agent of the serving app has it."""
    tracker: DialogueStateTracker | None = await Sanic.get_app().ctx.agent.tracker_store.retrieve(conversation)
    return tracker


def _is_signed(request: Request, settings: MessengerSettings) -> bool:
    expected = hmac.new(settings.app_secret.encode(), request.body, hashlib.sha256).hexdigest()
    return _same(request.headers.get(SIGNATURE, ""), f"sha256={expected}")


def _same(given: str, expected: str) -> bool:
    """Compared in a time that tells nothing."""
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())


def _json(body: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None
