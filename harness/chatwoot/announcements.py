"""The events that an API inbox's webhook is told: WebhookListener of Chatwoot.

There is no choice of events: the inbox is told all of them, about what the client itself did too.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from harness.chatwoot.desk_records import Conversation, JsonObject, Message, MessageType, Sender
from harness.chatwoot.event_shapes import conversation_data, message_data, typing_data
from harness.chatwoot.rails_times import iso_milliseconds
from harness.chatwoot.releases import Release

# Name of the attribute, what it was, what it is.
Change = tuple[str, Any, Any]
# The conversation, the payload, and the message that fails where the receiver does.
Tell = Callable[[Conversation, JsonObject, Message | None], None]


class Announcements:
    """Makes payloads and tells them."""

    def __init__(self, tell: Tell, release: Release) -> None:
        self._tell = tell
        self._release = release

    def conversation_created(self, conversation: Conversation) -> None:
        """A conversation began."""
        self._tell(conversation, {**self._data(conversation), "event": "conversation_created"}, None)

    def status_changed(self, conversation: Conversation) -> None:
        """A status changed. From what, it does not say."""
        data = self._data(conversation)
        # Chatwoot passes ActiveModel's status_change, which is nil once the change is saved.
        payload = {**data, "event": "conversation_status_changed", "changed_attributes": None}
        self._tell(conversation, payload, None)

    def conversation_updated(self, conversation: Conversation, changes: list[Change]) -> None:
        """Some attributes changed: this says from what to what."""
        data = self._data(conversation)
        payload = {**data, "event": "conversation_updated", "changed_attributes": _shown(changes)}
        self._tell(conversation, payload, None)

    def message_created(self, message: Message) -> None:
        """There is a message; of activities nothing is told."""
        self._message(message, "message_created")

    def message_updated(self, message: Message) -> None:
        """A message changed; what changed, it does not say."""
        self._message(message, "message_updated")

    def typing(self, conversation: Conversation, who: Sender, *, on: bool, private: bool) -> None:
        """Somebody starts or stops typing."""
        event = "conversation_typing_on" if on else "conversation_typing_off"
        payload = typing_data(event, who, conversation, private=private, release=self._release)
        self._tell(conversation, payload, None)

    def _message(self, message: Message, event: str) -> None:
        if message.message_type is not MessageType.ACTIVITY:
            payload = {**message_data(message, self._release), "event": event}
            self._tell(message.conversation, payload, message)

    def _data(self, conversation: Conversation) -> JsonObject:
        return conversation_data(conversation, self._release)


def _shown(changes: list[Change]) -> list[JsonObject]:
    return [{name: {"previous_value": _plain(old), "current_value": _plain(new)}} for name, old, new in changes]


def _plain(value: Any) -> Any:
    return iso_milliseconds(value) if isinstance(value, datetime) else value
