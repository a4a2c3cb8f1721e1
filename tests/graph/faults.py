"""Faults to queue in the stand-in: errors, bad answers, cut connections, slowness."""

import threading
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["error", "empty", "not_json", "cut", "slow"]
HTML = b"<!DOCTYPE html><html><body>Sorry, something went wrong.</body></html>"


@dataclass
class Fault:
    """One queued fault.

    ``accept``: is the request carried out first?  (A connection may die before or after the message
    was taken; error 1/1357046 is documented as "sent successfully, but the endpoint returns an error".)
    ``times``/``seconds``: how often / how long (by the graph's clock); both None = until cleared.
    ``edge``: only for this last path part ("messages", "messenger_profile", "me"); None = any.
    """

    kind: Kind
    accept: bool
    code: int = 1
    subcode: int | None = None
    status: int | None = None
    message: str | None = None
    delay: float = 0.0
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    edge: str | None = None
    method: str | None = None
    times: int | None = 1
    until: float | None = None
    used: int = 0


class Faults:
    """First in, first out; a fault that does not match the request is passed over."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.queue: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Queue one."""
        with self._lock:
            self.queue.append(fault)
        return fault

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self.queue.clear()

    def take(self, method: str, edge: str, now: float) -> Fault | None:
        """The fault for this request, if any; counts it."""
        with self._lock:
            self.queue = [
                f for f in self.queue if (f.until is None or now < f.until) and (f.times is None or f.used < f.times)
            ]
            for fault in self.queue:
                if fault.edge in (None, edge) and fault.method in (None, method):
                    fault.used += 1
                    return fault
        return None
