"""Answers of the application API: app/views/api/v1 of Chatwoot."""

from harness.chatwoot.desk_records import AgentBot, ApiInbox, Conversation, JsonObject, Message, Role, User
from harness.chatwoot.event_shapes import conversation_times, message_push_data, unread_count
from harness.chatwoot.person_shapes import NO_PICTURE, attachment_data, push_event_data
from harness.chatwoot.rails_times import iso_milliseconds, unix_seconds


def application_message(message: Message) -> JsonObject:
    """models/_message."""
    data: JsonObject = {"id": message.id, "content": message.content, "inbox_id": message.conversation.inbox.id}
    if message.echo_id:
        data["echo_id"] = message.echo_id
    data |= {
        "conversation_id": message.conversation.id,
        "message_type": int(message.message_type),
        "content_type": message.content_type.value,
        "status": message.status.value,
        "content_attributes": dict(message.content_attributes),
        "created_at": unix_seconds(message.created_at),
        "private": message.private,
        "source_id": message.source_id,
    }
    if message.sender:
        data["sender"] = push_event_data(message.sender)
    if message.attachments:
        data["attachments"] = [attachment_data(attachment) for attachment in message.attachments]
    return data


def message_list(conversation: Conversation, messages: list[Message]) -> JsonObject:
    """conversations/messages/index."""
    meta: JsonObject = {
        "labels": [],
        "additional_attributes": dict(conversation.additional_attributes),
        "contact": push_event_data(conversation.contact),
        "agent_last_seen_at": None,
        "assignee_last_seen_at": None,
    }
    if conversation.assignee:
        meta["assignee"] = push_event_data(conversation.assignee)
    return {"meta": meta, "payload": [application_message(message) for message in messages]}


def application_conversation(conversation: Conversation) -> JsonObject:
    """conversations/partials/_conversation; ``messages`` has the last one, of whatever kind."""
    meta = {"sender": push_event_data(conversation.contact), "channel": "Channel::Api"}
    if conversation.assignee or conversation.assignee_bot:
        meta["assignee"] = push_event_data(conversation.assignee_bot or conversation.assignee)
        meta["assignee_type"] = "AgentBot" if conversation.assignee_bot else "User"
    return {
        "meta": meta | {"hmac_verified": conversation.contact_inbox.hmac_verified},
        "id": conversation.id,
        "messages": [message_push_data(message) for message in conversation.messages[-1:]],
        "account_id": conversation.account.id,
        "uuid": conversation.uuid,
        "additional_attributes": dict(conversation.additional_attributes),
        "assignee_last_seen_at": 0,
        "can_reply": True,
        "custom_attributes": dict(conversation.custom_attributes),
        "inbox_id": conversation.inbox.id,
        "labels": [],
        "muted": False,
        "snoozed_until": iso_milliseconds(conversation.snoozed_until),
        "status": conversation.status.value,
        "first_reply_created_at": unix_seconds(conversation.first_reply_created_at),
        "unread_count": unread_count(conversation),
        "priority": None,
        "waiting_since": unix_seconds(conversation.waiting_since),
        **conversation_times(conversation),
    }


def status_toggled(conversation: Conversation, *, success: bool | None) -> JsonObject:
    """conversations/toggle_status."""
    return {
        "meta": {},
        "payload": {
            "success": success,
            "conversation_id": conversation.id,
            "current_status": conversation.status.value,
            "snoozed_until": iso_milliseconds(conversation.snoozed_until),
        },
    }


def application_agent(user: User) -> JsonObject:
    """models/_agent."""
    return {
        "id": user.id,
        "account_id": user.account.id,
        "availability_status": user.availability,
        "auto_offline": True,
        "confirmed": True,
        "email": user.email,
        "provider": "email",
        "available_name": user.name,
        "name": user.name,
        "role": user.role.value,
        "thumbnail": NO_PICTURE,
    }


def application_bot(bot: AgentBot) -> JsonObject:
    """models/_agent_bot_slim."""
    return {
        "id": bot.id,
        "name": bot.name,
        "description": None,
        "thumbnail": NO_PICTURE,
        "outgoing_url": None,
        "bot_type": "webhook",
        "assignee_type": "AgentBot",
    }


def application_inbox(inbox: ApiInbox, role: Role) -> JsonObject:
    """models/_inbox; secret and HMAC token are for administrators."""
    tokens = {"hmac_token": inbox.hmac_token, "secret": inbox.secret} if role is Role.ADMINISTRATOR else {}
    return {
        "id": inbox.id,
        "avatar_url": NO_PICTURE,
        "channel_id": inbox.channel_id,
        "name": inbox.name,
        "channel_type": "Channel::Api",
        "greeting_enabled": False,
        "greeting_message": None,
        "working_hours_enabled": False,
        "enable_email_collect": True,
        "csat_survey_enabled": False,
        "enable_auto_assignment": True,
        "out_of_office_message": None,
        "timezone": "UTC",
        "callback_webhook_url": None,
        "allow_messages_after_resolved": True,
        "lock_to_single_conversation": inbox.lock_to_single_conversation,
        "sender_name_type": "friendly",
        "business_name": None,
        "hmac_mandatory": inbox.hmac_mandatory,
        **tokens,
        "webhook_url": inbox.webhook_url,
        "inbox_identifier": inbox.identifier,
        "additional_attributes": dict(inbox.additional_attributes),
        "provider": None,
    }
