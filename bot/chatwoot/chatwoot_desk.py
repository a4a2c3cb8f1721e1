"""Chatwoot as the desk: what it must hear, exactly once, however often it is tried."""

import secrets
from datetime import UTC, datetime
from typing import Any

from bot.chatwoot import chatwoot_links as links
from bot.chatwoot.agent_texts import closing, contact_name, opening, refused_text
from bot.chatwoot.chatwoot_api import ChatwootApi, ChatwootError, ChatwootFault
from bot.chatwoot.chatwoot_links import ChatwootLink
from bot.desk.call_backs import call_back_of
from bot.desk.desk_requests import Request, by_number
from bot.desk.sharing import shared
from bot.settings.chatwoot import CHATWOOT_ACCOUNT
from bot.storage.engine import session_scope
from bot.words.reference import Reference


class ChatwootDesk:
    """The desk's protocol (`bot.desk.desk_outbox.Desk`); what fails raises `ChatwootError`.

    A first attempt just writes. Any later one looks first whether the one before has arrived, since Chatwoot takes a
    message twice.
    """

    def __init__(self, api: ChatwootApi, *, was_tried: bool) -> None:
        self._api, self._was_tried = api, was_tried

    def opened(self, id: int, payload: dict[str, Any]) -> None:
        """Begin a conversation with what is known of the request; where there is one, say it there."""
        if (known := _known(payload)) is None:
            return
        request, link = known
        self._in(request, link, opening_id=f"{request.reference}/opened-{id}", is_opening=True)

    def customer_said(self, id: int, payload: dict[str, Any]) -> None:
        """Write what the customer wrote. What is resolved there opens again."""
        if (known := _known(payload)) is None:
            return
        request, link = known
        link = self._in(request, link, opening_id=f"{request.reference}/opened", is_opening=False)
        try:
            self._say(link, str(payload["text"]), f"{request.reference}/{payload['number']}")
        except ChatwootError as error:
            _note_gone(link, error)
            raise

    def closed(self, id: int, payload: dict[str, Any]) -> None:
        """Say that the request was closed here, and resolve the conversation; not where an agent resolved it."""
        with session_scope() as session:
            link = links.of_request(session, Reference(str(payload["reference"])))
        if link is None or link.number is None or link.is_resolved_there:
            return
        try:
            self._say(link, closing(str(payload["outcome"])), f"{link.reference}/closed", is_note=True)
            self._api.resolve(link.number)
        except ChatwootError as error:
            if error.fault is not ChatwootFault.GONE:
                raise

    def forgotten(self, id: int, payload: dict[str, Any]) -> None:
        """Delete the contact, and with it Chatwoot deletes its conversations; one that is gone is."""
        try:
            self._api.delete_contact(self._api.contact_of(str(payload["contact"])))
        except ChatwootError as error:
            if error.fault is not ChatwootFault.GONE:
                raise

    def note_refused(self, payload: dict[str, Any]) -> None:
        """Tell agents, where there is a conversation, that something of the customer's cannot be shown there."""
        with session_scope() as session:
            link = links.of_request(session, Reference(str(payload["reference"])))
        if link is not None and link.number is not None:
            self._api.say(link.number, refused_text(), f"{link.reference}/refused-{secrets.token_hex(4)}", is_note=True)

    def _in(self, request: Request, link: ChatwootLink, *, opening_id: str, is_opening: bool) -> ChatwootLink:
        """The link, with a conversation in which the request stands."""
        begins = link.number is None
        if begins:
            link = self._begin(request, link)
        if not (is_opening or link.opened_with is None):
            return link
        with session_scope() as session:
            call, turns = call_back_of(session, request.reference), shared(session, request.conversation_id)
        try:
            message_id = self._say(link, opening(request, call, turns), opening_id)
        except ChatwootError as error:
            if error.fault is ChatwootFault.GONE and link.opened_with is None:
                # It has just been begun through the public API, which knows nothing of accounts.
                told = f"404: {CHATWOOT_ACCOUNT.name} is not the account of this inbox"
                raise ChatwootError(ChatwootFault.SETTING, told, error.pause) from error
            _note_gone(link, error)
            raise
        with session_scope() as session:
            links.opened(session, link, message_id, datetime.now(UTC))
            return links.of_request(session, request.reference) or link

    def _begin(self, request: Request, link: ChatwootLink) -> ChatwootLink:
        """Begin the conversation in Chatwoot; one that an earlier attempt has begun is taken."""
        self._api.create_contact(link.source_id, contact_name(request))
        number = self._begun_before(link) if self._was_tried else None
        if number is None:
            about = {"reference": request.reference.number, "channel": request.channel, "language": request.language}
            number = self._api.create_conversation(link.source_id, {**about, "kind": str(request.kind)})
        with session_scope() as session:
            links.begun(session, link, number)
            return links.of_request(session, request.reference) or link

    def _begun_before(self, link: ChatwootLink) -> int | None:
        """A conversation of the contact that belongs to no request: the answer to its making was lost."""
        with session_scope() as session:
            known = links.numbers_of_contact(session, link.source_id)
        return max((one for one in self._api.conversations_of(link.source_id) if one not in known), default=None)

    def _say(self, link: ChatwootLink, text: str, source_id: str, *, is_note: bool = False) -> int:
        number = link.number_there
        before = self._api.said_as(number, source_id) if self._was_tried else None
        return self._api.say(number, text, source_id, is_note=is_note) if before is None else before


def _known(payload: dict[str, Any]) -> tuple[Request, ChatwootLink] | None:
    """The request that something is about, and its link, which is stored before Chatwoot is asked for anything.

    None: what is stored of it was erased meanwhile.
    """
    with session_scope() as session:
        request = by_number(session, Reference(str(payload["reference"])))
        return (request, links.made(session, request, datetime.now(UTC))) if request else None


def _note_gone(link: ChatwootLink, error: ChatwootError) -> None:
    """What was deleted in Chatwoot is begun anew with the next attempt."""
    if error.fault is ChatwootFault.GONE:
        with session_scope() as session:
            links.forget_there(session, link)
