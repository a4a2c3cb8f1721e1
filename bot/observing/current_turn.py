"""The turn that is being answered: what is logged about it, and the address that it comes from.

The Rasa server sends both to the action server in headers, so that neither gets into the conversation, which is stored.
"""

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass, field

HEADER = "X-Turn"  # the header in which the Rasa server sends the id to the action server
LOGGER = "bot.turns"  # writes one line for each turn (bot.channels.conversation)
FIELDS = "fields"  # a log record's extra fields: names and values that are never a customer's words
ADDRESS_HEADER = "X-Turn-Address"
ID, ADDRESS = re.compile(r"[0-9a-f]{16}"), re.compile(r"[0-9a-f]{64}")


@dataclass
class CurrentTurn:
    """One turn. The tasks that work on it share this object, so each sees what the others set.

    Attributes:
        id: random, made for this turn; it reveals nothing about the customer, and appears only in logs.
        address: the sender's, as a keyed hash (`bot.channels.visitor_addresses.hashed`), for rate limits; never logged.
        whole_only: whether it is stored only if nothing in it failed, because a failed turn is retried.
        has_acted: whether the action server has run an action; a greeting needs none.
        has_failed: whether an action could not be run, or could not answer.
        worked: CPU seconds that understanding took; None while nothing was understood.
    """

    id: str = field(default_factory=lambda: secrets.token_hex(8))
    address: str | None = field(default=None, repr=False)
    intent: str | None = None
    whole_only: bool = False
    has_acted: bool = False
    has_failed: bool = False
    worked: float | None = None


_current: ContextVar[CurrentTurn | None] = ContextVar("current_turn", default=None)


def begin_turn(*, whole_only: bool = False, address: str | None = None) -> CurrentTurn:
    """A new turn, current in this task and in tasks that this task starts from now on."""
    turn = CurrentTurn(whole_only=whole_only, address=address)
    _current.set(turn)
    return turn


def go_on_with_turn(given: str, address: str) -> None:
    """Continue a turn that another server has begun; no turn where `given` is no id of ours."""
    known = address if ADDRESS.fullmatch(address) else None
    _current.set(CurrentTurn(given, address=known) if ID.fullmatch(given) else None)


def current_turn() -> CurrentTurn | None:
    """The turn that this task works on; None where it works on none."""
    return _current.get()
