"""Customers who are signed in on the website: no number, no code; and whom a token proves nothing for."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ed25519
from running import Running, start  # tests/running.py

from benchmarks.served import free_port

pytestmark = pytest.mark.server
ISSUER, AUDIENCE = "https://website.example", "assistant"
KEY, FOREIGN = ed25519.Ed25519PrivateKey.generate(), ed25519.Ed25519PrivateKey.generate()
LATE, TWO_CONTRACTS = "3", "6"  # demo customers


def token(customer: str, key: ed25519.Ed25519PrivateKey = KEY, lasts: int = 300) -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": customer, "iat": now, "exp": now + lasts}
    return jwt.encode(claims, key, "EdDSA", headers={"kid": "first"})


def started(folder: Path, **variables: str) -> Running:
    public = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(KEY.public_key()))
    keys = folder / "keys.json"
    keys.write_text(json.dumps({"keys": [{**public, "kid": "first", "use": "sig", "alg": "EdDSA"}]}), encoding="utf-8")
    sign_in = {"BOT_SIGNIN_ISSUER": ISSUER, "BOT_SIGNIN_AUDIENCE": AUDIENCE, "BOT_SIGNIN_KEYS": str(keys)}
    return start(folder, BOT_AS_OF="2020-03-25", **sign_in, **variables)


@pytest.fixture(scope="module")
def website(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The assistant of a website that signs customers in."""
    running = started(tmp_path_factory.mktemp("website"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def website_without_billing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The same, but nothing answers where the billing system should be."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    running = started(tmp_path_factory.mktemp("without_billing"), BOT_ACCOUNTS_URL=nowhere)
    yield running
    running.stop()


def post(running: Running, path: str, body: dict[str, str], session: str = "") -> requests.Response:
    return requests.post(running.url + path, json=body, headers={"Authorization": f"Bearer {session}"}, timeout=10)


def session_of(running: Running, customer: str) -> str:
    return str(post(running, "session", {"token": token(customer)}).json()["session"])


def said(running: Running, session: str, text: str) -> str:
    return "\n".join(reply["text"] for reply in running.ask(text, session))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Cik es esmu parādā?", r"kavēts maksājums – 52,10.€"),
        ("How much do I owe?", r"a payment of €52\.10 is overdue"),
    ],
)
def test_who_is_signed_in_hears_of_the_account_at_once(website: Running, question: str, answer: str) -> None:
    assert re.search(answer, said(website, session_of(website, LATE), question))


def test_who_has_several_contracts_chooses_one(website: Running) -> None:
    session = session_of(website, TWO_CONTRACTS)
    choices = said(website, session, "Cik es esmu parādā?")
    assert re.search(r"1\. Parauga prospekts .*\n2\. Parauga prospekts", choices)
    assert "Par adresi Parauga prospekts" in said(website, session, "2")


def test_one_may_sign_in_in_the_middle_of_a_conversation(website: Running) -> None:
    session = website.session()
    said(website, session, "Vai Rīgas centrs ir slēgts?")
    assert post(website, "sign-in", {"token": token(LATE)}, session).status_code == 200
    assert "52,10" in said(website, session, "Cik es esmu parādā?")


def test_signing_in_as_another_closes_the_first_account(website: Running) -> None:
    session = session_of(website, LATE)
    post(website, "sign-in", {"token": token(TWO_CONTRACTS)}, session)
    assert "Liepāja" not in said(website, session, "Cik es esmu parādā?")


def test_who_is_signed_in_without_contracts_is_asked_for_a_number(website: Running) -> None:
    assert "līguma numurs" in said(website, session_of(website, "999999"), "Cik es esmu parādā?")


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        pytest.param(token(LATE, FOREIGN), 403, id="signed by somebody else"),
        pytest.param(token(LATE, lasts=-60), 403, id="expired"),
        pytest.param("no token", 403, id="no token"),
        pytest.param(7, 400, id="no text"),
    ],
)
@pytest.mark.parametrize("path", ["session", "sign-in"])
def test_a_token_that_proves_nothing_is_refused(website: Running, path: str, bad: str, status: int) -> None:
    answer = post(website, path, {"token": bad}, website.session())
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_a_refused_token_opens_nothing(website: Running) -> None:
    session = website.session()
    post(website, "sign-in", {"token": token(LATE, FOREIGN)}, session)
    assert "līguma numurs" in said(website, session, "Cik es esmu parādā?")


def test_a_website_that_signs_nobody_in_refuses_every_token(assistant: Running) -> None:
    assert post(assistant, "session", {"token": token(LATE)}).status_code == 403


def test_the_chat_begins_while_accounts_cannot_be_read(website_without_billing: Running) -> None:
    answer = post(website_without_billing, "session", {"token": token(LATE)})
    assert (answer.status_code, answer.json()["signed_in"]) == (201, False)
    assert "8400" in said(website_without_billing, answer.json()["session"], "Kā ar Jums sazināties?")


def test_who_signs_in_later_hears_that_accounts_cannot_be_read(website_without_billing: Running) -> None:
    running = website_without_billing
    assert post(running, "sign-in", {"token": token(LATE)}, running.session()).status_code == 503
