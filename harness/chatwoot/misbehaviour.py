"""Faults that a test asks for: of webhooks on their way, and of answers of the API."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from harness.chatwoot.desk_records import JsonObject


@dataclass(frozen=True, kw_only=True)
class WebhookFault:
    """Befalls the next ``times`` webhooks of these events; of any event where none is named."""

    events: frozenset[str] = frozenset()
    times: int = 1

    def befalls(self, event: str) -> bool:
        """Whether it is about this event."""
        return not self.events or event in self.events


@dataclass(frozen=True, kw_only=True)
class DuplicatedWebhook(WebhookFault):
    """Arrives ``copies`` times: under one delivery id, or each copy under its own."""

    copies: int = 2
    same_delivery_id: bool = True


@dataclass(frozen=True, kw_only=True)
class DroppedWebhook(WebhookFault):
    """Never arrives, and Chatwoot does not notice."""


@dataclass(frozen=True, kw_only=True)
class DelayedWebhook(WebhookFault):
    """Arrives later; others overtake it."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class ReorderedWebhooks(WebhookFault):
    """Waits until ``times`` webhooks are there, which then arrive last first."""

    times: int = 2


@dataclass(frozen=True, kw_only=True)
class ForgedSignature(WebhookFault):
    """Is signed with another secret."""


@dataclass(frozen=True, kw_only=True)
class UnsignedWebhook(WebhookFault):
    """Has neither signature nor timestamp, as with Chatwoot before 4.13."""


@dataclass(frozen=True, kw_only=True)
class StaleTimestamp(WebhookFault):
    """Is signed correctly, ``seconds`` ago."""

    seconds: int = 3600


@dataclass(frozen=True, kw_only=True)
class ApiFault:
    """Befalls the next ``times`` requests of this method whose path contains ``path``.

    With ``after_work`` Chatwoot does what it was asked before the fault: a client that asks again asks twice.
    """

    method: str | None = None
    path: str = ""
    times: int = 1
    after_work: bool = False

    def befalls(self, method: str, path: str) -> bool:
        """Whether it is about this request."""
        return self.method in {None, method} and self.path in path


@dataclass(frozen=True, kw_only=True)
class RefusedRequest(ApiFault):
    """Is answered with ``status`` and with what Chatwoot says then, or with ``body``.

    ``retry_after`` is seconds; Chatwoot's own 429 has no such header, a proxy's may.
    """

    status: int
    body: JsonObject | None = None
    retry_after: int | None = None


@dataclass(frozen=True, kw_only=True)
class HangingRequest(ApiFault):
    """Is answered, but only after so many seconds."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class BrokenConnection(ApiFault):
    """Is not answered: the connection is closed."""


Fault = WebhookFault | ApiFault
Kind = TypeVar("Kind", WebhookFault, ApiFault)


class Misbehaviours:
    """The faults that are still to come. The first that fits is taken."""

    def __init__(self) -> None:
        self._webhooks: list[WebhookFault] = []
        self._requests: list[ApiFault] = []

    def add(self, fault: Fault) -> None:
        """One more fault."""
        if isinstance(fault, WebhookFault):
            self._webhooks.append(fault)
        else:
            self._requests.append(fault)

    def clear(self) -> None:
        """No more faults."""
        self._webhooks.clear()
        self._requests.clear()

    def of_webhook(self, event: str) -> WebhookFault | None:
        """The fault that befalls a webhook of this event, if any; it has happened once more."""
        return _taken(self._webhooks, lambda fault: fault.befalls(event))

    def of_request(self, method: str, path: str) -> ApiFault | None:
        """The fault that befalls this request, if any; it has happened once more."""
        return _taken(self._requests, lambda fault: fault.befalls(method, path))


def _taken(faults: list[Kind], fits: Callable[[Kind], bool]) -> Kind | None:
    for place, fault in enumerate(faults):
        if fits(fault):
            if fault.times > 1:
                faults[place] = replace(fault, times=fault.times - 1)
            else:
                del faults[place]
            return fault
    return None
