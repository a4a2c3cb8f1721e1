"""Whether a turn has recorded that the customer wants a person, and what to say where one is reached at once."""

import re
from datetime import datetime
from typing import Any

from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

HANDS_OVER = "action_hand_over"
REFERENCE = re.compile(r"EL-\w{4}-\w{4}")


def wants_a_person(tracker: DialogueStateTracker | None, since: datetime) -> bool:
    """Whether the latest turn of a conversation, begun not before `since`, has handed over."""
    for event in reversed(tracker.events if tracker else []):
        if isinstance(event, UserUttered) or event.timestamp < since.timestamp():
            return False
        if isinstance(event, ActionExecuted) and event.action_name == HANDS_OVER:
            return True
    return False


def request_in(replies: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """The replies without the one that gives a request's number and says whom to call for it, and that number.

    Who is led to a person here must not be sent to the phone as well. "–" where there is no number.
    """
    numbers = [found.group() for reply in replies if (found := REFERENCE.search(reply["text"]))]
    return [reply for reply in replies if not REFERENCE.search(reply["text"])], numbers[-1] if numbers else "–"
