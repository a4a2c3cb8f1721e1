"""Our side of Chatwoot as it is served: the webhook over HTTP, the worker, and what a customer does."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import uvicorn
from starlette.applications import Starlette

from bot.chatwoot.chatwoot_links import of_request
from bot.chatwoot.chatwoot_worker import ChatwootWorker
from bot.chatwoot.settings import ChatwootSettings, chatwoot_settings
from bot.chatwoot.webhook import PATH, routes
from bot.desk import desk_events
from bot.desk.claiming import give_back
from bot.desk.desk_outbox import due
from bot.desk.desk_requests import Request, found, open_request
from bot.desk.holding import Holder, holder
from bot.desk.kinds import SEEN_BY_CUSTOMER, DeskEventKind, RequestKind
from bot.desk.origin import Origin
from bot.storage.engine import session_scope
from bot.words.reference import Reference
from harness.chatwoot import ChatwootServer

PATIENCE = 30.0  # seconds


def eventually(holds: Callable[[], Any]) -> Any:
    """What `holds` returns once it is true."""
    until = time.monotonic() + PATIENCE
    while not (result := holds()):
        assert time.monotonic() < until, "It has not come true."
        time.sleep(0.01)
    return result


class ServedWebhook:
    """The webhook, served by uvicorn in a thread."""

    def __init__(self) -> None:
        config = uvicorn.Config(Starlette(routes=routes()), port=0, log_config=None, ws="none", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        eventually(lambda: self._server.started)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}{PATH}"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(PATIENCE)


class Scene:
    """A customer at our end, and Chatwoot at the other."""

    def __init__(self, chatwoot: ChatwootServer) -> None:
        self.chatwoot = chatwoot
        self._worker: tuple[ChatwootWorker, threading.Thread] | None = None
        self._ids = count()

    @property
    def settings(self) -> ChatwootSettings:
        settings = chatwoot_settings()
        assert settings
        return settings

    def work(self) -> None:
        """Start the worker."""
        worker = ChatwootWorker(self.settings)
        thread = threading.Thread(target=worker.run, daemon=True)
        thread.start()
        self._worker = worker, thread

    def rest(self) -> None:
        """Stop the worker."""
        if self._worker:
            self._worker[0].stop()
            self._worker[1].join(PATIENCE)
            assert not self._worker[1].is_alive()
            self._worker = None

    def asks(self, name: str = "talk", kind: RequestKind = RequestKind.PERSON, **how: Any) -> Reference:
        """A customer wants a person; returns the request's number."""
        origin = Origin(name, how.pop("channel", "web"), "lv")
        with session_scope() as session:
            return open_request(session, kind, origin, **how).reference

    def says(self, *texts: str, name: str = "talk") -> None:
        """The customer writes to the person."""
        for text in texts:
            with session_scope() as session:
                desk_events.customer_said(session, name, text, f"{name} {next(self._ids)}")

    def goes_back(self, reference: Reference) -> None:
        """The customer goes back to the assistant."""
        with session_scope() as session:
            give_back(session, reference, None)

    def is_too_late(self, reference: Reference, number: int) -> None:
        """An agent writes to somebody who has just gone back to the assistant."""
        self.goes_back(reference)
        self.chatwoot.agent_says(number, "x")

    def everything_is_told(self) -> bool:
        """Whether nothing waits to be told."""
        with session_scope() as session:
            return not due(session, datetime.now(UTC) + timedelta(days=1))

    def number(self, reference: Reference) -> int:
        """The conversation's number in Chatwoot, once it is there with its first message."""

        def there() -> int | None:
            for each in self.chatwoot.conversations():
                if each["custom_attributes"].get("reference") == reference.number and each["messages"]:
                    return int(each["id"])
            return None

        return int(eventually(there))

    def quiet(self, reference: Reference) -> int:
        """As `number`, once the worker has looked at it and will not before something happens."""
        number = self.number(reference)

        def is_quiet() -> bool:
            with session_scope() as session:
                link = of_request(session, reference)
                at = link.look_at if link else None
            return at is not None and at > datetime.now(UTC) + timedelta(minutes=1)

        eventually(is_quiet)
        self.chatwoot.settle()
        return number

    def heard_there(self, number: int) -> list[str]:
        """What the customer said, as Chatwoot has it; without the first message, which is ours."""
        shown = self.chatwoot.messages(number)
        return [each["content"] for each in shown if each["message_type"] == 0][1:]

    def events(self, *, seen_by_customer: bool = True, name: str | None = None) -> list[DeskEventKind]:
        """What happened at the desk, in order."""
        only = SEEN_BY_CUSTOMER if seen_by_customer else None
        with session_scope() as session:
            found_events = desk_events.events_after(session, 0, conversation_id=name, kinds=only)
        return [event.kind for event in found_events]

    def heard_here(self) -> list[tuple[str | None, str | None]]:
        """What agents said to the customer: name and text, in order."""
        with session_scope() as session:
            said = desk_events.events_after(session, 0, kinds={DeskEventKind.AGENT_SAID})
        return [(event.agent_name, event.text) for event in said]

    def request(self, reference: Reference) -> Request:
        with session_scope() as session:
            return found(session, reference)

    def holder(self, name: str = "talk", now: datetime | None = None) -> Holder | None:
        with session_scope() as session:
            return holder(session, name, now=now or datetime.now(UTC))
