"""A website that signs customers in: its keys, its tokens, and an assistant that accepts them."""

import json
import time
import uuid
from pathlib import Path

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric import ed25519
from running import Running, start  # tests/running.py

ISSUER, AUDIENCE = "https://website.example", "assistant"
KEY, FOREIGN = ed25519.Ed25519PrivateKey.generate(), ed25519.Ed25519PrivateKey.generate()
LATE, TWO_CONTRACTS = "3", "6"  # demo customers


def token(customer: str, key: ed25519.Ed25519PrivateKey = KEY, lasts: int = 300, **changes: int) -> str:
    """A new token each time, as a website issues one for each page."""
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": customer, "iat": now, "exp": now + lasts, "jti": str(uuid.uuid4())}
    claims |= changes
    return jwt.encode(claims, key, "EdDSA", headers={"kid": "first"})


def started(folder: Path, **variables: str) -> Running:
    public = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(KEY.public_key()))
    keys = folder / "keys.json"
    keys.write_text(json.dumps({"keys": [{**public, "kid": "first", "use": "sig", "alg": "EdDSA"}]}), encoding="utf-8")
    sign_in = {"BOT_SIGNIN_ISSUER": ISSUER, "BOT_SIGNIN_AUDIENCE": AUDIENCE, "BOT_SIGNIN_KEYS": str(keys)}
    return start(folder, BOT_AS_OF="2020-03-25", **sign_in, **variables)


def post(
    running: Running, path: str, body: dict[str, str], session: str = "", headers: dict[str, str] | None = None
) -> requests.Response:
    bearer = {"Authorization": f"Bearer {session}"}
    return requests.post(running.url + path, json=body, headers={**bearer, **(headers or {})}, timeout=10)


def session_of(running: Running, customer: str) -> str:
    return str(post(running, "session", {"token": token(customer)}).json()["session"])
