"""Another website with the chat: its page is on another host and port (cross-origin)."""

import threading
from collections.abc import Callable
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

PageOf = Callable[..., str]  # the URL of a page, from the channel's URL and a language
# The strictest policy that docs/widget.md allows.
POLICY = (
    "default-src 'none'; script-src {server}; connect-src {server}; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>Another website</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="module" src="{chat}widget/elektrum-chat.js"></script></head>
<body><main><h1>Another website</h1></main><elektrum-chat {attributes}></elektrum-chat></body></html>"""


class OtherWebsite:
    """The website. `origin` is what `BOT_ORIGINS` must name."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self.origin = f"http://localhost:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def page(self, chat: str, *, language: str = "lv", attributes: str = "") -> str:
        """The URL of a page with the chat.

        Args:
            chat: the URL of the channel, such as "http://127.0.0.1:5005/chat/".
            attributes: of the element, as HTML.
        """
        return f"{self.origin}/?{urlencode({'chat': chat, 'language': language, 'attributes': attributes})}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        if "chat" not in asked:
            self.send_error(404)
            return
        chat, language, attributes = (asked[name][0] for name in ("chat", "language", "attributes"))
        page = PAGE.format(chat=escape(chat), language=escape(language), attributes=attributes)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        server = f"{urlsplit(chat).scheme}://{urlsplit(chat).netloc}"
        self.send_header("Content-Security-Policy", POLICY.format(server=server))
        self.end_headers()
        self.wfile.write(page.encode())
