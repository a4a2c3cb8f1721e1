"""Whether a turn has requested a handover to a person, or said goodbye; which replies to keep where one takes over."""

from datetime import datetime

from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.domain_names import ActionName
from bot.replies.reply import Reply

NO_REQUEST = "–"  # in place of a request's number


def wants_a_person(tracker: DialogueStateTracker | None, since: datetime) -> bool:
    """Whether the latest turn of a conversation, begun at `since` or later, has handed over to a person."""
    return _did(tracker, since, ActionName.HAND_OVER)


def has_left(tracker: DialogueStateTracker | None, since: datetime) -> bool:
    """Whether the latest turn of a conversation, begun at `since` or later, has said goodbye."""
    return _did(tracker, since, ActionName.UTTER_GOODBYE)


def _did(tracker: DialogueStateTracker | None, since: datetime, action: str) -> bool:
    for event in reversed(tracker.events if tracker else []):
        if isinstance(event, UserUttered) or event.timestamp < since.timestamp():
            return False
        if isinstance(event, ActionExecuted) and event.action_name == action:
            return True
    return False


def request_in(replies: list[Reply]) -> tuple[list[Reply], str]:
    """The replies without the one that gives a request's number and whom to call, and that number; "–" without one.

    A customer who is handed over to a person here must not be told to call as well.
    """
    numbers = [str(reply.handover) for reply in replies if reply.handover]
    return [reply for reply in replies if not reply.handover], numbers[-1] if numbers else NO_REQUEST
