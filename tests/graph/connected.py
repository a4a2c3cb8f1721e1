"""A page of the stand-in, and an assistant that is connected with it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from running import Running  # tests/running.py

from graph.api import GraphApi, Record
from graph.page import Sent
from graph.webhooks import Attempt, Webhooks

TOKEN, SECRET, VERIFY_TOKEN = "page-token-of-the-tests", "app-secret-of-the-tests", "verify-token-of-the-tests"
APP, PAGE = "77", "1000"
SETTINGS = {
    "BOT_MESSENGER_PAGE_TOKEN": TOKEN,
    "BOT_MESSENGER_APP_SECRET": SECRET,
    "BOT_MESSENGER_VERIFY_TOKEN": VERIFY_TOKEN,
}
# What docs/messenger.md tells to subscribe to.
FIELDS = ["messages", "messaging_postbacks", "messaging_referrals", "messaging_handovers", "standby", "message_echoes"]
PAGE_PATIENCE = 60.0  # seconds
WAITING = "SELECT id FROM messenger_events WHERE done_at IS NULL AND set_aside_at IS NULL"
Event = dict[str, Any]


def page_of_the_tests(**more: Any) -> GraphApi:
    """The Graph API of a page whose app is its default, as docs/messenger.md tells to make it."""
    graph = GraphApi(TOKEN, SECRET, APP, PAGE, require_proof=True, default_app=APP, page_name="Test page", **more)
    graph.subscribed = list(FIELDS)
    return graph


def settings_of(graph: GraphApi, **more: str) -> dict[str, str]:
    """The environment of an assistant whose page this is."""
    return {**SETTINGS, "BOT_GRAPH_URL": graph.url, **more}


def events_of(assistant: str = "") -> Webhooks:
    """Makes the page's events, and delivers them to an assistant that runs at an address."""
    return Webhooks(PAGE, APP, SECRET, assistant.replace("/chat/", "/webhooks/messenger/webhook"), VERIFY_TOKEN)


def texts(graph: GraphApi, person: str) -> list[str]:
    """What a person was told."""
    return [sent.message["text"] for sent in list(graph.sent) if sent.psid == person]


def actions(graph: GraphApi, person: str) -> list[str]:
    """What a person was shown, such as that somebody is typing."""
    return [action for _, who, action in list(graph.page.actions) if who == person]


def refused(graph: GraphApi) -> list[Record]:
    """The requests that were not taken, though nobody had told the stand-in to fail."""
    return [each for each in list(graph.requests) if each.error is not None and each.fault is None]


def seen(graph: GraphApi, *events: Event) -> None:
    """What the page knows of events: who has written, and when."""
    for event in events:
        person = str(event.get("sender", {}).get("id"))
        if person.isdecimal() and person != PAGE:
            before = graph.person(person).last_wrote or 0.0
            at = event.get("timestamp")
            graph.wrote(person, max(before, at / 1000 if isinstance(at, int) and at > 10**12 else time.time()))


@dataclass
class MessengerPage:
    """A page whose assistant runs: `graph` is where it sends its answers, `hooks` where its events come from."""

    running: Running
    graph: GraphApi
    hooks: Webhooks = field(init=False)

    def __post_init__(self) -> None:
        self.hooks = events_of(self.running.url)

    def deliver(self, *events: Event, channel: str = "messaging") -> None:
        seen(self.graph, *events)
        delivery = self.hooks.standby(*events) if channel == "standby" else self.hooks.batch(*events)
        attempt = self.hooks.post(delivery)
        assert attempt.delivered, attempt

    def say(self, person: str, text: str, **more: Any) -> None:
        """Deliver a text."""
        self.deliver(self.hooks.text(person, text, **more))

    def post(self, content: bytes, **headers: str) -> Attempt:
        """Deliver bytes with a signature, unless `headers` has another."""
        return self.hooks.post(content, headers=headers)

    def echo_all(self) -> None:
        """From now on each message of the assistant comes back, as a page that is subscribed to echoes gets it."""

        def echo(sent: Sent) -> None:
            event = self.hooks.echo_own(
                sent.psid, sent.message.get("text"), sent.mid, metadata=sent.message.get("metadata")
            )
            delivery = self.hooks.envelope(event)
            threading.Thread(target=self.hooks.post, args=(delivery,), daemon=True).start()

        self.graph.listeners.append(echo)

    def hears(self, person: str, count: int = 1, patience: float = PAGE_PATIENCE) -> list[str]:
        """Wait until a person has been told so many messages, and a moment longer for one too many."""
        wait_for(lambda: len(texts(self.graph, person)) >= count, patience)
        self.settle()
        told = texts(self.graph, person)
        assert len(told) == count, told
        return told

    def settle(self) -> None:
        """Wait until nothing is left to be done."""
        wait_for(lambda: not self.rows(WAITING), PAGE_PATIENCE)

    def rows(self, query: str, **values: object) -> list[Any]:
        """What the assistant's database gives."""
        return self.running.rows(query, **values)


def wait_for(condition: Callable[[], bool], patience: float) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "It did not come to pass."
        time.sleep(0.05)
