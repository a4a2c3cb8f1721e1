"""Authentication of callers: bearer tokens, and secrets compared in constant time."""

import hmac

from sanic.request import Request

SCHEME = "bearer"


def bearer_token(request: Request) -> str:
    """The token of `Authorization: Bearer …`; "" where there is none. The scheme's case does not matter (RFC 9110)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == SCHEME else ""


def shows_token(request: Request, token: str) -> bool:
    """Whether a request carries this bearer token."""
    return is_secret(bearer_token(request), token)


def is_secret(given: str, secret: str) -> bool:
    """Whether the given text is the secret, in constant time; never where the secret is empty."""
    return hmac.compare_digest(given.encode(errors="replace"), secret.encode()) and bool(secret)
