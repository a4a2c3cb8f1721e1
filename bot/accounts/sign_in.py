"""Customers whom the website has signed in already: a signed token in place of a one-time code."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt

ALGORITHMS = ["RS256", "ES256", "EdDSA"]  # signed with a private key that we do not have
LONGEST = 8_192  # characters


class SignInRefused(ValueError):
    """A token that proves nothing; the message says why and never quotes it."""


@dataclass(frozen=True)
class SignInSettings:
    """Whose tokens are believed.

    Attributes:
        keys: gives the website's public keys (a JWK set as a dictionary); asked again when a key id is unknown, so that
            the website can change its keys.
        pause: seconds after which it may be asked again.
    """

    issuer: str
    audience: str
    keys: Callable[[], dict[str, Any]]
    pause: float = 10.0


class SignIn:
    """Reads tokens of the website."""

    def __init__(self, settings: SignInSettings) -> None:
        self._settings = settings
        self._known: dict[str, Any] = {}
        self._ask_again_at = 0.0

    def customer(self, token: str) -> str:
        """The customer's id, from a token that is signed, meant for us and not expired.

        Raises:
            SignInRefused: it is not.
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
                leeway=30,
            )
        except jwt.PyJWTError as error:
            raise SignInRefused(f"The token is not valid: {type(error).__name__}.") from None
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise SignInRefused("The token names no customer.")
        return str(claims["sub"])

    def _key(self, key_id: object) -> Any:
        if not isinstance(key_id, str):
            raise SignInRefused("The token names no key.")
        if key_id not in self._known and time.monotonic() >= self._ask_again_at:
            # Anybody can name an unknown key; the website must not be asked for each of them.
            self._ask_again_at = time.monotonic() + self._settings.pause
            found = jwt.PyJWKSet.from_dict(self._settings.keys()).keys
            self._known = {key.key_id: key.key for key in found if key.key_id}
        if key_id not in self._known:
            raise SignInRefused("The token's key is not one of the website's.")
        return self._known[key_id]
