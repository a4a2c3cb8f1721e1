"""Tokens of the website: accepted only if signed, for our audience, and recent."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bot.accounts.sign_in import LONGEST, SignIn, SignInRefused, SignInSettings

ISSUER, AUDIENCE = "https://www.example.lv", "assistant"
ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
YEAR_9999 = 253_370_764_800  # in seconds since 1970
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
    assert sign_in.read(token()).customer == "5"


@pytest.mark.parametrize(
    "make",  # at the time of the test: the time of the import may be minutes old
    [
        pytest.param(lambda: token(iss="https://elsewhere.example"), id="another issuer"),
        pytest.param(lambda: token(aud="another"), id="meant for another"),
        pytest.param(lambda: token(exp=int(time.time()) - 60), id="expired"),
        pytest.param(lambda: token(exp=None), id="never expires"),
        pytest.param(lambda: token(iat=0, exp=YEAR_9999), id="issued in 1970, good until 9999"),
        pytest.param(lambda: token(exp=YEAR_9999), id="good until 9999"),
        pytest.param(lambda: token(iat=0), id="issued in 1970"),
        pytest.param(lambda: token(exp=int(time.time()) + 3601), id="good for longer than an hour"),
        pytest.param(lambda: token(iat=int(time.time()) + 120), id="issued in the future"),
        pytest.param(lambda: token(iat=int(time.time()) + 10, exp=int(time.time()) + 10), id="good for no time"),
        pytest.param(lambda: token(iat=str(int(time.time()))), id="a time as text"),
        pytest.param(lambda: token(iat=True), id="a time that is true"),
        pytest.param(lambda: token(exp=float("inf")), id="an endless time"),
        pytest.param(lambda: token(iat=float("nan")), id="a time that is no number"),
        pytest.param(lambda: token(iat=-float("inf")), id="issued endlessly long ago"),
        pytest.param(lambda: token(iat=[1]), id="a time that is a list"),
        pytest.param(lambda: token(sub=5), id="of a number"),
        pytest.param(lambda: token(iat=None), id="without its time"),
        pytest.param(lambda: token(sub=None), id="of nobody"),
        pytest.param(lambda: token(sub=""), id="of an empty name"),
        pytest.param(lambda: token(key_id=None), id="without a key's id"),
        pytest.param(lambda: token(key_id="unknown"), id="of an unknown key"),
        pytest.param(lambda: token(FOREIGN), id="signed by somebody else"),
        pytest.param(lambda: token("x" * 40, algorithm="HS256"), id="signed with a shared secret"),
        pytest.param(lambda: token(None, algorithm="none"), id="not signed"),
        pytest.param(lambda: token()[:-4] + "AAAA", id="changed"),
        pytest.param(lambda: "no token", id="no token"),
        pytest.param(lambda: "", id="empty"),
        pytest.param(lambda: "a" * (LONGEST + 1), id="too long"),
    ],
)
def test_anything_else_is_refused(sign_in: SignIn, make: Callable[[], str]) -> None:
    bad = make()
    with pytest.raises(SignInRefused):
        sign_in.read(bad)


def test_how_long_a_token_may_be_good_is_a_setting() -> None:
    now = int(time.time())
    settings = SignInSettings(ISSUER, AUDIENCE, lambda: key_set(first=OURS), timedelta(minutes=5))
    assert SignIn(settings).read(token(iat=now, exp=now + 300)).until.timestamp() == now + 330  # with the leeway
    with pytest.raises(SignInRefused, match="longer than 300 s"):
        SignIn(settings).read(token(iat=now, exp=now + 301))


def test_a_token_whose_signature_is_written_otherwise_is_the_same() -> None:
    """An ECDSA signature (r, s) is malleable: (r, n - s) is valid too, and a thief can compute it without the key."""
    key = ec.generate_private_key(ec.SECP256R1())
    public = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(key.public_key()))
    sign_in = SignIn(SignInSettings(ISSUER, AUDIENCE, lambda: {"keys": [{**public, "kid": "first", "alg": "ES256"}]}))
    first = token(key, algorithm="ES256")
    signed, _, signature = first.rpartition(".")
    raw = jwt.utils.base64url_decode(signature)
    other = raw[:32] + (ORDER_OF_P256 - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")
    second = f"{signed}.{jwt.utils.base64url_encode(other).decode()}"
    assert first != second
    assert sign_in.read(first) == sign_in.read(second)


def test_a_refusal_does_not_quote_the_token(sign_in: SignIn) -> None:
    bad = token(aud="another")
    with pytest.raises(SignInRefused) as refused:
        sign_in.read(bad)
    assert bad not in str(refused.value)


def test_the_website_can_change_its_key() -> None:
    published = key_set(first=OURS)
    sign_in = SignIn(SignInSettings(ISSUER, AUDIENCE, lambda: published, pause=0))
    sign_in.read(token())
    published = key_set(second=NEXT)
    assert sign_in.read(token(NEXT, "second")).customer == "5"


def test_a_key_that_was_withdrawn_is_refused_once_keys_are_read_again() -> None:
    published = key_set(first=OURS)
    sign_in = SignIn(SignInSettings(ISSUER, AUDIENCE, lambda: published))
    published = key_set(second=NEXT)
    sign_in.read(token(NEXT, "second"))
    with pytest.raises(SignInRefused):
        sign_in.read(token())


def test_the_website_is_not_asked_for_every_unknown_key() -> None:
    asked = []
    sign_in = SignIn(SignInSettings(ISSUER, AUDIENCE, lambda: asked.append(1) or key_set(first=OURS)))  # type: ignore[func-returns-value]
    for number in range(20):
        with pytest.raises(SignInRefused):
            sign_in.read(token(key_id=f"made up {number}"))
    assert len(asked) == 1
