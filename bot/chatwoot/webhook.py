"""Chatwoot's webhook: checks it, stores that there is something to look at, and answers at once."""

import json
import logging
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot import deadlines
from bot.channels.json_values import Object, object_of
from bot.chatwoot import chatwoot_links as links
from bot.chatwoot.chatwoot_api import OUTGOING, RESOLVED
from bot.chatwoot.chatwoot_worker import news
from bot.chatwoot.settings import chatwoot_settings
from bot.chatwoot.webhook_signature import SIGNATURE, TIMESTAMP, is_signed
from bot.desk.desk_requests import by_number
from bot.desk.kinds import RequestState
from bot.desk.typing import stopped_typing, typing
from bot.settings.chatwoot import CHATWOOT_WEBHOOK_SECRET
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

logger = logging.getLogger(__name__)
PATH = "/chatwoot/webhook"
MOST_BYTES = 2 * 1024 * 1024  # a message has up to 150,000 characters and stands in its webhook three times
OF_AGENT = "user"
TYPING_ON, TYPING_OFF = "conversation_typing_on", "conversation_typing_off"


def routes() -> list[Route]:
    """The webhook, for an application that Chatwoot reaches."""
    return [Route(PATH, told, methods=["POST"])]


async def told(request: Request) -> Response:
    """Answer a webhook: 200, also where it says nothing to us; 401 unsigned; 503 where it could not be stored.

    Chatwoot shows the agent that a message failed where the answer is not 2xx; when it is found later nevertheless, it
    is shown as delivered.
    """
    settings = chatwoot_settings()
    if settings is None:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    body = await _body_of(request)
    if body is None:
        return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if not is_signed(settings.webhook_secret, _only(request, TIMESTAMP), _only(request, SIGNATURE), body):
        logger.warning("A webhook of Chatwoot is not signed with %s, or too old.", CHATWOOT_WEBHOOK_SECRET.name)
        return Response(status_code=HTTPStatus.UNAUTHORIZED)
    try:
        content = object_of(json.loads(body))
    except (ValueError, RecursionError):
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    return Response(status_code=await _noted(content, settings.account))


async def _noted(content: Object, account: int) -> HTTPStatus:
    if object_of(content.get("account")).get("id", account) != account:
        return HTTPStatus.OK
    try:
        if await in_time(note, content, deadline=deadlines.CHATWOOT_WEBHOOK):
            news.set()
    except (SQLAlchemyError, OSError) as error:  # TimeoutError too
        logger.error("A webhook of Chatwoot cannot be stored: %s.", type(error).__name__)
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.OK


def note(content: Object) -> bool:
    """Store what a webhook says; returns whether there is something to look at.

    Notes, bots' messages, and what comes back of our own (echoes) say nothing to us; what comes twice changes nothing.
    """
    event = content.get("event")
    if event == "message_created":
        is_for_customer = content.get("message_type") == OUTGOING and content.get("private") is False
        is_agents = object_of(content.get("sender")).get("type") == OF_AGENT
        return is_for_customer and is_agents and _look_soon(object_of(content.get("conversation")))
    if event == "conversation_status_changed":
        return content.get("status") == RESOLVED and _look_soon(content)
    if event in {TYPING_ON, TYPING_OFF} and content.get("is_private") is False:
        _note_typing(object_of(content.get("user")), object_of(content.get("conversation")), on=event == TYPING_ON)
    return False


def _look_soon(conversation: Object) -> bool:
    number = conversation.get("id")
    if not isinstance(number, int):
        return False
    with session_scope() as session:
        return links.look_soon(session, number, datetime.now(UTC))


def _note_typing(who: Object, conversation: Object, *, on: bool) -> None:
    number, agent = conversation.get("id"), who.get("id")
    if who.get("type") != OF_AGENT or not isinstance(number, int) or not isinstance(agent, int):
        return
    with session_scope() as session:
        link = links.of_number(session, number)
        request = by_number(session, link.reference) if link else None
        if request is None or request.state != RequestState.HELD or not request.is_live:
            return
        if on:
            typing(session, request.conversation_id, str(-agent))
        else:
            stopped_typing(session, request.conversation_id, str(-agent))


async def _body_of(request: Request) -> bytes | None:
    """The body; None where it is too long."""
    body = b""
    with suppress(ClientDisconnect):
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                return None
    return body


def _only(request: Request, header: str) -> str:
    given = request.headers.getlist(header)
    return given[0] if len(given) == 1 else ""
