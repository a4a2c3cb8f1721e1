"""Whether a customer's message is for the assistant, or for the person who holds the conversation.

Asked before a turn, and again in the transaction that stores a turn's reply: a person who came meanwhile gets the
message, and the reply is dropped. So the assistant never speaks while a person holds the conversation, and nothing that
the customer wrote is lost or doubled.
"""

import json
import logging
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.channels.intake import CustomerText, UserInput, encodable
from bot.channels.serving_agent import parsed
from bot.desk.desk_events import customer_said
from bot.desk.holding import holder
from bot.domain_names import ALARMS
from bot.observing.current_turn import current_turn
from bot.parse_result import parse_result

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class HeardMessage:
    """What a message for a person sounds like to the assistant, which does not answer it.

    Attributes:
        is_urgent: like danger.
        understood: Rasa's parse result as JSON, for drafts; None where it could not be understood.
    """

    is_urgent: bool = False
    understood: str | None = None


def given_to_a_person(
    session: Session,
    conversation_id: str,
    text: str,
    message_id: str,
    *,
    is_urgent: bool = False,
    understood: str | None = None,
) -> int | None:
    """Give a message to the person who holds the conversation; returns its number at the desk.

    None: nobody holds it, and nobody takes it until this transaction ends; the message is the assistant's.

    Args:
        text: as the customer wrote it.
        message_id: the idempotency key; the same message again has the same number.
        is_urgent, understood: as `HeardMessage`.
    """
    if holder(session, conversation_id, for_update=True) is None:
        return None
    said = encodable(text).replace("\0", "")  # PostgreSQL takes no NUL
    return customer_said(session, conversation_id, said, message_id, is_urgent=is_urgent, understood=understood)


async def heard(said: UserInput) -> HeardMessage:
    """What a message sounds like that a person gets."""
    if not isinstance(said, CustomerText):
        return HeardMessage()
    try:
        result = await parsed(said)
        return HeardMessage(parse_result(result).intent in ALARMS, json.dumps(result))
    except Exception as error:  # the message is given to the person all the same
        logger.error("A message for a person could not be understood: %s.", type(error).__name__)
        return HeardMessage()


def turn_was_urgent() -> bool:
    """Whether the message of the turn that this task has just handled sounds like danger."""
    turn = current_turn()
    return turn is not None and turn.intent in ALARMS
