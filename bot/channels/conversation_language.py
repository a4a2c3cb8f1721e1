"""The language of a conversation, read from Rasa's tracker."""

from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.parse_result import parse_result
from bot.replies import language


def conversation_language(tracker: DialogueStateTracker) -> str:
    """The language of the conversation that a tracker holds."""
    users = (event for event in reversed(tracker.events) if isinstance(event, UserUttered))
    return language.of_conversation((parse_result(event.parse_data), event.metadata) for event in users)
