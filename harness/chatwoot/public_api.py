"""The public API, with which a client speaks as a contact: app/controllers/public/api/v1/inboxes of Chatwoot.

It needs no token: an inbox's identifier and a contact's source id open everything.
"""

import hmac

from aiohttp import web

from harness.chatwoot.contact_building import ContactFacts, find_or_create, update
from harness.chatwoot.desk_life import DeskLife, Draft
from harness.chatwoot.desk_records import (
    ApiInbox,
    ContactInbox,
    Conversation,
    ConversationStatus,
    JsonObject,
    MessageType,
)
from harness.chatwoot.desk_store import DeskStore, message_of
from harness.chatwoot.json_answers import answered, nothing, page_of
from harness.chatwoot.person_shapes import contact_columns
from harness.chatwoot.public_shapes import (
    public_contact,
    public_conversation,
    public_inbox,
    public_message,
    shown_publicly,
)
from harness.chatwoot.rails_parameters import files, mapping, parameters_of, text
from harness.chatwoot.refusals import UnhandledError
from harness.chatwoot.releases import Release
from harness.chatwoot.webhook_signatures import identifier_hash_of

_INBOX = "/public/api/v1/inboxes/{inbox}"
_CONTACTS = _INBOX + "/contacts"
_CONTACT = _CONTACTS + "/{contact}"
_CONVERSATIONS = _CONTACT + "/conversations"
_CONVERSATION = _CONVERSATIONS + "/{conversation}"
_MESSAGES = _CONVERSATION + "/messages"


class PublicApi:
    """Its handlers."""

    def __init__(self, store: DeskStore, life: DeskLife, release: Release) -> None:
        self._store, self._life, self._release = store, life, release

    def routes(self) -> list[web.RouteDef]:
        """What the server listens to."""
        return [
            web.get(_INBOX, self._show_inbox),
            web.post(_CONTACTS, self._create_contact),
            web.get(_CONTACT, self._show_contact),
            web.patch(_CONTACT, self._update_contact),
            web.put(_CONTACT, self._update_contact),
            web.get(_CONVERSATIONS, self._list_conversations),
            web.post(_CONVERSATIONS, self._create_conversation),
            web.get(_CONVERSATION, self._show_conversation),
            web.post(_CONVERSATION + "/toggle_status", self._resolve),
            web.post(_CONVERSATION + "/toggle_typing", self._toggle_typing),
            web.post(_CONVERSATION + "/update_last_seen", self._update_last_seen),
            web.get(_MESSAGES, self._list_messages),
            web.post(_MESSAGES, self._create_message),
            web.patch(_MESSAGES + "/{message}", self._update_message),
            web.put(_MESSAGES + "/{message}", self._update_message),
        ]

    def _inbox(self, request: web.Request) -> ApiInbox:
        return self._store.inbox_by_identifier(request.match_info["inbox"])

    def _contact_inbox(self, request: web.Request) -> ContactInbox:
        return self._store.contact_inbox(self._inbox(request), request.match_info["contact"])

    def _conversation(self, request: web.Request) -> Conversation:
        return self._store.conversation_of(self._contact_inbox(request), request.match_info["conversation"])

    async def _show_inbox(self, request: web.Request) -> web.Response:
        return answered(public_inbox(self._inbox(request)))

    async def _create_contact(self, request: web.Request) -> web.Response:
        inbox, parameters = self._inbox(request), await parameters_of(request)
        # There is no contact yet that could be marked as verified: the first update marks it.
        _check_hmac(inbox, parameters)
        facts = _facts(parameters)
        return answered(public_contact(find_or_create(self._store, inbox, text(parameters, "source_id"), facts)))

    async def _show_contact(self, request: web.Request) -> web.Response:
        contact_inbox = self._contact_inbox(request)
        _check_hmac(contact_inbox.inbox, await parameters_of(request), contact_inbox)
        return answered(public_contact(contact_inbox))

    async def _update_contact(self, request: web.Request) -> web.Response:
        contact_inbox, parameters = self._contact_inbox(request), await parameters_of(request)
        _check_hmac(contact_inbox.inbox, parameters, contact_inbox)
        update(self._store, contact_inbox.contact, _facts(parameters))
        if self._release.updated_contact_shows_public_fields_only:
            return answered(public_contact(contact_inbox))
        return answered(contact_columns(contact_inbox.contact))

    async def _list_conversations(self, request: web.Request) -> web.Response:
        held = self._store.conversations_of(self._contact_inbox(request))
        return answered([public_conversation(conversation) for conversation in held])

    async def _create_conversation(self, request: web.Request) -> web.Response:
        contact_inbox, parameters = self._contact_inbox(request), await parameters_of(request)
        conversation = self._life.start_conversation(contact_inbox, mapping(parameters, "custom_attributes"))
        return answered(public_conversation(conversation))

    async def _show_conversation(self, request: web.Request) -> web.Response:
        return answered(public_conversation(self._conversation(request)))

    async def _resolve(self, request: web.Request) -> web.Response:
        """``toggle_status`` only ever resolves."""
        conversation = self._conversation(request)
        self._life.set_status(conversation, ConversationStatus.RESOLVED)
        return answered(public_conversation(conversation))

    async def _toggle_typing(self, request: web.Request) -> web.Response:
        """Says nothing about a ``typing_status`` that is neither ``on`` nor ``off``."""
        conversation = self._conversation(request)
        wanted = text(await parameters_of(request), "typing_status")
        if wanted in {"on", "off"}:
            self._life.types(conversation, conversation.contact, on=wanted == "on")
        return nothing()

    async def _update_last_seen(self, request: web.Request) -> web.Response:
        self._life.read_by_contact(self._conversation(request))
        return nothing()

    async def _list_messages(self, request: web.Request) -> web.Response:
        shown = [message for message in self._conversation(request).messages if shown_publicly(message)]
        return answered([public_message(message) for message in page_of(shown, request.query.get("before"))])

    async def _create_message(self, request: web.Request) -> web.Response:
        conversation, parameters = self._conversation(request), await parameters_of(request)
        draft = Draft(
            content=text(parameters, "content"),
            message_type=MessageType.INCOMING,
            sender=self._contact_inbox(request).contact,
            echo_id=text(parameters, "echo_id"),
            files=files(parameters),
        )
        return answered(public_message(self._life.add_message(conversation, draft)))

    async def _update_message(self, request: web.Request) -> web.Response:
        message = message_of(self._conversation(request), request.match_info["message"])
        values = (await parameters_of(request)).get("submitted_values")
        self._life.change_message(message, content_attributes=message.content_attributes | {"submitted_values": values})
        return answered(public_message(message))


def _facts(parameters: JsonObject) -> ContactFacts:
    return ContactFacts(
        name=text(parameters, "name"),
        email=text(parameters, "email"),
        phone_number=text(parameters, "phone_number"),
        identifier=text(parameters, "identifier"),
        custom_attributes=mapping(parameters, "custom_attributes"),
    )


def _check_hmac(inbox: ApiInbox, parameters: JsonObject, contact_inbox: ContactInbox | None = None) -> None:
    """ContactsController#process_hmac, whose error nobody rescues: the client sees a bare 500."""
    given = text(parameters, "identifier_hash") or ""
    if not given and not inbox.hmac_mandatory:
        return
    wanted = identifier_hash_of(text(parameters, "identifier") or "", inbox.hmac_token)
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        raise UnhandledError("HMAC failed")
    if contact_inbox:
        contact_inbox.hmac_verified = True
