"""Messages and conversations as webhooks show them.

The same fact has several forms: ``message_type`` is a word at the top of a message event and a number inside
``conversation.messages``; ``created_at`` is ISO 8601 at the top and Unix seconds inside.
"""

from harness.chatwoot.desk_records import (
    AgentBot,
    Contact,
    Conversation,
    JsonObject,
    Message,
    MessageType,
    Sender,
    User,
)
from harness.chatwoot.person_shapes import (
    account_data,
    attachment_data,
    contact_inbox_columns,
    inbox_data,
    push_event_data,
    webhook_data,
)
from harness.chatwoot.rails_times import iso_milliseconds, unix_seconds
from harness.chatwoot.releases import Release

# Conversation#unread_incoming_messages looks no further back.
MOST_UNREAD = 10
_SENDER_TYPES = {User: "User", AgentBot: "AgentBot", Contact: "Contact"}


def unread_count(conversation: Conversation) -> int:
    """Messages of the contact that no agent has seen, ten at most; nobody reads at this stand-in."""
    incoming = sum(message.message_type is MessageType.INCOMING for message in conversation.messages)
    return min(incoming, MOST_UNREAD)


def message_push_data(message: Message) -> JsonObject:
    """Message#push_event_data."""
    data = {**_message_columns(message), "conversation": _conversation_summary(message.conversation)}
    if message.attachments:
        data["attachments"] = [attachment_data(attachment) for attachment in message.attachments]
    if message.sender:
        data["sender"] = push_event_data(message.sender)
    return data


def _message_columns(message: Message) -> JsonObject:
    return {
        "id": message.id,
        "content": message.content,
        "account_id": message.conversation.account.id,
        "inbox_id": message.conversation.inbox.id,
        "conversation_id": message.conversation.id,
        "message_type": int(message.message_type),
        "created_at": unix_seconds(message.created_at),
        "updated_at": iso_milliseconds(message.updated_at),
        "private": message.private,
        "status": message.status.value,
        "source_id": message.source_id,
        "content_type": message.content_type.value,
        "content_attributes": dict(message.content_attributes),
        "sender_type": _SENDER_TYPES[type(message.sender)] if message.sender else None,
        "sender_id": message.sender.id if message.sender else None,
        "external_source_ids": {},
        "additional_attributes": {},
        "processed_message_content": message.content,
        "sentiment": {},
    }


def _conversation_summary(conversation: Conversation) -> JsonObject:
    return {
        "assignee_id": conversation.assignee.id if conversation.assignee else None,
        "unread_count": unread_count(conversation),
        "last_activity_at": unix_seconds(conversation.last_activity_at),
        "contact_inbox": {"source_id": conversation.contact_inbox.source_id},
    }


def conversation_data(conversation: Conversation, release: Release) -> JsonObject:
    """Conversation#webhook_data; ``messages`` has the last one that the contact may see, whatever the event is."""
    data = {
        "additional_attributes": dict(conversation.additional_attributes),
        "can_reply": True,
        "channel": "Channel::Api",
        "contact_inbox": contact_inbox_columns(conversation.contact_inbox),
        "id": conversation.id,
        "inbox_id": conversation.inbox.id,
        "messages": _last_public_message(conversation, release),
        "labels": [],
        "meta": _meta(conversation),
        "status": conversation.status.value,
        "custom_attributes": dict(conversation.custom_attributes),
        "snoozed_until": iso_milliseconds(conversation.snoozed_until),
        "unread_count": unread_count(conversation),
        "first_reply_created_at": iso_milliseconds(conversation.first_reply_created_at),
        "priority": None,
        "waiting_since": unix_seconds(conversation.waiting_since),
        **conversation_times(conversation),
    }
    if release.account_in_conversation_events:
        data["account"] = account_data(conversation.account)
    return data


def conversation_times(conversation: Conversation) -> JsonObject:
    """Whole seconds, but ``updated_at`` with its fraction."""
    return {
        "agent_last_seen_at": 0,
        "contact_last_seen_at": unix_seconds(conversation.contact_last_seen_at),
        "last_activity_at": unix_seconds(conversation.last_activity_at),
        "timestamp": unix_seconds(conversation.last_activity_at),
        "created_at": unix_seconds(conversation.created_at),
        "updated_at": conversation.updated_at.timestamp(),
    }


def _last_public_message(conversation: Conversation, release: Release) -> list[JsonObject]:
    shown = [m for m in conversation.messages if m.message_type is not MessageType.ACTIVITY and not m.private]
    if not shown:
        return []
    content = release.content_for_webhooks(shown[-1].content)
    return [{**message_push_data(shown[-1]), "content": content, "processed_message_content": content}]


def _meta(conversation: Conversation) -> JsonObject:
    kind = "AgentBot" if conversation.assignee_bot else "User" if conversation.assignee else None
    return {
        "sender": push_event_data(conversation.contact),
        "assignee": push_event_data(conversation.assignee_bot or conversation.assignee),
        "assignee_type": kind,
        "team": None,
        "hmac_verified": conversation.contact_inbox.hmac_verified,
    }


def message_data(message: Message, release: Release) -> JsonObject:
    """Message#webhook_data: no ``status``, no ``echo_id``."""
    data: JsonObject = {
        "account": account_data(message.conversation.account),
        "additional_attributes": {},
        "content_attributes": dict(message.content_attributes),
        "content_type": message.content_type.value,
        "content": release.content_for_webhooks(message.content),
        "conversation": conversation_data(message.conversation, release),
        "created_at": iso_milliseconds(message.created_at),
        "id": message.id,
        "inbox": inbox_data(message.conversation.inbox),
        "message_type": message.message_type.label,
        "private": message.private,
        "sender": webhook_data(message.sender),
        "source_id": message.source_id,
    }
    if message.attachments:
        data["attachments"] = [attachment_data(attachment) for attachment in message.attachments]
    return data


def typing_data(event: str, who: Sender, conversation: Conversation, *, private: bool, release: Release) -> JsonObject:
    """WebhookListener#handle_typing_status."""
    return {
        "event": event,
        "user": webhook_data(who),
        "conversation": conversation_data(conversation, release),
        "is_private": private,
    }
