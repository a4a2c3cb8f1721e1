"""One turn of a conversation, the same for every channel: message in, replies out, never silence."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

from bot import metrics
from bot.current_turn import FIELDS, LOGGER, CurrentTurn, begin_turn
from bot.replies.catalogue import catalogues
from bot.replies.language import SESSION_LANGUAGE
from bot.replies.nlg import conversation_language
from bot.replies.reply import STRUCTURED
from bot.settings import LANGUAGES

DEADLINE = 2.8  # seconds for a turn; after three, a customer must have heard something
TRACKER_DEADLINE = 0.1  # seconds of it that an apology may wait for its language
logger = logging.getLogger(__name__)
Handler = Callable[[UserMessage], Awaitable[Any]]
TrackerReader = Callable[[str], Awaitable[DialogueStateTracker | None]]
Reply = dict[str, Any]


class ReplyCollector(OutputChannel):  # type: ignore[misc]
    """Collects each reply whole: text, buttons and sources together."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self.replies: list[Reply] = []

    def name(self) -> str:  # type: ignore[override]
        """The channel's name, by which replies are chosen."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take one reply from Rasa."""
        custom = message.get("custom") or {}
        self.add(
            {
                "text": message.get("text") or "",
                "buttons": message.get("buttons") or [],
                "sources": custom.get(STRUCTURED, []),
                "language": message.get("language"),
            }
        )

    def add(self, reply: Reply) -> None:
        """Take one reply of our own."""
        self.replies.append(reply)


async def converse(
    handle: Handler,
    read_tracker: TrackerReader,
    *,
    text: str,
    conversation_id: str,
    channel: str,
    language: str | None = None,
) -> list[Reply]:
    """Send one message to Rasa and give back the replies.

    When a part is down (no reply came, or the turn failed or was not kept), the customer is told so, with the number to
    call, and nothing else.

    Args:
        handle: takes the message, such as `Agent.handle_message`.
        read_tracker: gives a conversation's tracker, for the language of an apology.
        text: free text by `customer_text`, or the payload of a button that we offered.
        language: to answer in where neither the message nor the conversation tells.

    Returns:
        {"text", "buttons": [{"title", "payload"}], "sources": [{"title", "url"}], "language": lv, en or None} of each.
    """
    turn = begin_turn()
    began, collector = time.perf_counter(), ReplyCollector(channel)
    metadata = {SESSION_LANGUAGE: language} if language else None
    message = UserMessage(text, collector, conversation_id, input_channel=channel, metadata=metadata)
    outcome = "answered"
    try:
        await asyncio.wait_for(handle(message), DEADLINE)
    except Exception as error:
        logger.error("A message could not be handled: %s.", type(error).__name__)
        metrics.failed(error)
        # Rasa keeps a turn at its end. What was not kept is not said: the assistant would know nothing of it.
        collector.replies.clear()
    if not collector.replies:
        outcome = "apologised"
        collector.add(apology(await _languages(read_tracker, conversation_id, language)))
    _note(turn, channel, collector.replies[-1]["language"], outcome, time.perf_counter() - began)
    return collector.replies


def _note(turn: CurrentTurn, channel: str, language: str | None, outcome: str, seconds: float) -> None:
    """Count a turn, and log what says nothing of who it was."""
    metrics.turn(channel, language, outcome, seconds)
    about = {"channel": channel, "language": language, "intent": turn.intent, "outcome": outcome}
    logging.getLogger(LOGGER).info("turn", extra={FIELDS: {**about, "milliseconds": round(seconds * 1000)}})


def apology(languages: list[str] | None = None) -> Reply:
    """That nothing can be answered now, with the number to call; in both languages where none is known."""
    texts = [catalogues()[language].variant("utter_unavailable").text for language in languages or LANGUAGES]
    known = languages[0] if languages and len(languages) == 1 else None
    return {"text": "\n\n".join(texts), "buttons": [], "sources": [], "language": known}


async def _languages(read_tracker: TrackerReader, conversation_id: str, language: str | None) -> list[str] | None:
    try:
        tracker = await asyncio.wait_for(read_tracker(conversation_id), TRACKER_DEADLINE)
    except Exception as error:
        logger.error("A conversation could not be read: %s.", type(error).__name__)
        tracker = None
    if tracker:
        return [conversation_language(tracker)]
    return [language] if language else None
