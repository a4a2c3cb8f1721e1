"""One turn of a conversation, the same for every channel: message in, replies out, never silence."""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

from bot import deadlines
from bot.channels.conversation_language import conversation_language
from bot.channels.intake import UserInput
from bot.channels.visitor_addresses import hashed
from bot.figures.lost_turns import count_lost
from bot.known_channels import Channel
from bot.observing import metrics
from bot.observing.current_turn import FIELDS, LOGGER, CurrentTurn, begin_turn
from bot.replies.carried import reply_of
from bot.replies.catalogue import catalogues
from bot.replies.language import SESSION_LANGUAGE, STANDING_LANGUAGE
from bot.replies.reply import KEYED, Reply
from bot.settings import LANGUAGES

ANSWERED = "answered"
logger = logging.getLogger(__name__)
Handler = Callable[[UserMessage], Awaitable[Any]]
TrackerReader = Callable[[str], Awaitable[DialogueStateTracker | None]]
Metadata = dict[str, str | bool]  # of a message
_answered_at = -math.inf
_working: set[asyncio.Task[None]] = set()  # else they could be collected as garbage while they run


class TurnFailed(Exception):
    """A turn that failed and of which nothing was stored: the same message may be handled again."""


class ReplyCollector(OutputChannel):  # type: ignore[misc]
    """Collects each reply as one: text, buttons and sources together."""

    def __init__(self, channel: Channel, turn: CurrentTurn) -> None:
        self._channel, self._turn = channel, turn
        self.replies: list[Reply] = []

    def name(self) -> str:  # type: ignore[override]
        """The channel's name, by which replies are chosen."""
        return self._channel.name

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take one reply from Rasa."""
        reply = reply_of(message)
        self._turn.has_failed |= reply.failed
        self.replies.append(reply)


async def converse(
    handle: Handler,
    read_tracker: TrackerReader,
    *,
    said: UserInput,
    conversation_id: str,
    channel: Channel,
    language: str | None = None,
    standing: str | None = None,
    keyed: bool = False,
    address: str | None = None,
    message_id: str | None = None,
) -> list[Reply]:
    """Send one message to Rasa and return the replies.

    When a part is down (no reply came, or the turn failed or was not stored), the only reply is an apology with the
    number to call.

    Args:
        handle: takes the message, such as `Agent.handle_message`.
        read_tracker: gives a conversation's tracker, for the language of an apology.
        said: free text, or the payload of a button that we offered.
        language: to answer in where neither the message nor the conversation tells it.
        standing: to answer in where the message does not tell it, whatever was spoken before.
        keyed: whether the text was keyed in on the phone (DTMF).
        address: the sender's, for rate limits (`bot.channels.visitor_addresses.hashed`); None where it is not known.
        message_id: the idempotency key, under which a person who came meanwhile gets the message; it is stored with it.
    """
    began, turn = time.perf_counter(), begin_turn(address=hashed(channel, address) if address else None)
    metadata = _metadata(language, standing, keyed=keyed)
    replies = await _handled(handle, turn, said, conversation_id, channel, metadata, message_id)
    outcome = ANSWERED if replies and not turn.has_failed else "apologised"
    if not replies:
        languages = [standing] if standing else await languages_of(read_tracker, conversation_id, language)
        replies = [apology(languages)]
        _in_background(count_lost(channel.name, replies[0].language))
    _note(turn, channel, replies[-1].language, outcome, time.perf_counter() - began)
    return replies


async def attempt(
    handle: Handler,
    *,
    said: UserInput,
    conversation_id: str,
    channel: Channel,
    address: str,
    language: str | None = None,
    message_id: str | None = None,
) -> list[Reply]:
    """As `converse`, for a channel that can wait: a turn in which anything fails is rolled back and may be retried.

    Raises:
        TurnFailed: a part is down, or fails at this message.
    """
    began, turn = time.perf_counter(), begin_turn(whole_only=True, address=hashed(channel, address))
    replies = await _handled(handle, turn, said, conversation_id, channel, _metadata(language), message_id)
    is_whole = bool(replies) and not turn.has_failed
    answered_in = replies[-1].language if is_whole else language
    _note(turn, channel, answered_in, ANSWERED if is_whole else "delayed", time.perf_counter() - began)
    if not is_whole:
        raise TurnFailed
    return replies


def _metadata(language: str | None, standing: str | None = None, *, keyed: bool = False) -> Metadata | None:
    """The message's metadata for Rasa; None where there is none."""
    known = {SESSION_LANGUAGE: language, STANDING_LANGUAGE: standing, KEYED: keyed}
    return {name: value for name, value in known.items() if value} or None


async def _handled(
    handle: Handler,
    turn: CurrentTurn,
    said: UserInput,
    conversation_id: str,
    channel: Channel,
    metadata: Metadata | None,
    message_id: str | None,
) -> list[Reply]:
    """The replies to a message; none where the turn failed."""
    collector = ReplyCollector(channel, turn)
    message = UserMessage(
        said.text,
        collector,
        conversation_id,
        input_channel=channel.name,
        metadata=metadata,
        message_id=message_id,
    )
    try:
        await asyncio.wait_for(handle(message), deadlines.TURN)
    except TurnFailed:  # logged and counted where an action failed
        collector.replies.clear()
    except Exception as error:
        logger.error("A message could not be handled: %s.", type(error).__name__)
        metrics.failed(error)
        # Rasa stores a turn at its end. A reply that was not stored is not sent: the assistant would not know of it.
        collector.replies.clear()
    return collector.replies


def _in_background(work: Coroutine[Any, Any, None]) -> None:
    """Run work that the customer does not wait for."""
    task = asyncio.create_task(work)
    _working.add(task)
    task.add_done_callback(_working.discard)


def seconds_since_an_answer() -> float:
    """Seconds since this process last gave a complete answer, to anybody on any channel."""
    return time.monotonic() - _answered_at


def _note(turn: CurrentTurn, channel: Channel, language: str | None, outcome: str, seconds: float) -> None:
    """Count a turn, and log it without personal data."""
    global _answered_at  # noqa: PLW0603 (one moment for the whole process)
    if outcome == ANSWERED and turn.has_acted:
        _answered_at = time.monotonic()
    metrics.turn(channel.name, language, outcome, seconds)
    about = {"channel": channel.name, "language": language, "intent": turn.intent, "outcome": outcome}
    logging.getLogger(LOGGER).info("turn", extra={FIELDS: {**about, "milliseconds": round(seconds * 1000)}})


def apology(languages: list[str] | None = None) -> Reply:
    """The apology that nothing can be answered now, with the number to call; in both languages where none is known."""
    texts = [catalogues()[language].variant("utter_unavailable").text for language in languages or LANGUAGES]
    known = languages[0] if languages and len(languages) == 1 else None
    return Reply("\n\n".join(texts), language=known)


async def languages_of(read_tracker: TrackerReader, conversation_id: str, language: str | None) -> list[str] | None:
    """The conversation's language, else `language`; None where neither is known, or it cannot be read in time."""
    try:
        tracker = await asyncio.wait_for(read_tracker(conversation_id), deadlines.APOLOGY_LANGUAGE)
    except Exception as error:
        logger.error("A conversation could not be read: %s.", type(error).__name__)
        tracker = None
    if tracker:
        return [conversation_language(tracker)]
    return [language] if language else None
