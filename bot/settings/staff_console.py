"""Settings of the console for the company's people: where it is, and the company's directory (OIDC)."""

from bot.settings.parsers import long_secret, port, public_address, text, unless_no
from bot.settings.setting import Setting

SHORTEST_OIDC_SECRET = 16  # characters

CONSOLE_STARTED = Setting(
    "BOT_CONSOLE",
    unless_no,
    True,
    '"no": `bot serve` starts no console; nobody then looks for agents who were lost, or alerts staff',
    without="yes",
)
CONSOLE_URL = Setting(
    "BOT_CONSOLE_URL",
    public_address,
    "",
    "public URL of the console, on a host of its own ([desk.md](desk.md))",
    without="`http://127.0.0.1` with the port below",
    needs_https=True,
)
CONSOLE_PORT = Setting("BOT_CONSOLE_PORT", port, 5010, "port of the console", empty_counts=True)
CONSOLE_METRICS_PORT: Setting[int | None] = Setting(
    "BOT_CONSOLE_METRICS_PORT", port, None, "port of the console's metrics", without="no metrics"
)
STAFF_CODES: Setting[bool | None] = Setting(
    "BOT_STAFF_CODES",
    unless_no,
    None,
    '"yes": people with a passphrase must set up one-time codes before they can do anything; "no": they may '
    "([desk.md](desk.md#signing-in))",
    without="yes in production, otherwise no",
)
OIDC_ISSUER = Setting(
    "BOT_OIDC_ISSUER",
    text,
    "",
    "the company's directory (OpenID Connect): issuer",
    without="passphrases",
    needs_https=True,
)
OIDC_CLIENT = Setting("BOT_OIDC_CLIENT", text, "", "client id of the console there", without="passphrases")
OIDC_SECRET = Setting(
    "BOT_OIDC_SECRET",
    long_secret(SHORTEST_OIDC_SECRET),
    "",
    f"its client secret, at least {SHORTEST_OIDC_SECRET} characters",
    without="passphrases",
    is_secret=True,
)
OIDC_ROLES = Setting("BOT_OIDC_ROLES", text, "roles", "claim that lists the roles, or groups, of a person")
OIDC_ROLE_PREFIX = Setting(
    "BOT_OIDC_ROLE_PREFIX", text, "", "prefix of our roles in that claim, such as `elektrum-console-`"
)


def console_address() -> str:
    """The console's URL, without a trailing slash."""
    return CONSOLE_URL.value() or f"http://127.0.0.1:{CONSOLE_PORT.value()}"
