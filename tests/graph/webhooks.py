"""Deliveries as Meta makes them: envelope, bytes, signature, POST, redelivery, GET handshake.

Source: https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks
(2026): 200 OK; signature over the escaped form, lower-case hex; "immediately try a few more times";
alert after 15 minutes; after 1 hour unsubscribed ("Webhooks Disabled").  That page asks for an answer
"within 5 or less seconds"; a call is cut after 20 s by https://developers.facebook.com/docs/messenger-platform/faq.
"""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from graph.events import PAGE_INBOX, PAGE_INBOX_MISPRINT, Events, in_seconds, numeric_ids, test_button

__all__ = [
    "Webhooks",
    "Attempt",
    "encode",
    "sign",
    "PAGE_INBOX",
    "PAGE_INBOX_MISPRINT",
    "in_seconds",
    "numeric_ids",
    "test_button",
]
Json = dict[str, Any]
ALERT_AFTER, DISABLED_AFTER = 900.0, 3600.0
IMMEDIATE = 3  # "a few more times"
#: Pauses after the immediate tries; the page gives no schedule (assumed), only the ends above.
PAUSES = (60.0, 120.0, 240.0, 480.0, 900.0, 900.0, 900.0)


def encode(payload: Json) -> bytes:
    """The bytes Meta sends and signs: ASCII, \\uXXXX in lower case, and "/" "<" "%" "@" escaped.

    Lower case: certain (2026 page).  The four characters ("/ to \\/, < to \\u003C, % to \\u0025 and
    @ to \\u0040"): former webhook reference, quoted in public repositories; whether all four still
    hold in 2026 is not confirmed, "\\/" is in the 2026 examples.
    """
    text = json.dumps(payload, separators=(",", ":"), ensure_ascii=True)
    for plain, escaped in (("/", "\\/"), ("<", "\\u003C"), ("%", "\\u0025"), ("@", "\\u0040")):
        text = text.replace(plain, escaped)
    return text.encode("ascii")


def sign(raw: bytes, app_secret: str) -> dict[str, str]:
    """X-Hub-Signature-256 and the old X-Hub-Signature over the raw bytes."""
    key = app_secret.encode()
    return {
        "X-Hub-Signature-256": "sha256=" + hmac.new(key, raw, hashlib.sha256).hexdigest(),
        "X-Hub-Signature": "sha1=" + hmac.new(key, raw, hashlib.sha1).hexdigest(),
    }


@dataclass
class Attempt:
    """One POST of one delivery."""

    at: float
    raw: bytes
    status: int | None
    seconds: float
    delivered: bool
    error: str | None = None


