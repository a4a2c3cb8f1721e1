"""What the stand-in remembers, in memory, and how records are found.

Numbers of different kinds start far apart, so that a client that mixes them up finds nothing.
"""

import secrets
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import TypeVar

from harness.chatwoot.desk_records import (
    Account,
    AgentBot,
    ApiInbox,
    Attachment,
    Contact,
    ContactInbox,
    Conversation,
    Message,
    Role,
    User,
)
from harness.chatwoot.refusals import RecordInvalid, RecordNotFound

Found = TypeVar("Found")
# Limits::URL_LENGTH_LIMIT
LONGEST_URL = 2048


def _token() -> str:
    return secrets.token_urlsafe(18)


class DeskStore:
    """All records. Belongs to one thread."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.site_url = ""
        self.accounts: list[Account] = []
        self.users: list[User] = []
        self.bots: list[AgentBot] = []
        self.inboxes: list[ApiInbox] = []
        self.contacts: list[Contact] = []
        self.contact_inboxes: list[ContactInbox] = []
        self.conversations: list[Conversation] = []
        self.attachments: list[Attachment] = []
        self._people, self._inbox_ids, self._channel_ids = count(11), count(31), count(51)
        self._display_ids: defaultdict[int, Iterator[int]] = defaultdict(lambda: count(1))
        self._contact_ids, self._contact_inbox_ids = count(101), count(301)
        self._message_ids, self._attachment_ids = count(5001), count(9001)

    def add_account(self, name: str) -> Account:
        """A new account."""
        account = Account(len(self.accounts) + 1, name)
        self.accounts.append(account)
        return account

    def add_user(self, account: Account, name: str, role: Role) -> User:
        """A new user of the account, with an access token."""
        number = next(self._people)
        user = User(number, account, name, f"user{number}@desk.example", role, _token())
        self.users.append(user)
        return user

    def add_bot(self, account: Account, name: str) -> AgentBot:
        """A new bot of the account, with an access token."""
        bot = AgentBot(next(self._people), account, name, _token())
        self.bots.append(bot)
        return bot

    def add_inbox(self, account: Account, name: str | None, webhook_url: str | None) -> ApiInbox:
        """A new API inbox.

        Raises:
            RecordInvalid: no name, or a webhook address that is too long.
        """
        check_webhook_url(webhook_url)
        if not name or not name.strip():
            raise RecordInvalid([("name", "can't be blank")])
        ids = next(self._inbox_ids), next(self._channel_ids)
        inbox = ApiInbox(*ids, account, name, _token(), _token(), _token(), webhook_url=webhook_url or None)
        self.inboxes.append(inbox)
        return inbox

    def reset_secret(self, inbox: ApiInbox) -> None:
        """WebhookSecretable#reset_secret!."""
        inbox.secret = _token()

    def add_contact(self, account: Account, name: str) -> Contact:
        """A new contact with nothing but a name."""
        now = self.now()
        contact = Contact(next(self._contact_ids), account, name, now, now)
        self.contacts.append(contact)
        return contact

    def contact(self, account: Account, contact_id: str) -> Contact:
        """Raises RecordNotFound."""
        return _first(one for one in self.contacts if one.account is account and str(one.id) == contact_id)

    def delete_contact(self, contact: Contact) -> None:
        """With its conversations and keys, which Chatwoot deletes a moment later (``dependent: :destroy_async``)."""
        self.contacts.remove(contact)
        self.conversations[:] = [one for one in self.conversations if one.contact is not contact]
        self.contact_inboxes[:] = [one for one in self.contact_inboxes if one.contact is not contact]

    def add_contact_inbox(self, contact: Contact, inbox: ApiInbox, source_id: str) -> ContactInbox:
        """The contact in the inbox, under a source id."""
        now = self.now()
        entry = ContactInbox(next(self._contact_inbox_ids), contact, inbox, source_id, _token(), now, now)
        self.contact_inboxes.append(entry)
        return entry

    def add_conversation(self, contact_inbox: ContactInbox) -> Conversation:
        """A new conversation, numbered within its account."""
        number = next(self._display_ids[contact_inbox.inbox.account.id])
        now = self.now()
        conversation = Conversation(number, str(uuid.uuid4()), contact_inbox, now, now, now, waiting_since=now)
        self.conversations.append(conversation)
        return conversation

    def next_message_id(self) -> int:
        """Grows with every message of the server."""
        return next(self._message_ids)

    def attach(self, message: Message, file_name: str, content_type: str, content: bytes) -> None:
        """Adds a file to a message."""
        account_id = message.conversation.account.id
        number = next(self._attachment_ids)
        attachment = Attachment(number, message.id, account_id, file_name, content_type, content, self.site_url)
        message.attachments.append(attachment)
        self.attachments.append(attachment)

    def inbox_by_identifier(self, identifier: str) -> ApiInbox:
        """Raises RecordNotFound."""
        return _first(inbox for inbox in self.inboxes if inbox.identifier == identifier)

    def inbox_by_id(self, account: Account, inbox_id: str) -> ApiInbox:
        """Raises RecordNotFound."""
        return _first(inbox for inbox in self.inboxes if inbox.account is account and str(inbox.id) == inbox_id)

    def contact_inbox(self, inbox: ApiInbox, source_id: str) -> ContactInbox:
        """Raises RecordNotFound."""
        return _first(e for e in self.contact_inboxes if e.inbox is inbox and e.source_id == source_id)

    def conversations_of(self, contact_inbox: ContactInbox) -> list[Conversation]:
        """Those of the contact everywhere where it proved who it is, else those of this inbox and source id."""
        if contact_inbox.hmac_verified:
            return [c for c in self.conversations if c.contact is contact_inbox.contact]
        return [c for c in self.conversations if c.contact_inbox is contact_inbox]

    def conversation_of(self, contact_inbox: ContactInbox, conversation_id: str) -> Conversation:
        """Raises RecordNotFound."""
        return _first(c for c in self.conversations_of(contact_inbox) if str(c.id) == conversation_id)

    def conversation(self, account: Account, conversation_id: str) -> Conversation:
        """Raises RecordNotFound."""
        return _first(c for c in self.conversations if c.account is account and str(c.id) == conversation_id)


def message_of(conversation: Conversation, message_id: str) -> Message:
    """Raises RecordNotFound."""
    return _first(message for message in conversation.messages if str(message.id) == message_id)


def check_webhook_url(webhook_url: str | None) -> None:
    """Raises RecordInvalid where the address is longer than Chatwoot takes."""
    if webhook_url and len(webhook_url) > LONGEST_URL:
        raise RecordInvalid([("webhook_url", f"is too long (maximum is {LONGEST_URL} characters)")])


def _first(found: Iterator[Found]) -> Found:
    for record in found:
        return record
    raise RecordNotFound
