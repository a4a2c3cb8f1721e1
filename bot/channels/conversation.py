"""One turn of a conversation, the same for every channel: message in, replies out, never silence."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

from bot.replies.catalogue import catalogues
from bot.replies.nlg import conversation_language
from bot.replies.reply import STRUCTURED
from bot.settings import LANGUAGES

DEADLINE = 2.8  # seconds for a turn; after three, a customer must have heard something
TRACKER_DEADLINE = 0.1  # seconds of it that an apology may wait for its language
logger = logging.getLogger(__name__)
Handler = Callable[[UserMessage], Awaitable[Any]]
TrackerReader = Callable[[str], Awaitable[DialogueStateTracker | None]]


class ReplyCollector(OutputChannel):  # type: ignore[misc]
    """Collects each reply whole: text, buttons and sources together."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.replies: list[dict[str, Any]] = []

    def name(self) -> str:  # type: ignore[override]
        """The channel's name, by which replies are chosen."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one reply: {"text", "buttons": [{"title", "payload"}], "sources": [{"title", "url"}]}."""
        custom = message.get("custom") or {}
        self.replies.append(
            {
                "text": message.get("text") or "",
                "buttons": message.get("buttons") or [],
                "sources": custom.get(STRUCTURED, []),
            }
        )


async def converse(
    handle: Handler, read_tracker: TrackerReader, *, text: str, conversation_id: str, channel: str
) -> list[dict[str, Any]]:
    """Send one message to Rasa and give back the replies.

    When a part is down (no reply came, or the handling failed), the customer is told so, with the number to call.

    Args:
        handle: takes the message, such as `Agent.handle_message`.
        read_tracker: gives a conversation's tracker, for the language of an apology.
        text: free text by `customer_text`, or the payload of a button that we offered.
    """
    collector = ReplyCollector(channel)
    try:
        await asyncio.wait_for(handle(UserMessage(text, collector, conversation_id, input_channel=channel)), DEADLINE)
    except Exception as error:  # what was said before the deadline is said
        logger.error("A message could not be handled: %s.", type(error).__name__)
    if not collector.replies:
        collector.replies.append(await _apology(read_tracker, conversation_id))
    return collector.replies


async def _apology(read_tracker: TrackerReader, conversation_id: str) -> dict[str, Any]:
    try:
        tracker = await asyncio.wait_for(read_tracker(conversation_id), TRACKER_DEADLINE)
        languages = [conversation_language(tracker)] if tracker else list(LANGUAGES)
    except Exception as error:
        logger.error("A conversation could not be read: %s.", type(error).__name__)
        languages = list(LANGUAGES)
    texts = [catalogues()[language].variant("utter_unavailable").text for language in languages]
    return {"text": "\n\n".join(texts), "buttons": [], "sources": []}
