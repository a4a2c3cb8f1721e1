"""Prometheus metrics.

Labels come from short fixed lists, never from what a customer sent, and identify nobody.
"""

from contextlib import suppress

from prometheus_client import Counter, Gauge, Histogram

from bot import known_channels

CHANNELS = frozenset(channel.name for channel in known_channels.CHANNELS)
LANGUAGES = frozenset({"lv", "en"})
OTHER, UNKNOWN = "other", "unknown"
SECONDS = (0.005, 0.01, 0.02, 0.035, 0.05, 0.07, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0)
WAIT_SECONDS = (10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 14400.0, 86400.0)
PARSE_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0)

TURNS = Counter(
    "bot_turns",
    "Turns: answered, apologised for, or to be retried.",
    ["channel", "language", "outcome"],
)
TURN_SECONDS = Histogram("bot_turn_seconds", "A turn, from message to last reply.", ["channel"], buckets=SECONDS)
PARSE_SECONDS_TAKEN = Histogram("bot_parse_seconds", "Understanding one text.", buckets=PARSE_SECONDS)
ACTION_SECONDS = Histogram("bot_action_seconds", "An action, as the Rasa server waits for it.", buckets=SECONDS)
INTENTS = Counter("bot_intents", "Messages by intent.", ["intent"])
NOT_UNDERSTOOD = Counter("bot_not_understood", "Messages that were not understood, or were out of scope.", ["kind"])
ERRORS = Counter("bot_errors", "Failures by the part that failed.", ["part"])
HANDOFFS = Counter("bot_handoffs", "Requests for a person, complaints and other work for people.", ["channel", "kind"])
DESK_REQUESTS = Gauge("bot_desk_requests", "Requests that are waiting or held.", ["state", "kind"])
DESK_OLDEST = Gauge("bot_desk_oldest_seconds", "For how long the oldest request has waited; 0: none waits.", ["kind"])
DESK_PRESENT = Gauge("bot_desk_present", "People who are at the desk.")
DESK_SET_ASIDE = Gauge("bot_desk_set_aside", "What another desk, such as Chatwoot, has refused for good.")
DESK_FIRST_ANSWER = Histogram(
    "bot_desk_first_answer_seconds", "From a request to a person's first words.", ["channel"], buckets=WAIT_SECONDS
)
DESK_LOST = Counter("bot_desk_lost", "Requests whose agent's connection was lost.")
GRAPH_REQUESTS = Counter("bot_graph_requests", "Requests to Messenger's Graph API; each retry counts.", ["outcome"])
VERIFICATIONS = Counter("bot_verifications", "One-time codes that were entered, by outcome.", ["outcome"])
CODES = Counter(
    "bot_codes",
    "Requests for a one-time code: accepted, or refused by the limit that was exceeded. Unknown numbers count too.",
    ["outcome"],
)
CODES_BUDGET = Gauge("bot_codes_budget", "Limit of one-time codes in an hour, for all customers together.")
STAFF_SIGN_INS = Counter("bot_staff_sign_ins", "Attempts to sign in to the console, by outcome.", ["outcome"])
CONSOLE_STREAMS = Gauge("bot_console_streams", "Open pages of the console that hear of events at once.")
RATE_LIMITED = Counter("bot_rate_limited", "Requests that were refused because there were too many.", ["route"])

# The package that defines an error's class, and the part that the error belongs to.
PARTS = {
    "sqlalchemy": "database",
    "psycopg2": "database",
    "sqlite3": "database",
    "redis": "redis",
    "aiohttp": "action_server",
    "rasa.core.lock_store": "lock",
    "rasa.core.lock": "lock",
    "bot.accounts.source": "accounts",
    "bot.accounts.senders": "senders",
    "bot.channels.messenger.graph": "graph",
    "bot.chatwoot.chatwoot_api": "chatwoot",
}
DEADLINE = "deadline"


def channel_label(channel: str | None) -> str:
    """A channel's name as a label."""
    return channel if channel in CHANNELS else OTHER


def turn(channel: str, language: str | None, outcome: str, seconds: float) -> None:
    """Count a turn; `outcome` is answered, apologised or delayed."""
    label = channel_label(channel)
    TURNS.labels(label, language if language in LANGUAGES else UNKNOWN, outcome).inc()
    TURN_SECONDS.labels(label).observe(seconds)


def failed(error: BaseException, part: str | None = None) -> None:
    """Count an error once, however often it is caught and re-raised; its class tells the part unless one is given."""
    if getattr(error, "_is_counted", False):
        return
    with suppress(AttributeError):  # its class forbids new attributes: such an error may be counted again
        error._is_counted = True  # type: ignore[attr-defined]
    ERRORS.labels(part or part_of(error)).inc()


def part_of(error: BaseException) -> str:
    """The part that an error belongs to: a value of `PARTS`, "deadline", or "other"."""
    module = type(error).__module__
    return (
        PARTS.get(module)
        or PARTS.get(module.split(".", 1)[0])
        or (DEADLINE if isinstance(error, TimeoutError) else OTHER)
    )
