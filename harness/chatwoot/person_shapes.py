"""Accounts, inboxes and those who speak, as events and answers of Chatwoot show them.

``webhook_data`` stands at the top of webhooks, ``push_event_data`` inside conversations and in answers of the API.
"""

from urllib.parse import quote

from harness.chatwoot.desk_records import (
    Account,
    AgentBot,
    ApiInbox,
    Attachment,
    Contact,
    ContactInbox,
    JsonObject,
    Sender,
    User,
)
from harness.chatwoot.rails_times import iso_milliseconds

NO_PICTURE = ""


def account_data(account: Account) -> JsonObject:
    """Account#webhook_data."""
    return {"id": account.id, "name": account.name}


def inbox_data(inbox: ApiInbox) -> JsonObject:
    """Inbox#webhook_data: no identifier and no secret."""
    return {"id": inbox.id, "name": inbox.name}


def _contact_facts(contact: Contact) -> JsonObject:
    return {
        "additional_attributes": dict(contact.additional_attributes),
        "custom_attributes": dict(contact.custom_attributes),
        "email": contact.email,
        "id": contact.id,
        "identifier": contact.identifier,
        "name": contact.name,
        "phone_number": contact.phone_number,
        "thumbnail": NO_PICTURE,
        "blocked": False,
    }


def webhook_data(sender: Sender | None) -> JsonObject | None:
    """``webhook_data`` of a user, a bot or a contact; a contact's has no ``type``."""
    match sender:
        case None:
            return None
        case User():
            return {"id": sender.id, "name": sender.name, "email": sender.email, "type": "user"}
        case AgentBot():
            return {"id": sender.id, "name": sender.name, "type": "agent_bot"}
        case Contact():
            return {"account": account_data(sender.account), "avatar": NO_PICTURE, **_contact_facts(sender)}


def push_event_data(sender: Sender | None) -> JsonObject | None:
    """``push_event_data`` of a user, a bot or a contact."""
    match sender:
        case None:
            return None
        case User():
            return _user_push(sender)
        case AgentBot():
            return {"id": sender.id, "name": sender.name, "avatar_url": NO_PICTURE, "type": "agent_bot"}
        case Contact():
            return {**_contact_facts(sender), "type": "contact"}


def _user_push(user: User) -> JsonObject:
    return {
        "id": user.id,
        "name": user.name,
        "available_name": user.name,
        "avatar_url": NO_PICTURE,
        "type": "user",
        "availability_status": None,
        "thumbnail": NO_PICTURE,
    }


def contact_columns(contact: Contact) -> JsonObject:
    """The whole row of a contact, which the public API shows with a conversation."""
    return {
        "id": contact.id,
        "name": contact.name,
        "email": contact.email,
        "phone_number": contact.phone_number,
        "account_id": contact.account.id,
        "created_at": iso_milliseconds(contact.created_at),
        "updated_at": iso_milliseconds(contact.updated_at),
        "additional_attributes": dict(contact.additional_attributes),
        "identifier": contact.identifier,
        "custom_attributes": dict(contact.custom_attributes),
        "last_activity_at": iso_milliseconds(contact.last_activity_at),
        "contact_type": "lead" if contact.email or contact.phone_number else "visitor",
        "middle_name": "",
        "last_name": "",
        "location": "",
        "country_code": "",
        "blocked": False,
        "company_id": None,
    }


def contact_inbox_columns(contact_inbox: ContactInbox) -> JsonObject:
    """The whole row of a contact in an inbox, which every conversation event shows, its token included."""
    return {
        "id": contact_inbox.id,
        "contact_id": contact_inbox.contact.id,
        "inbox_id": contact_inbox.inbox.id,
        "source_id": contact_inbox.source_id,
        "created_at": iso_milliseconds(contact_inbox.created_at),
        "updated_at": iso_milliseconds(contact_inbox.updated_at),
        "hmac_verified": contact_inbox.hmac_verified,
        "pubsub_token": contact_inbox.pubsub_token,
    }


def attachment_data(attachment: Attachment) -> JsonObject:
    """Attachment#push_event_data; ``data_url`` answers with a redirect to the file."""
    kind = attachment.content_type.partition("/")[0]
    name = attachment.file_name
    address = f"{attachment.site_url}/rails/active_storage/blobs/redirect/{attachment.id}/{quote(name)}"
    return {
        "id": attachment.id,
        "message_id": attachment.message_id,
        "file_type": kind if kind in {"image", "video", "audio"} else "file",
        "account_id": attachment.account_id,
        "extension": name.rpartition(".")[2] if "." in name else None,
        "data_url": address,
        "thumb_url": address if kind == "image" else "",
        "file_size": len(attachment.content),
        "width": None,
        "height": None,
    }
