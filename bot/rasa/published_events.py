"""Events of conversations as they are published, with an idempotency key: the same id whenever republished."""

import json
from typing import Any
from uuid import UUID, uuid5

from bot.rasa.redacted_events import Event

EVENT_ID, POSITION, AMENDS = "event_id", "position", "amends"
# Namespace of the UUIDs, made once at random. Changing it would change the id of every event.
_IDS = UUID("5d7f0f0e-6a0b-4b0e-9b39-1d1c2f3a7c55")


def published_event(sender_id: str, position: int, event: Event) -> dict[str, Any]:
    """The message for a stored event: the event, its conversation's id, and

    - `position`: its place in the conversation, from 0 and without gaps;
    - `event_id`: a UUID from conversation, position and time, by which consumers detect duplicates.
    """
    told = json.dumps([sender_id, position, event["timestamp"]])
    return {"sender_id": sender_id, EVENT_ID: str(uuid5(_IDS, told)), POSITION: position, **event}


def amending_event(sender_id: str, position: int, event: Event) -> dict[str, Any]:
    """The message that replaces a published event which a later message showed to contain personal data.

    It has an `event_id` of its own, and `amends` is the `event_id` of the event that it replaces.
    """
    amended = published_event(sender_id, position, event)
    told = json.dumps([amended[EVENT_ID], event], sort_keys=True)
    return {**amended, EVENT_ID: str(uuid5(_IDS, told)), AMENDS: amended[EVENT_ID]}
