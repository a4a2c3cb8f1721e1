"""The turn that is being answered, for what is logged of it: a random id, and what it was understood as."""

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass, field

HEADER = "X-Turn"  # in which the Rasa server tells the action server the id
LOGGER = "bot.turns"  # of one line a turn (bot.channels.conversation)
FIELDS = "fields"  # a log record's further members: names and values that are never a customer's words
ID = re.compile(r"[0-9a-f]{16}")


@dataclass
class CurrentTurn:
    """One turn. It is shared by the tasks that work on it, so what one notes the others see.

    Attributes:
        id: made up for this turn; it tells nothing of who writes, and stands nowhere but in logs.
    """

    id: str = field(default_factory=lambda: secrets.token_hex(8))
    intent: str | None = None


_current: ContextVar[CurrentTurn | None] = ContextVar("current_turn", default=None)


def begin_turn() -> CurrentTurn:
    """A new turn, which is current in this task and in those that it starts from now on."""
    turn = CurrentTurn()
    _current.set(turn)
    return turn


def go_on_with_turn(given: str) -> None:
    """Work on a turn that another server has begun; on none where it gives no id of ours."""
    _current.set(CurrentTurn(given) if ID.fullmatch(given) else None)


def current_turn() -> CurrentTurn | None:
    """The turn that this task works on; None where it works on none."""
    return _current.get()
