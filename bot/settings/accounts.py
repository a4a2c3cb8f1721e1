"""Settings of customers' accounts: the billing system, who sends one-time codes and how many, the website's sign-in."""

from pathlib import Path

from bot.settings.parsers import number, port, text, unless_no
from bot.settings.project import PROJECT
from bot.settings.setting import Setting

MINUTES_OF_A_DAY = 24 * 60

WEBSITE = Setting(
    "BOT_WEBSITE",
    text,
    "https://www.elektrum.lv/",
    "page for customers who may not see an account here",
    without="the public website",
)
ACCOUNTS_URL = Setting(
    "BOT_ACCOUNTS_URL",
    text,
    "",
    "billing system ([accounts.md](accounts.md))",
    without="the assistant's tables",
    needs_https=True,
)
ACCOUNTS_TOKEN = Setting("BOT_ACCOUNTS_TOKEN", text, "", "token for it", is_secret=True)
LIMIT_CODES = Setting(
    "BOT_LIMIT_CODES",
    number(),
    500,
    "one-time codes an hour, for all customers together ([accounts.md](accounts.md#who-is-asking))",
)
LIMIT_CODES_ADDRESS = Setting(
    "BOT_LIMIT_CODES_ADDRESS", number(), 10, "one-time codes an hour for one IP address, whatever the contract"
)
SMS_URL = Setting(
    "BOT_SMS_URL",
    text,
    "",
    "SMS gateway for one-time codes; without it production needs mail",
    without="codes are written to a file",
    is_needed=True,
    needs_https=True,
)
SMS_TOKEN = Setting("BOT_SMS_TOKEN", text, "", "token for it", is_secret=True)
SMTP_HOST = Setting("BOT_SMTP_HOST", text, "", "mail server for one-time codes", without="codes are written to a file")
SMTP_PORT = Setting("BOT_SMTP_PORT", port, 587, "its port", empty_counts=True)
SMTP_FROM = Setting("BOT_SMTP_FROM", text, "", "the sender")
SMTP_USER = Setting("BOT_SMTP_USER", text, "", "the user")
SMTP_PASSWORD = Setting("BOT_SMTP_PASSWORD", text, "", "the password", is_secret=True)
SMTP_STARTTLS = Setting(
    "BOT_SMTP_STARTTLS", unless_no, True, '"no" sends unencrypted; refused in production', without="yes"
)
OUTBOX = Setting(
    "BOT_OUTBOX",
    Path,
    PROJECT / "var" / "outbox.jsonl",
    "file that codes are written to where nothing sends them",
    without="var/outbox.jsonl",
)
SIGNIN_ISSUER = Setting("BOT_SIGNIN_ISSUER", text, "", "the website's sign-in: issuer", without="no sign-in")
SIGNIN_AUDIENCE = Setting("BOT_SIGNIN_AUDIENCE", text, "", "audience", without="no sign-in")
SIGNIN_KEYS = Setting("BOT_SIGNIN_KEYS", text, "", "its public keys: an https URL or a file", without="no sign-in")
SIGNIN_MINUTES = Setting("BOT_SIGNIN_MINUTES", number(MINUTES_OF_A_DAY), 60, "longest lifetime of its tokens")
