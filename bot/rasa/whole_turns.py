"""A turn that is retried when it fails is stored completely or not at all (atomic).

Where an action fails, Rasa continues, and stores the customer's message as if it had been answered with nothing.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.conversation import TurnFailed
from bot.observing.current_turn import current_turn

Method = Callable[..., Awaitable[None]]


def save_whole_turns(save: Method) -> Method:
    """`MessageProcessor.save_tracker`, which stores no turn of `attempt` in which something failed.

    It raises `TurnFailed` instead.
    """

    async def save_whole(self: Any, tracker: Any) -> None:
        turn = current_turn()
        if turn and turn.whole_only and turn.has_failed:
            raise TurnFailed
        await save(self, tracker)

    return save_whole
