"""Settings of Chatwoot, where people answer instead of at the own desk."""

from bot.settings.parsers import number, server_address, text
from bot.settings.setting import Setting

CHATWOOT_URL = Setting(
    "BOT_CHATWOOT_URL",
    server_address,
    "",
    "address of Chatwoot, 4.13 or later ([chatwoot.md](chatwoot.md))",
    without="not with Chatwoot",
    needs_https=True,
)
CHATWOOT_ACCOUNT = Setting("BOT_CHATWOOT_ACCOUNT", number(), 1, "number of the account in Chatwoot")
CHATWOOT_INBOX = Setting(
    "BOT_CHATWOOT_INBOX",
    text,
    "",
    "identifier of the API inbox (`inbox_identifier`, not its number)",
    without="not with Chatwoot",
)
CHATWOOT_TOKEN = Setting(
    "BOT_CHATWOOT_TOKEN",
    text,
    "",
    "access token of a user of Chatwoot who is an agent of that inbox",
    without="not with Chatwoot",
    is_secret=True,
)
CHATWOOT_WEBHOOK_SECRET = Setting(
    "BOT_CHATWOOT_WEBHOOK_SECRET",
    text,
    "",
    "the inbox's `secret`, with which Chatwoot signs its webhooks",
    without="not with Chatwoot",
    is_secret=True,
)
