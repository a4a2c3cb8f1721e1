"""What the three stand-ins share: the refusal, the record of a transfer, and the caller's view of a call."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any


class GatewayRefused(AssertionError):
    """The real gateway would not carry out what the bot did; the sentence says what and why."""


class CannotDo(RuntimeError):
    """The test asked for something the caller or the network cannot do in this state (fault of the test)."""


@dataclass
class Transfer:
    """How the bot asked for a transfer."""

    target: str
    kind: str  # "dial", "refer", "enqueue", "transfer"
    headers: dict[str, str] = field(default_factory=dict)  # SIP headers that go along
    summary: str | None = None  # reason/summary text, where the gateway has one
    caller_id: str | None = None
    timeout: float | None = None
    raw: Any = None


def spoken(text: str) -> str:
    """Text without SSML tags, blanks folded: what the caller hears."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", text))).strip()


class Call:
    """Caller's side, the same for the three gateways.

    state     "new" -> "listening" | "transferring" | "ended"
    heard     texts spoken since the last method of the caller was called; heard_all: since the beginning
    language  {"listening": ..., "speaking": ...}
    transfer  Transfer or None (the last one asked for)
    notes     what the gateway ignored or where the stand-in assumed something
    log       one dict per HTTP request: {"what", "method", "url", "sent", "status", "answer"}
    """

    def __init__(self, caller: str, callee: str, language: str | None) -> None:
        self.caller, self.callee = caller, callee
        self.state = "new"
        self.heard: list[str] = []
        self.heard_all: list[str] = []
        self.language: dict[str, str | None] = {"listening": language, "speaking": language}
        self.transfer: Transfer | None = None
        self.ended_because: str | None = None
        self.notes: list[str] = []
        self.log: list[dict[str, Any]] = []

    def _turn(self, *states: str) -> None:
        """Start a caller's action: only in the given states; what was heard before is cleared."""
        if self.state not in states:
            raise CannotDo(
                f"the call is '{self.state}', this needs {' or '.join(states)}"
                + (f" (ended because: {self.ended_because})" if self.ended_because else "")
            )
        self.heard = []

    def _hear(self, text: str) -> None:
        text = spoken(text)
        if text:
            self.heard.append(text)
            self.heard_all.append(text)

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _end(self, because: str) -> None:
        self.state, self.ended_because = "ended", because
