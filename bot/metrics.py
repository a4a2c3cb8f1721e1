"""What is counted, for Prometheus. Anything may import this; it imports nothing of ours.

Labels come from short fixed lists: never from what a customer sent, and nothing of them says who somebody is.
"""

from contextlib import suppress

from prometheus_client import Counter, Histogram

CHANNELS = frozenset({"web", "messenger", "phone", "console"})
LANGUAGES = frozenset({"lv", "en"})
OTHER, UNKNOWN = "other", "unknown"
SECONDS = (0.005, 0.01, 0.02, 0.035, 0.05, 0.07, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0)
PARSE_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0)

TURNS = Counter(
    "bot_turns",
    "Turns: answered, or apologised for.",
    ["channel", "language", "outcome"],
)
TURN_SECONDS = Histogram("bot_turn_seconds", "A turn from message to last reply.", ["channel"], buckets=SECONDS)
PARSE_SECONDS_TAKEN = Histogram("bot_parse_seconds", "Understanding one text.", buckets=PARSE_SECONDS)
ACTION_SECONDS = Histogram("bot_action_seconds", "An action, as the Rasa server waits for it.", buckets=SECONDS)
INTENTS = Counter("bot_intents", "Messages by what they were understood as.", ["intent"])
NOT_UNDERSTOOD = Counter(
    "bot_not_understood", "Messages that were not understood, or asked what is out of scope.", ["kind"]
)
ERRORS = Counter("bot_errors", "What failed, by the part that failed.", ["part"])
HANDOFFS = Counter("bot_handoffs", "Requests for a person and complaints.", ["channel", "kind"])
GRAPH_REQUESTS = Counter("bot_graph_requests", "Requests to Messenger's Graph API, each try by itself.", ["outcome"])
VERIFICATIONS = Counter("bot_verifications", "One-time codes that were given, by what became of them.", ["outcome"])
RATE_LIMITED = Counter("bot_rate_limited", "Requests that were refused because there were too many.", ["route"])

# The package that an error's class comes from, and the part that it tells of.
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
}
DEADLINE = "deadline"


def channel_label(channel: str | None) -> str:
    """A channel's name as a label."""
    return channel if channel in CHANNELS else OTHER


def turn(channel: str, language: str | None, outcome: str, seconds: float) -> None:
    """Count a turn; `outcome` is answered or apologised."""
    label = channel_label(channel)
    TURNS.labels(label, language if language in LANGUAGES else UNKNOWN, outcome).inc()
    TURN_SECONDS.labels(label).observe(seconds)


def failed(error: BaseException, part: str | None = None) -> None:
    """Count an error, once however often it is caught and raised again; its part is told by its class unless given."""
    if getattr(error, "_is_counted", False):
        return
    with suppress(AttributeError):  # one of a class without room for it is perhaps counted again
        error._is_counted = True  # type: ignore[attr-defined]
    ERRORS.labels(part or part_of(error)).inc()


def part_of(error: BaseException) -> str:
    """The part that an error tells of: a value of `PARTS`, "deadline", or "other"."""
    module = type(error).__module__
    return (
        PARTS.get(module)
        or PARTS.get(module.split(".", 1)[0])
        or (DEADLINE if isinstance(error, TimeoutError) else OTHER)
    )
