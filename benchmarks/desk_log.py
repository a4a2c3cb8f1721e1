"""What people at the desk sent each other and when they saw it, in a load test."""

import re
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

CUSTOMER, AGENT = "customer", "agent"
_KEY = re.compile(r"\[(customer|agent) (\d+) (\d+)\]")
Key = tuple[str, int, int]  # who, conversation, number of the message


@dataclass
class DeskLog:
    """Each message has a key in its text.

    Attributes:
        sent, seen: when, by `time.perf_counter`.
        doubled: messages that one reader saw again.
        disordered: messages that a reader saw after a later one of the same sender.
        asked, noticed: when a person was asked for, and when the first agent heard of it, by reference number.
        again: requests that had to be sent once more, by why.
    """

    sent: dict[Key, float] = field(default_factory=dict)
    seen: dict[Key, float] = field(default_factory=dict)
    doubled: list[Key] = field(default_factory=list)
    disordered: list[Key] = field(default_factory=list)
    asked: dict[str, float] = field(default_factory=dict)
    noticed: dict[str, float] = field(default_factory=dict)
    again: Counter[str] = field(default_factory=Counter)
    _read: set[tuple[int, Key]] = field(default_factory=set)
    _latest: defaultdict[tuple[int, str, int], int] = field(default_factory=lambda: defaultdict(int))
    _count: Counter[tuple[str, int]] = field(default_factory=Counter)

    def written(self, who: str, conversation: int, text: str) -> str:
        """The text of a new message, which counts as sent now."""
        self._count[who, conversation] += 1
        number = self._count[who, conversation]
        self.sent[who, conversation, number] = time.perf_counter()
        return f"{text} [{who} {conversation} {number}]"

    def read(self, text: str, reader: int = 0) -> None:
        """Somebody sees a message; an agent who takes a conversation over sees what another one has seen before."""
        found = _KEY.search(text)
        if not found:
            return
        who, conversation, number = found[1], int(found[2]), int(found[3])
        key = who, conversation, number
        if (reader, key) in self._read:
            self.doubled.append(key)
            return
        self._read.add((reader, key))
        self.seen.setdefault(key, time.perf_counter())
        place = reader, who, conversation
        if number < self._latest[place]:
            self.disordered.append(key)
        self._latest[place] = max(number, self._latest[place])

    def withdrawn(self, text: str) -> None:
        """A message was refused, and its sender told so: it was not sent."""
        if found := _KEY.search(text):
            self.sent.pop((found[1], int(found[2]), int(found[3])), None)

    @property
    def lost(self) -> list[Key]:
        """Messages that nobody has seen."""
        return [key for key in self.sent if key not in self.seen]

    def milliseconds(self, who: str) -> list[float]:
        """From sending to seeing, of one side's messages."""
        return [(seen - self.sent[key]) * 1000 for key, seen in self.seen.items() if key[0] == who and key in self.sent]

    def milliseconds_until_noticed(self) -> list[float]:
        """From asking for a person, in words, to the first agent who hears of it."""
        return [(self.noticed[one] - asked) * 1000 for one, asked in self.asked.items() if one in self.noticed]


def conversation_in(text: str) -> int:
    """The conversation of a message, by its key."""
    found = _KEY.search(text)
    return int(found[2]) if found else 0
