"""Webhooks on their way: WebhookJob and lib/webhooks/trigger.rb of Chatwoot.

One attempt, with a time limit for connecting and for every read. Where it fails, a message that was to be told is
marked as failed, and nobody tries again.
"""

import asyncio
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime

import aiohttp

from harness.chatwoot.desk_records import ApiInbox, Conversation, JsonObject, Message
from harness.chatwoot.misbehaviour import (
    DelayedWebhook,
    DroppedWebhook,
    DuplicatedWebhook,
    ForgedSignature,
    Misbehaviours,
    ReorderedWebhooks,
    StaleTimestamp,
    UnsignedWebhook,
    WebhookFault,
)
from harness.chatwoot.webhook_signatures import body_of, signature_of

# Net::ReadTimeout's own words.
TIMED_OUT = "Net::ReadTimeout with #<TCPSocket:(closed)>"


@dataclass(frozen=True)
class Sending:
    """One request to the receiver; ``status`` is None where there was no answer, ``error`` None where it succeeded."""

    headers: dict[str, str]
    status: int | None = None
    error: str | None = None


@dataclass(eq=False)
class Delivery:
    """A webhook: what it says, and the requests that were made of it (none where it was dropped or waits)."""

    inbox: ApiInbox
    url: str
    payload: JsonObject
    body: bytes
    delivery_id: str
    # The inbox's when the webhook was queued; a new one does not change what is on its way.
    secret: str = field(repr=False)
    message: Message | None = None
    sendings: list[Sending] = field(default_factory=list)

    @property
    def event(self) -> str:
        """Such as ``message_created``."""
        return str(self.payload["event"])


class Courier:
    """Sends webhooks, one after another, or all at once as Sidekiq's threads do. Belongs to one event loop."""

    def __init__(
        self,
        faults: Misbehaviours,
        now: Callable[[], datetime],
        failed: Callable[[Message, str], None],
        *,
        timeout_seconds: float,
        in_order: bool,
    ) -> None:
        self.deliveries: list[Delivery] = []
        self._faults, self._now, self._failed = faults, now, failed
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=timeout_seconds, sock_read=timeout_seconds)
        self._in_order = in_order
        self._queue: asyncio.Queue[tuple[Delivery, WebhookFault | None]] = asyncio.Queue()
        self._waiting: list[Delivery] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._outstanding = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def tell(self, conversation: Conversation, payload: JsonObject, message: Message | None) -> None:
        """Queues a webhook, where the inbox has an address; faults decide what becomes of it."""
        inbox = conversation.inbox
        if inbox.webhook_url:
            delivery = Delivery(
                inbox, inbox.webhook_url, payload, body_of(payload), str(uuid.uuid4()), inbox.secret, message
            )
            self.deliveries.append(delivery)
            self._dispatch(delivery, self._faults.of_webhook(delivery.event))

    def _dispatch(self, delivery: Delivery, fault: WebhookFault | None) -> None:
        match fault:
            case DroppedWebhook():
                pass
            case DelayedWebhook():
                self._start(self._later(delivery, fault.seconds))
            case ReorderedWebhooks():
                self._hold(delivery, last=fault.times == 1)
            case DuplicatedWebhook():
                self._duplicate(delivery, fault)
            case _:
                self._send_soon(delivery, fault)

    def _hold(self, delivery: Delivery, *, last: bool) -> None:
        self._waiting.append(delivery)
        if last:
            self.release_held()

    def release_held(self) -> None:
        """Sends what waits for others, last first."""
        while self._waiting:
            self._send_soon(self._waiting.pop(), None)

    def _duplicate(self, delivery: Delivery, fault: DuplicatedWebhook) -> None:
        self._send_soon(delivery, None)
        for _ in range(fault.copies - 1):
            self.send_again(delivery, same_delivery_id=fault.same_delivery_id)

    def send_again(self, delivery: Delivery, *, same_delivery_id: bool) -> None:
        """The same body once more, with a new timestamp, and under the same delivery id or a new one."""
        if not same_delivery_id:
            delivery = replace(delivery, delivery_id=str(uuid.uuid4()), sendings=[])
            self.deliveries.append(delivery)
        self._send_soon(delivery, None)

    def _send_soon(self, delivery: Delivery, fault: WebhookFault | None) -> None:
        self._outstanding += 1
        self._idle.clear()
        self._queue.put_nowait((delivery, fault))

    async def _later(self, delivery: Delivery, seconds: float) -> None:
        self._outstanding += 1
        self._idle.clear()
        await asyncio.sleep(seconds)
        self._send_soon(delivery, None)
        self._done()

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _done(self) -> None:
        self._outstanding -= 1
        if not self._outstanding:
            self._idle.set()

    async def idle(self) -> None:
        """Returns when nothing is on its way; what was dropped or is held does not count."""
        await self._idle.wait()

    async def run(self) -> None:
        """Sends until it is cancelled."""
        async with aiohttp.ClientSession(timeout=self._timeout, skip_auto_headers=["User-Agent"]) as session:
            while True:
                delivery, fault = await self._queue.get()
                if self._in_order:
                    await self._send(session, delivery, fault)
                else:
                    self._start(self._send(session, delivery, fault))

    async def _send(self, session: aiohttp.ClientSession, delivery: Delivery, fault: WebhookFault | None) -> None:
        sending = await self._attempt(session, delivery, self._headers(delivery, fault))
        delivery.sendings.append(sending)
        if sending.error and delivery.message:
            self._failed(delivery.message, sending.error)
        self._done()

    async def _attempt(self, session: aiohttp.ClientSession, delivery: Delivery, headers: dict[str, str]) -> Sending:
        try:
            request = session.post(delivery.url, data=delivery.body, headers=headers, allow_redirects=False)
            async with request as answer:
                await answer.read()
                good = 200 <= answer.status < 300
                return Sending(headers, answer.status, None if good else f"{answer.status} {answer.reason}")
        except TimeoutError:
            return Sending(headers, error=TIMED_OUT)
        except (aiohttp.ClientError, ValueError) as error:
            return Sending(headers, error=str(error) or type(error).__name__)

    def _headers(self, delivery: Delivery, fault: WebhookFault | None) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "User-Agent": "Ruby",
            "X-Chatwoot-Delivery": delivery.delivery_id,
        }
        if delivery.secret and not isinstance(fault, UnsignedWebhook):
            age = fault.seconds if isinstance(fault, StaleTimestamp) else 0
            secret = "forged" if isinstance(fault, ForgedSignature) else delivery.secret
            timestamp = str(int(self._now().timestamp()) - age)
            headers["X-Chatwoot-Timestamp"] = timestamp
            headers["X-Chatwoot-Signature"] = signature_of(delivery.body, secret, timestamp)
        return headers
