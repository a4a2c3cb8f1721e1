"""What happens to conversations and their messages: Message, Conversation and their services of Chatwoot."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from harness.chatwoot.announcements import Announcements, Change
from harness.chatwoot.desk_records import (
    AgentBot,
    Contact,
    ContactInbox,
    ContentType,
    Conversation,
    ConversationStatus,
    JsonObject,
    Message,
    MessageStatus,
    MessageType,
    Sender,
    User,
)
from harness.chatwoot.desk_store import DeskStore
from harness.chatwoot.rails_parameters import UploadedFile
from harness.chatwoot.refusals import RecordInvalid

LONGEST_CONTENT = 150_000
DELETED = "Deleted."


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message to be."""

    content: str | None
    message_type: MessageType
    sender: Sender | None
    private: bool = False
    content_type: ContentType = ContentType.TEXT
    content_attributes: JsonObject = field(default_factory=dict)
    echo_id: str | None = None
    source_id: str | None = None
    files: list[UploadedFile] = field(default_factory=list)


class DeskLife:
    """Changes records and announces it."""

    def __init__(self, store: DeskStore, announce: Announcements, messages_per_minute: int) -> None:
        self._store = store
        self._announce = announce
        self._messages_per_minute = messages_per_minute

    def start_conversation(self, contact_inbox: ContactInbox, custom_attributes: JsonObject) -> Conversation:
        """ConversationBuilder: an inbox that locks to a single conversation answers with the one there is."""
        if contact_inbox.inbox.lock_to_single_conversation:
            for conversation in self._store.conversations:
                if conversation.contact_inbox is contact_inbox:
                    return conversation
        conversation = self._store.add_conversation(contact_inbox)
        conversation.custom_attributes = dict(custom_attributes)
        if contact_inbox.inbox.bot:
            conversation.status = ConversationStatus.PENDING
        self._announce.conversation_created(conversation)
        return conversation

    def add_message(self, conversation: Conversation, draft: Draft) -> Message:
        """Adds a message, with all that Chatwoot does after it.

        Raises:
            RecordInvalid: the content is too long, or there were too many messages within a minute.
        """
        self._check(conversation, draft)
        message = self._append(conversation, draft)
        if draft.message_type is MessageType.INCOMING:
            self._reopen(conversation)
        conversation.last_activity_at = conversation.updated_at = message.created_at
        self._announce.message_created(message)
        self._note_waiting(message)
        if isinstance(draft.sender, Contact):
            draft.sender.last_activity_at = draft.sender.updated_at = message.created_at
        return message

    def _check(self, conversation: Conversation, draft: Draft) -> None:
        if draft.content and len(draft.content) > LONGEST_CONTENT:
            raise RecordInvalid([("content", f"is too long (maximum is {LONGEST_CONTENT} characters)")])
        start = self._store.now() - timedelta(minutes=1)
        if sum(message.created_at >= start for message in conversation.messages) >= self._messages_per_minute:
            raise RecordInvalid([("base", "Too many messages")])

    def _append(self, conversation: Conversation, draft: Draft) -> Message:
        now = self._store.now()
        message = Message(
            self._store.next_message_id(),
            conversation,
            draft.message_type,
            draft.content,
            now,
            now,
            draft.sender,
            private=draft.private,
            content_type=draft.content_type,
            content_attributes=dict(draft.content_attributes),
            source_id=draft.source_id,
            echo_id=draft.echo_id,
        )
        for file in draft.files:
            self._store.attach(message, file.name, file.content_type, file.content)
        conversation.messages.append(message)
        return message

    def _reopen(self, conversation: Conversation) -> None:
        if conversation.status is ConversationStatus.SNOOZED:
            self.set_status(conversation, ConversationStatus.OPEN)
        elif conversation.status is ConversationStatus.RESOLVED:
            bot = conversation.inbox.bot
            self.set_status(conversation, ConversationStatus.PENDING if bot else ConversationStatus.OPEN)

    def _note_waiting(self, message: Message) -> None:
        conversation, changes = message.conversation, []
        answers = message.message_type is MessageType.OUTGOING and not message.private
        if answers and isinstance(message.sender, User) and not conversation.first_reply_created_at:
            changes.append(_change(conversation, "first_reply_created_at", message.created_at))
        if answers and isinstance(message.sender, User | AgentBot) and conversation.waiting_since:
            changes.append(_change(conversation, "waiting_since", None))
        if message.message_type is MessageType.INCOMING and not conversation.waiting_since:
            changes.append(_change(conversation, "waiting_since", message.created_at))
        self._announce_update(conversation, changes)

    def set_status(
        self, conversation: Conversation, status: ConversationStatus, snoozed_until: datetime | None = None
    ) -> None:
        """Announces conversation_status_changed, which does not say from what, and conversation_updated, which does."""
        if conversation.status is status and conversation.snoozed_until == snoozed_until:
            return
        changed = conversation.status is not status
        changes = [_change(conversation, "status", status)] if changed else []
        if conversation.snoozed_until != snoozed_until:
            changes.append(_change(conversation, "snoozed_until", snoozed_until))
        if status is ConversationStatus.RESOLVED:
            conversation.waiting_since = None
        if changed:
            self._announce.status_changed(conversation)
            note = f"The status is {status}."
            self._append(conversation, Draft(content=note, message_type=MessageType.ACTIVITY, sender=None))
        self._announce_update(conversation, changes)

    def assign(self, conversation: Conversation, assignee: User | AgentBot | None) -> None:
        """To a person, to a bot, or to nobody."""
        user = assignee if isinstance(assignee, User) else None
        bot = assignee if isinstance(assignee, AgentBot) else None
        changes: list[Change] = []
        if conversation.assignee is not user:
            changes.append(("assignee_id", _id(conversation.assignee), _id(user)))
        if conversation.assignee_bot is not bot:
            changes.append(("assignee_agent_bot_id", _id(conversation.assignee_bot), _id(bot)))
        conversation.assignee, conversation.assignee_bot = user, bot
        self._announce_update(conversation, changes)

    def read_by_contact(self, conversation: Conversation) -> None:
        """UpdateMessageStatusJob: all that the contact did not say itself is read, private notes included."""
        conversation.contact_last_seen_at = conversation.updated_at = self._store.now()
        for message in conversation.messages:
            unread = message.status in {MessageStatus.SENT, MessageStatus.DELIVERED}
            if unread and message.message_type is not MessageType.INCOMING:
                self.set_message_status(message, MessageStatus.READ)

    def set_message_status(self, message: Message, status: MessageStatus, external_error: str | None = None) -> None:
        """Messages::StatusUpdateService; what was read is not delivered again."""
        if message.status is MessageStatus.READ and status is MessageStatus.DELIVERED:
            return
        error = external_error if status is MessageStatus.FAILED else None
        attributes = {k: v for k, v in message.content_attributes.items() if k != "external_error"}
        attributes |= {"external_error": error} if error else {}
        self.change_message(message, status=status, content_attributes=attributes)

    def change_message(self, message: Message, **values: Any) -> None:
        """Announces message_updated where anything changed."""
        if all(getattr(message, name) == value for name, value in values.items()):
            return
        for name, value in values.items():
            setattr(message, name, value)
        message.updated_at = self._store.now()
        self._announce.message_updated(message)

    def delete_message(self, message: Message) -> None:
        """What an agent deletes stays, without its content and marked as deleted."""
        message.attachments.clear()
        attributes = {"deleted": True}
        self.change_message(message, content=DELETED, content_type=ContentType.TEXT, content_attributes=attributes)

    def types(self, conversation: Conversation, who: Sender, *, on: bool, private: bool = False) -> None:
        """Somebody starts or stops typing."""
        self._announce.typing(conversation, who, on=on, private=private)

    def _announce_update(self, conversation: Conversation, changes: list[Change]) -> None:
        if changes:
            before, conversation.updated_at = conversation.updated_at, self._store.now()
            self._announce.conversation_updated(
                conversation, [*changes, ("updated_at", before, conversation.updated_at)]
            )


def _change(conversation: Conversation, name: str, value: Any) -> Change:
    before = getattr(conversation, name)
    setattr(conversation, name, value)
    return name, before, value


def _id(person: User | AgentBot | None) -> int | None:
    return person.id if person else None
