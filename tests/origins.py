"""The CORS headers for a page of another origin, the same for the real channel and for the fake server.

Taken from the Fetch standard (CORS protocol) and docs/web.md, not from the code: that the two agree is tested.
"""

from dataclasses import dataclass

import requests

PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
    "Access-Control-Max-Age": "600",
}
SHOWN = {"Access-Control-Expose-Headers": "Retry-After"}
ASKED = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,last-event-id",
}
CASES = [
    ("OPTIONS", "session", 204),
    ("OPTIONS", "sign-in", 204),
    ("OPTIONS", "sign-out", 204),
    ("OPTIONS", "messages", 204),
    ("OPTIONS", "history", 204),
    ("OPTIONS", "nothing", 204),
    ("POST", "session", 201),
    ("POST", "sign-in", 401),
    ("POST", "sign-out", 401),
    ("POST", "messages", 401),
    ("GET", "history", 401),
    ("HEAD", "history", 401),
    ("GET", "desk", 401),
    ("GET", "desk/events", 401),
    ("POST", "desk/back", 401),
    ("OPTIONS", "desk/events", 204),
    ("GET", "widget/elektrum-chat.js", 200),
    ("HEAD", "widget/elektrum-chat.js", 200),
    ("GET", "widget/nothing.js", 404),
    ("GET", "nothing", 404),
    ("POST", "nothing", 404),
]
IDS = [f"{method} {path}" for method, path, _ in CASES]


@dataclass(frozen=True)
class Told:
    """What a response tells a browser: its status, and its CORS headers."""

    status: int
    cors: dict[str, str]
    varies: bool


def told(url: str, method: str, path: str, origin: str | None) -> Told:
    """The response of the channel at `url` to the widget on a page of `origin`."""
    headers = {"Origin": origin} if origin else {}
    headers |= ASKED if method == "OPTIONS" else {"Content-Type": "application/json"}
    body = b"{}" if method == "POST" else None
    answer = requests.request(method, url + path, headers=headers, data=body, timeout=10)
    cors = {name.title(): value for name, value in answer.headers.items() if name.lower().startswith("access-control")}
    return Told(answer.status_code, cors, "Origin" in answer.headers.get("Vary", ""))


def wanted(method: str, status: int, origin: str | None) -> Told:
    """The expected response; `origin` is None for an origin that is not allowed."""
    if origin is None:
        return Told(status, {}, varies=True)
    allowed = {**SHOWN, "Access-Control-Allow-Origin": origin, **(PREFLIGHT if method == "OPTIONS" else {})}
    return Told(status, allowed, varies=True)
