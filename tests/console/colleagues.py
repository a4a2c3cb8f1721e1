"""Somebody who is signed in to the console, for the tests of this folder."""

from dataclasses import dataclass

from httpx import Response
from starlette.testclient import TestClient

from bot.staff.staff_sessions import form_token

ADDRESS = "http://127.0.0.1:5010"
COOKIE = "staff"
FETCHED = {"X-Fetched": "1"}


@dataclass
class Colleague:
    """Somebody who is signed in, and their browser."""

    id: int
    token: str
    browser: TestClient

    def get(self, path: str, **headers: str) -> Response:
        """Ask for a page."""
        return self.browser.get(path, headers=headers, follow_redirects=False)

    def post(self, path: str, form: dict[str, str] | None = None, **headers: str) -> Response:
        """Send a form as one of our scripts does."""
        sent = {"form_token": form_token(self.token), **(form or {})}
        named = {"Origin": ADDRESS, **FETCHED, **headers}
        return self.browser.post(path, data=sent, headers=named, follow_redirects=False)
