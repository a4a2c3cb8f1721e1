"""Errors as problem documents (RFC 9457)."""

from typing import Any

from sanic import response
from sanic.response import HTTPResponse


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None, **more: Any) -> HTTPResponse:
    """A problem document that says what happened and what to do; `more` are further members of it."""
    body = {"type": "about:blank", "status": status, "title": title, "detail": detail, **more}
    return response.json(
        body, status=status, headers=headers, content_type="application/problem+json", ensure_ascii=False
    )


def no_session() -> HTTPResponse:
    """401: the request has no valid session."""
    return problem(401, "No session", "Ask for a session with POST /chat/session, and send it as a bearer token.")
