"""The desk's own words: kinds and states of requests, their outcomes, and kinds of events."""

from enum import StrEnum

from bot.known_channels import MESSENGER, WEB
from bot.settings.channels import AT_DESK, MESSENGER_PEOPLE


class RequestKind(StrEnum):
    """Why somebody waits for a person."""

    PERSON = "person"
    COMPLAINT = "complaint"
    EXTENSION = "extension"  # a wish to pay later
    UNSENT = "unsent"  # an answer that Messenger no longer lets through
    TRANSFER = "transfer"  # a phone call for which nobody could be reached
    CALL_BACK = "call_back"


class RequestState(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    HELD = "held"
    CLOSED = "closed"


class RequestOutcome(StrEnum):
    """How a closed request ended."""

    ANSWERED = "answered"
    CALLED_BACK = "called_back"
    NOT_REACHED = "not_reached"
    RETURNED = "returned"  # given back to the assistant, by the customer or by the agent
    LEFT = "left"  # the customer has gone
    DUPLICATE = "duplicate"
    OTHER = "other"


class DeskEventKind(StrEnum):
    """What happened. The last four are about a request that is worked on without talking in the conversation.

    `NOT_SENT`: what an agent wrote did not reach the customer; see `bot.desk.undelivered`.
    """

    REQUESTED = "requested"
    TAKEN = "taken"
    CUSTOMER_SAID = "customer_said"
    AGENT_SAID = "agent_said"
    NOTE = "note"
    HANDED_ON = "handed_on"
    AGENT_LOST = "agent_lost"  # the agent's browser died; the request waits again
    RETURNED = "returned"
    CLOSED = "closed"
    CALL_BACK_ASKED = "call_back_asked"
    RATED = "rated"
    SHARED = "shared"  # the customer let the person read what was written before
    NOT_SENT = "not_sent"
    ASSIGNED = "assigned"
    REASSIGNED = "reassigned"
    UNASSIGNED = "unassigned"
    SETTLED = "settled"


class About(StrEnum):
    """What a customer rates."""

    ASSISTANT = "assistant"
    PERSON = "person"


# What a customer's client is sent. Notes never are.
SEEN_BY_CUSTOMER = frozenset(
    {
        DeskEventKind.TAKEN,
        DeskEventKind.CUSTOMER_SAID,
        DeskEventKind.AGENT_SAID,
        DeskEventKind.HANDED_ON,
        DeskEventKind.AGENT_LOST,
        DeskEventKind.RETURNED,
        DeskEventKind.CLOSED,
    }
)
# Of a request that is not talked about in the conversation, colleagues see what became of it, and the customer's client
# nothing: a complaint that somebody has taken up must not look as if they had come into the chat.
BEHIND_THE_SCENES = {
    DeskEventKind.TAKEN: DeskEventKind.ASSIGNED,
    DeskEventKind.HANDED_ON: DeskEventKind.REASSIGNED,
    DeskEventKind.AGENT_LOST: DeskEventKind.UNASSIGNED,
    DeskEventKind.RETURNED: DeskEventKind.SETTLED,
    DeskEventKind.CLOSED: DeskEventKind.SETTLED,
}
OPEN_STATES = (RequestState.WAITING, RequestState.HELD)
# Taking one of these means talking with the customer at once; taking another one means working on it, until the agent
# writes into the conversation.
LIVE_KINDS = frozenset({RequestKind.PERSON, RequestKind.UNSENT})


def is_live_when_taken(kind: RequestKind, channel: str) -> bool:
    """Whether taking such a request makes the assistant silent."""
    return kind in LIVE_KINDS and can_be_written_to(channel)


def can_be_written_to(channel: str) -> bool:
    """Whether what a person writes at the desk reaches the customer.

    In Messenger it does unless people answer in the page's inbox (`BOT_MESSENGER_PEOPLE`).
    """
    return channel == WEB.name or (channel == MESSENGER.name and MESSENGER_PEOPLE.value() == AT_DESK)
