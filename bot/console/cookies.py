"""The console's cookies: the session's, and one each for language, a sign-in form and the way to the directory."""

from starlette.responses import Response

from bot.settings.staff_console import console_address

LANGUAGE_COOKIE = "language"
YEAR = 365 * 24 * 3600  # seconds


def is_https() -> bool:
    """Whether people reach the console with https."""
    return console_address().startswith("https://")


def session_cookie() -> str:
    """The name of the session's cookie. With `__Host-` no other host and no http page can set it (RFC 6265bis)."""
    return f"{_prefix()}staff"


def visitor_cookie() -> str:
    """The name of the cookie of somebody who is not signed in yet, which their form belongs to."""
    return f"{_prefix()}staff-visitor"


def directory_cookie() -> str:
    """The name of the cookie with what is asked of the company's directory, sealed."""
    return f"{_prefix()}staff-directory"


def put(response: Response, name: str, value: str, *, seconds: int | None = None, lax: bool = False) -> None:
    """Set a cookie that no script reads.

    Args:
        lax: sent also when another site leads to us, as the company's directory does.
    """
    how = {"httponly": True, "secure": is_https(), "path": "/"}
    response.set_cookie(name, value, max_age=seconds, samesite="lax" if lax else "strict", **how)  # type: ignore[arg-type]


def drop(response: Response, name: str) -> None:
    """Delete a cookie."""
    response.delete_cookie(name, path="/", secure=is_https(), httponly=True, samesite="strict")


def _prefix() -> str:
    return "__Host-" if is_https() else ""
