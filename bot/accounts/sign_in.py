"""Single sign-on from the website: a signed token (JWT) instead of a one-time code."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

ALGORITHMS = ["RS256", "ES256", "EdDSA"]  # signed with a private key that we do not have
LONGEST = 8_192  # characters
LEEWAY = timedelta(seconds=30)  # for clock skew between us and the website
TIMES = ("iat", "exp")


class SignInRefused(ValueError):
    """A token that is not accepted; the message says why and never quotes it."""


@dataclass(frozen=True)
class SignInSettings:
    """Which tokens are trusted.

    Attributes:
        lifetime: the longest validity of a token from its issue; one that claims longer is refused.
        keys: fetches the website's public keys (a JWK set as a dictionary); called again when a key id is unknown, so
            that the website can rotate its keys.
        pause: seconds between two fetches of the keys.
    """

    issuer: str
    audience: str
    keys: Callable[[], dict[str, Any]]
    lifetime: timedelta = timedelta(hours=1)
    pause: float = 10.0


@dataclass(frozen=True)
class SignedToken:
    """A verified token.

    Attributes:
        customer: the customer's id.
        signed: the part that the signature covers. The signature itself has several valid encodings, so two different
            texts may be one token.
        until: when it expires.
    """

    customer: str
    signed: str
    until: datetime


class SignIn:
    """Verifies tokens of the website."""

    def __init__(self, settings: SignInSettings) -> None:
        self._settings = settings
        self._known: dict[str, Any] = {}
        self._ask_again_at = 0.0

    def read(self, token: str) -> SignedToken:
        """Verify that a token is signed, meant for us, not expired, and not valid for too long.

        Raises:
            SignInRefused: one of these fails.
        """
        if len(token) > LONGEST:
            raise SignInRefused("The token is too long.")
        try:
            claims = jwt.decode(
                token,
                self._key(jwt.get_unverified_header(token).get("kid")),
                algorithms=ALGORITHMS,
                issuer=self._settings.issuer,
                audience=self._settings.audience,
                options={"require": ["exp", "iat", "sub", "iss", "aud"]},
                leeway=LEEWAY,
            )
        except jwt.PyJWTError as error:
            raise SignInRefused(f"The token is not valid: {type(error).__name__}.") from None
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise SignInRefused("The token names no customer.")
        return SignedToken(claims["sub"], token.rpartition(".")[0], self._end(claims) + LEEWAY)

    def _end(self, claims: dict[str, Any]) -> datetime:
        """When a token expires. PyJWT has checked that it has not expired yet and was not issued in the future."""
        if not all(type(claims[name]) in {int, float} for name in TIMES):
            raise SignInRefused("The token's times are not numbers.")
        issued, expires = (claims[name] for name in TIMES)
        longest = self._settings.lifetime.total_seconds()
        if not 0 < expires - issued <= longest:
            raise SignInRefused(f"The token is valid for longer than {longest:.0f} s, or for no time at all.")
        return datetime.fromtimestamp(expires, UTC)

    def _key(self, key_id: object) -> Any:
        if not isinstance(key_id, str):
            raise SignInRefused("The token names no key.")
        if key_id not in self._known and time.monotonic() >= self._ask_again_at:
            # Anybody can send an unknown key id; the website must not be asked about each of them.
            self._ask_again_at = time.monotonic() + self._settings.pause
            found = jwt.PyJWKSet.from_dict(self._settings.keys()).keys
            self._known = {key.key_id: key.key for key in found if key.key_id}
        if key_id not in self._known:
            raise SignInRefused("The token's key is not one of the website's.")
        return self._known[key_id]
