"""The account dialogue's response to a message: what it says, and whether it ends."""

from dataclasses import dataclass, field
from typing import Any

from bot.accounts.source import ExtensionWish
from bot.accounts.verification_models import AccountDialogue

MOST_AGAIN = 2  # times that the same question is repeated


@dataclass(frozen=True)
class Choice:
    """One of several offered contracts, under a reference that does not reveal its number."""

    reference: str
    address: str


@dataclass(frozen=True)
class KeyedReply:
    """A reply's key in the catalogue and its placeholders' values.

    Attributes:
        choices: the contracts offered with it.
        offers_all: whether "all" is a choice.
    """

    key: str
    values: dict[str, Any] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    offers_all: bool = False


@dataclass(frozen=True)
class DialogueStep:
    """What to say, and whether the dialogue ends.

    Attributes:
        answer_for: the contracts whose accounts answer the question now; empty where there is no answer yet.
        afterwards: what is said after that answer, or after the confirmation of a recorded wish.
        record: a wish to record after this dialogue's own transaction (SQLite has one writer at a time).
    """

    replies: tuple[KeyedReply, ...] = ()
    finished: bool = False
    answer_for: tuple[str, ...] = ()
    afterwards: tuple[KeyedReply, ...] = ()
    record: ExtensionWish | None = None


def says(key: str, **values: Any) -> DialogueStep:
    """A step that says something and continues."""
    return DialogueStep((KeyedReply(key, values),))


def ends(key: str, **values: Any) -> DialogueStep:
    """A step that says something and ends the dialogue."""
    return DialogueStep((KeyedReply(key, values),), finished=True)


def again(state: AccountDialogue, *said: KeyedReply) -> DialogueStep:
    """A step that repeats the question, or gives up after `MOST_AGAIN` times."""
    state.asked_again += 1
    return DialogueStep(said) if state.asked_again <= MOST_AGAIN else ends("utter_account_give_up")
