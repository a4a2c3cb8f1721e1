"""Settings of the channels: the chat for websites, Messenger, the phone."""

from pathlib import Path

from bot.settings.parsers import (
    Network,
    graph_version,
    long_secret,
    networks,
    number,
    one_of,
    origins,
    phone_address,
    public_address,
    text,
    yes,
)
from bot.settings.setting import Setting

SHORTEST_PHONE_SECRET = 16  # characters
AT_DESK, IN_INBOX = "desk", "inbox"
MESSENGER_TOGETHER = "all three of Messenger's secrets or none"

ORIGINS = Setting(
    "BOT_ORIGINS", origins, frozenset[str](), "websites whose pages may use the chat ([web.md](web.md))", without="none"
)
SESSION_HOURS = Setting("BOT_SESSION_HOURS", number(), 24, "lifetime of a session, in hours")
LIMIT_CONVERSATION = Setting("BOT_LIMIT_CONVERSATION", number(), 20, "rate limit: messages a minute of a conversation")
LIMIT_ADDRESS = Setting("BOT_LIMIT_ADDRESS", number(), 60, "rate limit: messages a minute from an IP address")
LIMIT_WORK = Setting(
    "BOT_LIMIT_WORK",
    number(),
    4000,
    "rate limit: CPU milliseconds a minute for understanding messages from an IP address ([security.md](security.md))",
)
LIMIT_REQUESTS = Setting(
    "BOT_LIMIT_REQUESTS",
    number(),
    120,
    "rate limit: requests a minute from an IP address to each of session, sign-in, history, announcement and the desk",
)
TRUSTED_PROXIES: Setting[tuple[Network, ...]] = Setting(
    "BOT_TRUSTED_PROXIES",
    networks,
    (),
    "trusted reverse proxies, whose forwarded client address is believed: addresses or networks",
    without="none",
)
MESSENGER_PAGE_TOKEN = Setting(
    "BOT_MESSENGER_PAGE_TOKEN",
    text,
    "",
    f"Messenger ([messenger.md](messenger.md)): the page's token; {MESSENGER_TOGETHER}",
    without="no Messenger",
    is_secret=True,
)
MESSENGER_APP_SECRET = Setting(
    "BOT_MESSENGER_APP_SECRET", text, "", "the app's secret", without="no Messenger", is_secret=True
)
MESSENGER_VERIFY_TOKEN = Setting(
    "BOT_MESSENGER_VERIFY_TOKEN",
    text,
    "",
    "the token that Meta sends when the webhook is set up",
    without="no Messenger",
    is_secret=True,
)
MESSENGER_PEOPLE = Setting(
    "BOT_MESSENGER_PEOPLE",
    one_of(AT_DESK, IN_INBOX),
    AT_DESK,
    'where people answer in Messenger: "desk" ([desk.md](desk.md)) or "inbox" (the page\'s)',
)
MESSENGER_INBOX_APP = Setting(
    "BOT_MESSENGER_INBOX_APP",
    text,
    "263902037430900",  # the app id of every page's inbox, by Meta's documentation of conversation routing
    "app that a thread is passed to (handover) where people answer in the inbox; empty for none",
    without="the page's inbox",
    empty_counts=True,
)
MESSENGER_RETURN_MINUTES = Setting(
    "BOT_MESSENGER_RETURN_MINUTES",
    number(99_999),
    60,
    "minutes without a message from the staff after which the assistant answers again",
)
MESSENGER_REVEAL_ACCOUNT_DATA = Setting(
    "BOT_MESSENGER_REVEAL_ACCOUNT_DATA", yes, False, '"yes" shows accounts in Messenger', without="no"
)
GRAPH_URL = Setting(
    "BOT_GRAPH_URL", text, "https://graph.facebook.com", "base URL of the Graph API", without="Meta's", needs_https=True
)
GRAPH_VERSION = Setting("BOT_GRAPH_VERSION", graph_version, "v26.0", "Graph's version")
PHONE_TOKEN = Setting(
    "BOT_PHONE_TOKEN",
    long_secret(SHORTEST_PHONE_SECRET),
    "",
    f"AudioCodes and the plain webhook ([phone.md](phone.md)), at least {SHORTEST_PHONE_SECRET} characters",
    without="both are shut",
    is_secret=True,
)
TWILIO_AUTH_TOKEN = Setting(
    "BOT_TWILIO_AUTH_TOKEN", long_secret(SHORTEST_PHONE_SECRET), "", "Twilio", without="it is shut", is_secret=True
)
JAMBONZ_SECRET = Setting(
    "BOT_JAMBONZ_SECRET", long_secret(SHORTEST_PHONE_SECRET), "", "Jambonz", without="it is shut", is_secret=True
)
PUBLIC_URL = Setting(
    "BOT_PUBLIC_URL",
    public_address,
    "",
    "public URL that gateways call, including the path that a reverse proxy maps to us",
    without="none; gateways are given relative URLs",
    needs_https=True,
)
PHONE_TRANSFER_TO = Setting("BOT_PHONE_TRANSFER_TO", phone_address, "", "where calls for a person go", without="nobody")
PHONE_HOURS: Setting[Path | None] = Setting(
    "BOT_PHONE_HOURS",
    Path,
    None,
    "file with the hours in which calls are transferred, as data/desk/hours.yml ([phone.md](phone.md#hours))",
    without="the desk's hours",
)
