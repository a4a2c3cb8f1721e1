"""The Rasa agent of the serving app, looked up at each call: Rasa loads it after our routes, and may reload it."""

from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

from bot.channels.intake import CustomerText
from bot.parse_result import ParseResult, parse_result


async def read_tracker(conversation: str) -> DialogueStateTracker | None:
    """The stored tracker of a conversation's latest session; None where there is none.

    Raises:
        SQLAlchemyError, TimeoutError: the database fails, or misses its deadline (bot.storage.deadline).
    """
    tracker: DialogueStateTracker | None = await _agent().tracker_store.retrieve(conversation)
    return tracker


async def parsed(said: CustomerText) -> dict[str, Any]:
    """The model's parse of a text, without a conversation, as Rasa has it (`bot.parse_result` reads it)."""
    return dict(await _agent().parse_message(said.text))


async def parse(said: CustomerText) -> ParseResult:
    """The model's parse of a text, without a conversation."""
    return parse_result(await parsed(said))


def _agent() -> Any:
    return Sanic.get_app().ctx.agent
