"""What every answer of the console carries, and whose requests are not answered at all: those for another host."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.settings.staff_console import CONSOLE_URL

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types console"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # The origin stays, since forms are checked by it; nothing is told to other sites.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Robots-Tag": "noindex",
}
PROBED = frozenset({"/healthz", "/readyz"})  # by address, from inside


class ConsoleHeaders:
    """Middleware (ASGI)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if scope["path"] in PROBED or is_own_host(_host(scope)):
            await self._app(scope, receive, with_headers)
        else:
            # 421: a proxy that sends us requests for the public host does not open the console there.
            await PlainTextResponse("This is not the host of the console.", 421)(scope, receive, with_headers)


def is_own_host(host: str) -> bool:
    """Whether a Host header is the console's; without `BOT_CONSOLE_URL` an IP address or localhost, never a name.

    A name could be any website's that resolves to this machine (DNS rebinding).
    """
    if address := CONSOLE_URL.value():
        return host.lower() == urlsplit(address).netloc.lower()
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return name == "localhost" or bool(ip_address(name))
    except ValueError:
        return False


def _host(scope: Scope) -> str:
    given = [value for name, value in scope["headers"] if name == b"host"]
    return given[0].decode("latin-1") if len(given) == 1 else ""
