"""What is counted, and the key of a count."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from bot.known_channels import CHANNELS, MESSENGER
from bot.settings import LANGUAGES

QUARTER = timedelta(minutes=15)
RECORDED_CALLS = "recorded calls"  # the channel of transcripts (`bot calls`)
OTHER_CHANNEL = "other"
UNKNOWN_LANGUAGE = ""
LONGEST_NAME = 80
_KINDS = {**{channel.name: channel.name for channel in CHANNELS}, "facebook": MESSENGER.name}


class Counted(StrEnum):
    """What is counted. Each is defined in `data/figures/definitions.yml`, for those who read the figures.

    The names of a count: of topics intents, of places their ids, of requests their kind, of times the longest of a
    range in seconds, of ratings what they are about and the value ("assistant/5").
    """

    CONVERSATION = "conversation_begun"
    CONVERSATION_HANDED_OVER = "conversation_handed_over"
    TURN = "turn"
    TOPIC = "turn_topic"
    PLACE = "turn_place"
    ANSWERED = "turn_answered"
    ASKED_BACK = "turn_asked_back"
    NOT_UNDERSTOOD = "turn_not_understood"
    OUT_OF_SCOPE = "turn_out_of_scope"
    HANDED_OVER = "turn_handed_over"
    FAILED = "turn_failed"
    LOST = "turn_lost"  # nothing of the turn was stored, since a part was down; the customer got the apology
    REQUEST = "desk_request"
    WAITED = "desk_waited"
    FIRST_ANSWER = "desk_first_answer"
    RATED = "desk_rated"


# One of these for each turn that was answered at all: the first that is so.
OUTCOMES = (
    Counted.FAILED,
    Counted.HANDED_OVER,
    Counted.ASKED_BACK,
    Counted.NOT_UNDERSTOOD,
    Counted.OUT_OF_SCOPE,
    Counted.ANSWERED,
)


class CountKey(NamedTuple):
    """What a count is of; the fields are the columns of `FigureCount`."""

    at: datetime
    what: Counted
    name: str
    channel: str
    language: str


def key(at: datetime, what: Counted, channel: str, language: str | None, name: str = "") -> CountKey:
    """The key of something that happened at a moment; names and channels are cut and labelled as the columns need."""
    known = language if language in LANGUAGES else UNKNOWN_LANGUAGE
    return CountKey(quarter_of(at), what, name[:LONGEST_NAME], channel, str(known))


def quarter_of(at: datetime) -> datetime:
    """When the quarter of an hour of a moment began (UTC)."""
    there = at.astimezone(UTC)
    return there.replace(minute=there.minute // 15 * 15, second=0, microsecond=0)


def channel_of(given: object) -> str:
    """The channel by Rasa's name; channels of another program count together."""
    return next((name for kind, name in _KINDS.items() if str(given).startswith(kind)), OTHER_CHANNEL)