class Webhooks(Events):
    """Event builders (see Events) plus delivery to one callback URL."""

    def __init__(
        self,
        page_id: str,
        app_id: str,
        app_secret: str,
        callback_url: str,
        verify_token: str = "",
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        timeout: float = 20.0,
    ) -> None:
        super().__init__(page_id, app_id, clock)
        self.app_secret, self.callback_url, self.verify_token = app_secret, callback_url, verify_token
        self.sleep, self.timeout = sleep, timeout
        self.attempts: list[Attempt] = []
        self.pending: list[bytes] = []
        self.alerted = self.disabled = False

    # -- envelopes --------------------------------------------------------------------------------
    def envelope(
        self, *events: Json, channel: str = "messaging", page_id: str | None = None, at: float | None = None
    ) -> Json:
        """One entry.  Today an entry carries one event; pass several to see whether all are read."""
        return {
            "object": "page",
            "entry": [{"id": page_id or self.page_id, "time": self._ms(at), channel: list(events)}],
        }

    def batch(self, *events: Json, channel: str = "messaging", at: float | None = None) -> Json:
        """Several entries, one event each: the form the docs describe for batches."""
        entries = [self.envelope(event, channel=channel, at=at)["entry"][0] for event in events]
        return {"object": "page", "entry": entries}

    def standby(self, *events: Json, at: float | None = None) -> Json:
        """The same events for an app that does not own the thread; postbacks lose their payload."""
        kept = []
        for event in events:
            body = event.get("postback")
            kept.append(
                event if body is None else {**event, "postback": {k: v for k, v in body.items() if k != "payload"}}
            )
        return self.envelope(*kept, channel="standby", at=at)

    def feed(self, item: str = "comment", verb: str = "add", at: float | None = None, **value: Any) -> Json:
        """A change of the feed; times in SECONDS, entry time too (page webhook reference, from memory)."""
        seconds = self._ms(at) // 1000
        body = {
            "from": {"id": "100", "name": "Peter Chang"},
            "item": item,
            "verb": verb,
            "post_id": f"{self.page_id}_1",
            "comment_id": "1_2",
            "parent_id": f"{self.page_id}_1",
            "created_time": seconds,
            "message": "hello",
            **value,
        }
        return {
            "object": "page",
            "entry": [{"id": self.page_id, "time": seconds, "changes": [{"field": "feed", "value": body}]}],
        }

    # -- delivery ---------------------------------------------------------------------------------
    def post(self, payload: Json | bytes, *, headers: dict[str, str] | None = None) -> Attempt:
        """One attempt: delivered only by status 200 within the time.  ``headers`` override (None-like
        empty string removes) -- for bad signatures.  Redirects are not followed (assumed)."""
        raw = payload if isinstance(payload, bytes) else encode(payload)
        sent = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            **sign(raw, self.app_secret),
            **(headers or {}),
        }
        sent = {name: value for name, value in sent.items() if value}
        started, status, error = time.monotonic(), None, None
        try:
            answer = requests.post(
                self.callback_url, data=raw, headers=sent, timeout=self.timeout, allow_redirects=False
            )
            status = answer.status_code
        except requests.RequestException as problem:
            error = type(problem).__name__
        took = time.monotonic() - started
        attempt = Attempt(self.clock(), raw, status, took, status == 200 and took <= self.timeout, error)
        self.attempts.append(attempt)
        return attempt

    def send(self, payload: Json | bytes) -> Attempt:
        """One attempt; an undelivered one waits in ``pending`` for ``redeliver``."""
        attempt = self.post(payload)
        if not attempt.delivered:
            self.pending.append(attempt.raw)
        return attempt

    def redeliver(self, order: str = "any") -> list[Attempt]:
        """Try all pending once more, the same bytes.  order "any": newest first -- Meta says the order is
        not kept after failures -- or "sent"."""
        waiting, self.pending = self.pending, []
        return [self.send(raw) for raw in (waiting if order == "sent" else waiting[::-1])]

    def deliver(self, payload: Json | bytes) -> list[Attempt]:
        """The whole documented course: at once, a few times at once again, then with pauses (``sleep``)
        up to 1 hour; then ``disabled`` and nothing more is sent until ``resubscribe``."""
        if self.disabled:
            return []
        raw = payload if isinstance(payload, bytes) else encode(payload)
        waited, done = 0.0, []
        for pause in (0.0,) * (1 + IMMEDIATE) + PAUSES:
            if waited + pause > DISABLED_AFTER:
                break
            if pause:
                self.sleep(pause)
                waited += pause
            done.append(self.post(raw))
            if done[-1].delivered:
                return done
            self.alerted = self.alerted or waited >= ALERT_AFTER
        self.sleep(DISABLED_AFTER - waited)
        self.disabled = True
        return done

    def resubscribe(self) -> None:
        """What the developer must do after "Webhooks Disabled"."""
        self.alerted = self.disabled = False

    # -- handshake --------------------------------------------------------------------------------
    def verify(self, token: str | None = None, mode: str = "subscribe") -> tuple[bool, int, str]:
        """GET with hub.mode, hub.verify_token, hub.challenge (an int).  True if 200 and the very challenge."""
        challenge = str(secrets.randbelow(9_000_000_000) + 1_000_000_000)
        answer = requests.get(
            self.callback_url,
            timeout=self.timeout,
            allow_redirects=False,
            params={
                "hub.mode": mode,
                "hub.verify_token": self.verify_token if token is None else token,
                "hub.challenge": challenge,
            },
        )
        return answer.status_code == 200 and answer.text == challenge, answer.status_code, answer.text
