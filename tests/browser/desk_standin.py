"""The desk of the fake server: a test acts as the person at it."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

REFERENCE = "EL-7KQ4-XH3M"
OPEN = {"state": "open", "opens_at": None, "wait_minutes": [2, 5]}
NOTHING = {"buttons": [], "sources": [], "language": None}


def _nobody() -> dict[str, Any]:
    return {
        "state": "none",
        "reference": None,
        "kind": None,
        "name": None,
        "before": None,
        "call_back": False,
        "availability": OPEN,
        "times": [],
        "shared": False,
        "rate": [],
    }


@dataclass
class StandInDesk:
    """What happens at the desk about one conversation.

    Attributes:
        said: what clients get as `said`, the oldest first.
        heard: what the client has told the desk: its path and body.
        cuts: streams end when it grows.
        typed: a client is told that the person types when it grows.
    """

    state: dict[str, Any] = field(default_factory=_nobody)
    said: list[dict[str, Any]] = field(default_factory=list)
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    cuts: int = 0
    typed: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def request(self, kind: str = "person", **state: Any) -> None:
        self.state |= {"state": "waiting", "reference": REFERENCE, "kind": kind, "before": 0, **state}

    def take_over(self, name: str = "Ilze") -> None:
        self._note("taken", name)
        self.state |= {"state": "held", "name": name, "before": None}

    def say(self, text: str) -> None:
        self._add({"from": "person", "name": self.state["name"], "text": text})

    def lose(self) -> None:
        """The person's browser died."""
        self._note("agent_lost", self.state["name"])
        self.state |= {"state": "waiting", "before": 0}

    def end(self, event: str = "closed", rate: tuple[str, ...] = ()) -> None:
        self._note(event, self.state["name"])
        self.state |= {"state": "closed", "rate": list(rate)}

    def cut(self) -> None:
        self.cuts += 1

    def take(self, message: dict[str, Any]) -> int | None:
        """The number of a customer's message that goes to a person; None where none is there."""
        for reply in message["replies"]:
            if "request" in reply and self.state["state"] == "none":
                self.request(reply["request"]["kind"])
        known = next((each["number"] for each in self.said if each["id"] == message["id"]), None)
        if known or self.state["state"] != "held":
            return known
        message["replies"] = []
        return self._add({"from": "customer", "id": message["id"], "text": message["customer"]["text"]})

    def merged(self, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The history: what was said to a person where it belongs."""
        numbers = {each["id"]: each["number"] for each in self.said}
        known = {each["id"] for each in said}
        all_of_it = [each | ({"number": numbers[each["id"]]} if each["id"] in numbers else {}) for each in said]
        all_of_it += [each for each in self.said if each["id"] not in known]
        return sorted(all_of_it, key=lambda each: str(each["at"]))

    def hear(self, what: str, body: dict[str, Any]) -> None:
        """Something from the client."""
        self.heard.append((what, body))
        if what == "back" and self.state["state"] == "held":
            self.end("returned", rate=("person",))
        elif what == "share":
            self.state["shared"] = True
        elif what == "call-back":
            self.state["call_back"] = True
        elif what == "rating":
            self.state["rate"] = [about for about in self.state["rate"] if about != body["about"]]

    def _note(self, event: str, name: str) -> None:
        self._add({"from": "notice", "event": event, "name": name, "text": ""})

    def _add(self, entry: dict[str, Any]) -> int:
        with self.lock:
            number = len(self.said) + 1
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            self.said.append({**NOTHING, "id": f"desk-{number}", "number": number, "at": now, **entry})
        return number
