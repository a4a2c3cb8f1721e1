"""Settings of the desk, where people answer."""

from bot.settings.parsers import number, one_of, text, unless_no
from bot.settings.setting import Setting

OWN_DESK, CHATWOOT = "own", "chatwoot"

DESK = Setting(
    "BOT_DESK", one_of(OWN_DESK, CHATWOOT), OWN_DESK, 'where people answer ([desk.md](desk.md)): "own" or "chatwoot"'
)
DESK_AT_ONCE = Setting(
    "BOT_DESK_AT_ONCE", number(), 5, "conversations that one person holds at once before everybody counts as busy"
)
DESK_WEBHOOK = Setting(
    "BOT_DESK_WEBHOOK",
    text,
    "",
    "URL that staff are alerted at to what waits ([desk.md](desk.md#alerts))",
    without="no alerts by webhook",
    needs_https=True,
)
DESK_WEBHOOK_SECRET = Setting(
    "BOT_DESK_WEBHOOK_SECRET",
    text,
    "",
    "key of the alerts' signature (`X-Desk-Signature`)",
    without="not signed",
    is_secret=True,
)
DESK_MAIL = Setting(
    "BOT_DESK_MAIL",
    text,
    "",
    "address that staff are alerted at by mail, over the mail server of `BOT_SMTP_HOST`",
    without="no alerts by mail",
)
DESK_ALERT_LANGUAGE = Setting(
    "BOT_DESK_ALERT_LANGUAGE",
    one_of("lv", "en"),
    "lv",
    "language of the alerts, and of what Chatwoot's agents are told",
)
DESK_DEMO = Setting(
    "BOT_DESK_DEMO",
    unless_no,
    True,
    '"no": `bot serve` makes no invented requests; in production it never does',
    without="yes",
)
