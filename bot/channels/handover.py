"""Whether a turn has recorded that the customer wants a person."""

from datetime import datetime

from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

HANDS_OVER = "action_hand_over"


def wants_a_person(tracker: DialogueStateTracker | None, since: datetime) -> bool:
    """Whether the latest turn of a conversation, begun not before `since`, has handed over."""
    for event in reversed(tracker.events if tracker else []):
        if isinstance(event, UserUttered) or event.timestamp < since.timestamp():
            return False
        if isinstance(event, ActionExecuted) and event.action_name == HANDS_OVER:
            return True
    return False
