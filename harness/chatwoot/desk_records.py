"""The records of a desk: accounts, users, bots, API inboxes, contacts, conversations and their messages.

Every time is in UTC. A conversation's ``id`` is what Chatwoot calls its display id, which is the only one it shows.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

JsonObject = dict[str, Any]


class MessageType(IntEnum):
    """Its number stands in answers of the API, its label in webhooks."""

    INCOMING = 0
    OUTGOING = 1
    ACTIVITY = 2
    TEMPLATE = 3

    @property
    def label(self) -> str:
        """Such as ``incoming``."""
        return self.name.lower()


class MessageStatus(StrEnum):
    """How far a message came, as seen from the desk."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


class ConversationStatus(StrEnum):
    """Who has to act on a conversation, or nobody."""

    OPEN = "open"
    RESOLVED = "resolved"
    PENDING = "pending"
    SNOOZED = "snoozed"


class ContentType(StrEnum):
    """What a message holds (Message.content_types)."""

    TEXT = "text"
    INPUT_TEXT = "input_text"
    INPUT_TEXTAREA = "input_textarea"
    INPUT_EMAIL = "input_email"
    INPUT_SELECT = "input_select"
    CARDS = "cards"
    FORM = "form"
    ARTICLE = "article"
    INCOMING_EMAIL = "incoming_email"
    INPUT_CSAT = "input_csat"
    INTEGRATIONS = "integrations"
    STICKER = "sticker"
    VOICE_CALL = "voice_call"


class Role(StrEnum):
    """What a user may do in the account."""

    AGENT = "agent"
    ADMINISTRATOR = "administrator"


@dataclass(eq=False)
class Account:
    """A tenant of the server."""

    id: int
    name: str


@dataclass(eq=False)
class User:
    """A person who works at the desk."""

    id: int
    account: Account
    name: str
    email: str
    role: Role
    access_token: str
    availability: str = "offline"


@dataclass(eq=False)
class AgentBot:
    """A program that works at the desk."""

    id: int
    account: Account
    name: str
    access_token: str


@dataclass(eq=False)
class ApiInbox:
    """An inbox with a Channel::Api; ``identifier``, ``secret`` and ``hmac_token`` are the channel's."""

    id: int
    channel_id: int
    account: Account
    name: str
    identifier: str
    hmac_token: str
    secret: str
    webhook_url: str | None = None
    hmac_mandatory: bool = False
    lock_to_single_conversation: bool = False
    additional_attributes: JsonObject = field(default_factory=dict)
    bot: AgentBot | None = None


@dataclass(eq=False)
class Contact:
    """A customer."""

    id: int
    account: Account
    name: str
    created_at: datetime
    updated_at: datetime
    email: str | None = None
    phone_number: str | None = None
    identifier: str | None = None
    custom_attributes: JsonObject = field(default_factory=dict)
    additional_attributes: JsonObject = field(default_factory=dict)
    last_activity_at: datetime | None = None


@dataclass(eq=False)
class ContactInbox:
    """A contact in an inbox; whoever knows ``source_id`` speaks as the contact."""

    id: int
    contact: Contact
    inbox: ApiInbox
    source_id: str
    pubsub_token: str
    created_at: datetime
    updated_at: datetime
    hmac_verified: bool = False


@dataclass(eq=False)
class Attachment:
    """A file of a message."""

    id: int
    message_id: int
    account_id: int
    file_name: str
    content_type: str
    content: bytes
    site_url: str


Sender = User | AgentBot | Contact


@dataclass(eq=False)
class Message:
    """What was said, noted or logged in a conversation."""

    id: int
    conversation: "Conversation"
    message_type: MessageType
    content: str | None
    created_at: datetime
    updated_at: datetime
    sender: Sender | None = None
    private: bool = False
    status: MessageStatus = MessageStatus.SENT
    content_type: ContentType = ContentType.TEXT
    content_attributes: JsonObject = field(default_factory=dict)
    source_id: str | None = None
    echo_id: str | None = None
    attachments: list[Attachment] = field(default_factory=list)


@dataclass(eq=False)
class Conversation:
    """A conversation of a contact in an inbox."""

    id: int
    uuid: str
    contact_inbox: ContactInbox
    created_at: datetime
    updated_at: datetime
    last_activity_at: datetime
    waiting_since: datetime | None
    status: ConversationStatus = ConversationStatus.OPEN
    assignee: User | None = None
    assignee_bot: AgentBot | None = None
    custom_attributes: JsonObject = field(default_factory=dict)
    additional_attributes: JsonObject = field(default_factory=dict)
    snoozed_until: datetime | None = None
    first_reply_created_at: datetime | None = None
    contact_last_seen_at: datetime | None = None
    messages: list[Message] = field(default_factory=list)

    @property
    def inbox(self) -> ApiInbox:
        """Where it is held."""
        return self.contact_inbox.inbox

    @property
    def contact(self) -> Contact:
        """With whom it is held."""
        return self.contact_inbox.contact

    @property
    def account(self) -> Account:
        """Whose it is."""
        return self.inbox.account
