"""A token of the website signs in one conversation, however many use it concurrently; on both databases."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.accounts import setup
from bot.accounts.demo import load_demo
from bot.accounts.sign_in import SignInRefused
from bot.accounts.signed_in import MayMove, open_accounts, open_accounts_of
from bot.schema.tables import SignedInToken
from bot.storage.engine import session_scope

pytestmark = pytest.mark.both_databases
KEY = ed25519.Ed25519PrivateKey.generate()
ISSUER, AUDIENCE = "https://website.example", "assistant"
CUSTOMER, UNKNOWN = "3", "999999"
HERE, ELSEWHERE = "here", "elsewhere"
AT_ONCE = 8


def never(_: Session, __: str) -> bool:
    return False


def always(_: Session, __: str) -> bool:
    return True


def token(customer: str = CUSTOMER) -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": customer, "iat": now, "exp": now + 300}
    return jwt.encode(claims, KEY, "EdDSA", headers={"kid": "first"})


@pytest.fixture(autouse=True)
def _website(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation on the test's database that accepts tokens of a website."""
    public = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(KEY.public_key()))
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"keys": [{**public, "kid": "first"}]}), encoding="utf-8")
    settings = {"BOT_SIGNIN_ISSUER": ISSUER, "BOT_SIGNIN_AUDIENCE": AUDIENCE, "BOT_SIGNIN_KEYS": str(keys)}
    for name, value in {**settings, "DATABASE_URL": database, "BOT_SIGNING_KEY": "a key for tests"}.items():
        monkeypatch.setenv(name, value)
    with session_scope() as session:
        load_demo(session)
    caches = (setup.sign_in, setup.account_source)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


def at_once(given: str, may_move: MayMove) -> list[bool]:
    """Whether each of many conversations that use one token concurrently was signed in."""
    start = Barrier(AT_ONCE)

    def one(place: int) -> bool:
        start.wait()
        try:
            return open_accounts(given, f"web-{place}", HERE, may_move)
        except SignInRefused:
            return False

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(one, range(AT_ONCE)))


def is_open(conversation: str) -> bool:
    return bool(open_accounts_of(conversation).contracts)


def test_of_many_at_once_one_is_signed_in() -> None:
    assert at_once(token(), never).count(True) == 1


def test_where_a_token_may_move_it_is_open_in_one_conversation_all_the_same() -> None:
    at_once(token(), always)
    assert [is_open(f"web-{place}") for place in range(AT_ONCE)].count(True) == 1


def test_a_token_signs_in_its_conversation_from_anywhere() -> None:
    given = token()
    assert [open_accounts(given, "web", address, never) for address in (HERE, ELSEWHERE, HERE)] == [True] * 3


@pytest.mark.parametrize(("address", "may_move"), [(HERE, never), (ELSEWHERE, always)])
def test_a_token_does_not_sign_in_another_conversation(address: str, may_move: MayMove) -> None:
    given = token()
    open_accounts(given, "web", HERE, never)
    with pytest.raises(SignInRefused, match="another conversation"):
        open_accounts(given, "thief", address, may_move)
    assert (is_open("web"), is_open("thief")) == (True, False)


def test_a_customer_whom_billing_does_not_know_is_not_signed_in() -> None:
    assert open_accounts(token(UNKNOWN), "web", HERE, never) is False
    assert not is_open("web")


def test_of_a_token_a_hash_is_kept() -> None:
    given = token()
    open_accounts(given, "web", HERE, never)
    with session_scope() as session:
        kept = session.execute(select(SignedInToken.token)).scalar_one()
    assert (len(kept), kept in given) == (64, False)
