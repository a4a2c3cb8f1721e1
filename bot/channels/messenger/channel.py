"""Messenger's webhook: verifies a delivery's signature (HMAC), stores its events and acknowledges; a worker answers."""

import hashlib
import hmac
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientSession
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.buttons import Buttons
from bot.channels.desk_watch import watch_of
from bot.channels.http.bearer_tokens import is_secret
from bot.channels.http.bodies import DELIVERY_BYTES, BodyTooLarge, MalformedRequest, body_of, json_object
from bot.channels.http.problems import problem
from bot.channels.messenger import inbox
from bot.channels.messenger.event_answering import Turns
from bot.channels.messenger.graph import Graph
from bot.channels.messenger.incoming import read_events
from bot.channels.messenger.settings import messenger_settings
from bot.channels.messenger.thinking import Thinking
from bot.channels.messenger.worker import Worker
from bot.channels.serving_agent import read_tracker
from bot.known_channels import MESSENGER
from bot.storage.deadline import in_time

logger = logging.getLogger(__name__)
SIGNATURE = "X-Hub-Signature-256"


class Messenger(InputChannel):  # type: ignore[misc]
    """Messenger's channel; `credentials.yml` names it. Without settings it has no routes."""

    @classmethod
    def name(cls) -> str:
        return MESSENGER.name

    @classmethod
    def from_credentials(cls, credentials: dict[str, object] | None) -> "Messenger":
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
            turns = Turns(Thinking(on_new_message), read_tracker, Buttons(), graph, settings)
            app.ctx.messenger = Worker(turns, graph, watch_of(app))
            await app.ctx.messenger.start()

        @routes.listener("before_server_stop")
        async def end(app: Sanic, _: Any) -> None:
            await app.ctx.messenger.stop()
            await app.ctx.messenger_http.close()

        @routes.get("/webhook")
        async def verify(request: Request) -> HTTPResponse:
            given, challenge = request.args.get("hub.verify_token", ""), request.args.get("hub.challenge", "")
            if request.args.get("hub.mode") != "subscribe" or not is_secret(given, settings.verify_token):
                return problem(403, "Not allowed", "The verify token is not this assistant's.")
            return response.text(challenge)

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                delivered = body_of(request, DELIVERY_BYTES)
                if not _is_signed(delivered, request.headers.get(SIGNATURE, ""), settings.app_secret):
                    return problem(403, "Not allowed", "The signature is missing or wrong.")
                body = json_object(delivered)
            except BodyTooLarge as error:
                return problem(413, "Too large", str(error))
            except MalformedRequest as error:
                return problem(400, "No events", str(error))
            if body.get("object") != "page":
                return problem(400, "No events", "Events of a page are expected.")
            events, passed_over = read_events(body, datetime.now(UTC))
            if passed_over:
                logger.info("Messenger sent events that need no answer: %s.", dict(passed_over))
            try:
                if events:
                    await in_time(inbox.take, events, datetime.now(UTC))
            except (SQLAlchemyError, OSError) as error:
                logger.error("Events of Messenger cannot be stored: %s.", type(error).__name__)
                return problem(503, "Not kept", "The events cannot be kept now. Send them again.")
            request.app.ctx.messenger.wake()
            return response.text("EVENT_RECEIVED")

        return routes


def _is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether a delivery carries Meta's signature: `sha256=` and the HMAC of its body."""
    return is_secret(signature, "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest())
