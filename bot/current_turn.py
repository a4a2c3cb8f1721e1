"""The turn that is being answered, for what is logged of it: a random id, and what it was understood as."""

import secrets
from contextvars import ContextVar
from dataclasses import dataclass, field


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


def current_turn() -> CurrentTurn | None:
    """The turn that this task works on; None where it works on none."""
    return _current.get()
