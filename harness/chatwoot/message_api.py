"""Messages in the application API: conversations/messages_controller.rb and Messages::MessageBuilder of Chatwoot."""

import json
from enum import Enum
from typing import TypeVar

from aiohttp import web

from harness.chatwoot.access_tokens import account_of, which_user_asks, who_asks
from harness.chatwoot.application_shapes import application_message, message_list
from harness.chatwoot.conversation_api import CONVERSATION
from harness.chatwoot.desk_life import DeskLife, Draft
from harness.chatwoot.desk_records import (
    AgentBot,
    ContentType,
    Conversation,
    JsonObject,
    Message,
    MessageStatus,
    MessageType,
    User,
)
from harness.chatwoot.desk_store import DeskStore, message_of
from harness.chatwoot.json_answers import answered, page_of
from harness.chatwoot.rails_parameters import files, parameters_of, text, truth
from harness.chatwoot.refusals import RecordInvalid, unprocessable

_MESSAGES = CONVERSATION + "/messages"
_MESSAGE = _MESSAGES + "/{message}"
_MESSAGE_TYPES = {message_type.label: message_type for message_type in MessageType}
_CONTENT_TYPES = {content_type.value: content_type for content_type in ContentType}
Member = TypeVar("Member", bound=Enum)


class MessageApi:
    """Its handlers."""

    def __init__(self, store: DeskStore, life: DeskLife) -> None:
        self._store, self._life = store, life

    def routes(self) -> list[web.RouteDef]:
        """What the server listens to."""
        return [
            web.get(_MESSAGES, self._list),
            web.post(_MESSAGES, self._create),
            web.patch(_MESSAGE, self._update),
            web.put(_MESSAGE, self._update),
            web.delete(_MESSAGE, self._delete),
        ]

    def _conversation(self, request: web.Request) -> Conversation:
        return self._store.conversation(account_of(self._store, request), request.match_info["conversation"])

    def _message(self, request: web.Request) -> Message:
        which_user_asks(self._store, request)
        return message_of(self._conversation(request), request.match_info["message"])

    async def _list(self, request: web.Request) -> web.Response:
        which_user_asks(self._store, request)
        conversation = self._conversation(request)
        page = page_of(conversation.messages, request.query.get("before"), request.query.get("after"))
        return answered(message_list(conversation, page))

    async def _create(self, request: web.Request) -> web.Response:
        """Every error becomes a 422 with its words, unlike in the public API."""
        person = who_asks(self._store, request, bots=True)
        conversation, parameters = self._conversation(request), await parameters_of(request)
        try:
            message = self._life.add_message(conversation, _draft(parameters, person, conversation))
        except RecordInvalid as error:
            raise unprocessable(f"Validation failed: {error.full_messages}") from error
        except (TypeError, ValueError) as error:
            raise unprocessable(str(error)) from error
        return answered(application_message(message))

    async def _update(self, request: web.Request) -> web.Response:
        """Tells how far a message came; a status that is none changes nothing."""
        message, parameters = self._message(request), await parameters_of(request)
        status = text(parameters, "status")
        if status in set(MessageStatus):
            self._life.set_message_status(message, MessageStatus(status), text(parameters, "external_error"))
        return answered(application_message(message))

    async def _delete(self, request: web.Request) -> web.Response:
        message = self._message(request)
        self._life.delete_message(message)
        return answered(application_message(message))


def _draft(parameters: JsonObject, person: User | AgentBot, conversation: Conversation) -> Draft:
    message_type = _member(_MESSAGE_TYPES, text(parameters, "message_type") or "outgoing", "message_type")
    content_type = _member(_CONTENT_TYPES, text(parameters, "content_type") or "text", "content_type")
    return Draft(
        content=text(parameters, "content"),
        message_type=message_type,
        sender=person if message_type is MessageType.OUTGOING else conversation.contact,
        private=truth(parameters, "private"),
        content_type=content_type,
        content_attributes=_content_attributes(parameters),
        echo_id=text(parameters, "echo_id"),
        source_id=text(parameters, "source_id"),
        files=files(parameters),
    )


def _member(members: dict[str, Member], name: str, attribute: str) -> Member:
    if name not in members:
        raise ValueError(f"'{name}' is not a valid {attribute}")
    return members[name]


def _content_attributes(parameters: JsonObject) -> JsonObject:
    """An object, or one as JSON text, as multipart needs; anything else is none."""
    value = parameters.get("content_attributes")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}
