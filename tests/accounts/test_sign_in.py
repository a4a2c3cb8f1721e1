"""Tokens of the website: believed when signed, meant for us and fresh, and only then."""

import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.accounts.sign_in import LONGEST, SignIn, SignInRefused, SignInSettings

ISSUER, AUDIENCE = "https://www.example.lv", "assistant"
OURS, NEXT, FOREIGN = (rsa.generate_private_key(65537, 2048) for _ in range(3))


def key_set(**keys: rsa.RSAPrivateKey) -> dict[str, Any]:
    """The public keys by their ids."""
    made = {name: json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())) for name, key in keys.items()}
    return {"keys": [{**key, "kid": name, "use": "sig", "alg": "RS256"} for name, key in made.items()]}


def token(key: Any = OURS, key_id: str | None = "first", algorithm: str = "RS256", **changes: Any) -> str:
    """A token of customer 5; a claim that is changed to None is left out."""
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "5", "iat": now, "exp": now + 300} | changes
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(given, key, algorithm, headers={"kid": key_id} if key_id else None)


@pytest.fixture
def sign_in() -> SignIn:
    return SignIn(SignInSettings(ISSUER, AUDIENCE, lambda: key_set(first=OURS)))


def test_a_good_token_names_the_customer(sign_in: SignIn) -> None:
    assert sign_in.customer(token()) == "5"


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(token(iss="https://elsewhere.example"), id="another issuer"),
        pytest.param(token(aud="another"), id="meant for another"),
        pytest.param(token(exp=int(time.time()) - 60), id="expired"),
        pytest.param(token(exp=None), id="never expires"),
        pytest.param(token(iat=None), id="without its time"),
        pytest.param(token(sub=None), id="of nobody"),
        pytest.param(token(sub=""), id="of an empty name"),
        pytest.param(token(key_id=None), id="without a key's id"),
        pytest.param(token(key_id="unknown"), id="of an unknown key"),
        pytest.param(token(FOREIGN), id="signed by somebody else"),
        pytest.param(token("x" * 40, algorithm="HS256"), id="signed with a shared secret"),
        pytest.param(token(None, algorithm="none"), id="not signed"),
        pytest.param(token()[:-4] + "AAAA", id="changed"),
        pytest.param("no token", id="no token"),
        pytest.param("", id="empty"),
        pytest.param("a" * (LONGEST + 1), id="too long"),
    ],
)
def test_anything_else_is_refused(sign_in: SignIn, bad: str) -> None:
    with pytest.raises(SignInRefused):
        sign_in.customer(bad)


def test_a_refusal_does_not_quote_the_token(sign_in: SignIn) -> None:
    bad = token(aud="another")
    with pytest.raises(SignInRefused) as refused:
        sign_in.customer(bad)
    assert bad not in str(refused.value)


def test_the_website_can_change_its_key() -> None:
    published = key_set(first=OURS)
    sign_in = SignIn(SignInSettings(ISSUER, AUDIENCE, lambda: published, pause=0))
    sign_in.customer(token())
    published = key_set(second=NEXT)
    assert sign_in.customer(token(NEXT, "second")) == "5"


def test_a_key_that_was_withdrawn_is_refused_once_keys_are_read_again() -> None:
    published = key_set(first=OURS)
    sign_in = SignIn(SignInSettings(ISSUER, AUDIENCE, lambda: published))
    published = key_set(second=NEXT)
    sign_in.customer(token(NEXT, "second"))
    with pytest.raises(SignInRefused):
        sign_in.customer(token())


def test_the_website_is_not_asked_for_every_unknown_key() -> None:
    asked = []
    sign_in = SignIn(SignInSettings(ISSUER, AUDIENCE, lambda: asked.append(1) or key_set(first=OURS)))  # type: ignore[func-returns-value]
    for number in range(20):
        with pytest.raises(SignInRefused):
            sign_in.customer(token(key_id=f"made up {number}"))
    assert len(asked) == 1
