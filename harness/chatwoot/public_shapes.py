"""Answers of the public API: app/views/public/api/v1 of Chatwoot."""

from harness.chatwoot.desk_records import ApiInbox, ContactInbox, Conversation, JsonObject, Message, MessageType
from harness.chatwoot.person_shapes import attachment_data, contact_columns, push_event_data
from harness.chatwoot.rails_times import unix_seconds


def shown_publicly(message: Message) -> bool:
    """Whether the contact may see it."""
    return not message.private and message.message_type is not MessageType.ACTIVITY


def public_inbox(inbox: ApiInbox) -> JsonObject:
    """inboxes/show and models/_inbox."""
    return {
        "identifier": inbox.identifier,
        "identity_validation_enabled": inbox.hmac_mandatory,
        "name": inbox.name,
        "timezone": "UTC",
        "working_hours": [],
        "working_hours_enabled": False,
        "csat_survey_enabled": False,
        "greeting_enabled": False,
    }


def public_contact(contact_inbox: ContactInbox) -> JsonObject:
    """contacts/create and models/_contact."""
    contact = contact_inbox.contact
    return {
        "source_id": contact_inbox.source_id,
        "pubsub_token": contact_inbox.pubsub_token,
        "id": contact.id,
        "name": contact.name,
        "email": contact.email,
        "phone_number": contact.phone_number,
    }


def public_message(message: Message) -> JsonObject:
    """models/_message: ``message_type`` is a number, and there is neither ``echo_id`` nor ``status``."""
    data: JsonObject = {
        "id": message.id,
        "content": message.content,
        "message_type": int(message.message_type),
        "content_type": message.content_type.value,
        "content_attributes": dict(message.content_attributes),
        "created_at": unix_seconds(message.created_at),
        "conversation_id": message.conversation.id,
    }
    if message.attachments:
        data["attachments"] = [attachment_data(attachment) for attachment in message.attachments]
    if message.sender:
        data["sender"] = push_event_data(message.sender)
    return data


def public_conversation(conversation: Conversation) -> JsonObject:
    """models/_conversation: the contact is the whole row."""
    return {
        "id": conversation.id,
        "uuid": conversation.uuid,
        "inbox_id": conversation.inbox.id,
        "contact_last_seen_at": unix_seconds(conversation.contact_last_seen_at),
        "status": conversation.status.value,
        "agent_last_seen_at": 0,
        "messages": [public_message(message) for message in conversation.messages if shown_publicly(message)],
        "contact": contact_columns(conversation.contact),
    }
