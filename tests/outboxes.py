"""Reads what the assistant sends to the phones and mailboxes of customers."""

import json
import re
import time
from pathlib import Path

from bot.accounts.senders import PAUSE

CODE_PATIENCE = 60.0  # seconds; codes are sent in the background


class Outbox:
    """What was sent to customers: to everybody, or to some phones and addresses only."""

    def __init__(self, path: Path, *to: str, from_now_on: bool = False) -> None:
        self._path, self._to = path, to
        if from_now_on:
            time.sleep(2 * PAUSE)  # an earlier test's unread code may still be being sent
        self._read = len(self.messages()) if from_now_on else 0

    def messages(self) -> list[dict[str, str]]:
        """Everything that was sent, oldest first: {"at", "to", "text"}."""
        lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []
        messages = [json.loads(line) for line in lines]
        return [message for message in messages if not self._to or message["to"] in self._to]

    def code_within(self, seconds: float) -> str | None:
        """The code of the next unread message; None if none arrives."""
        until = time.monotonic() + seconds
        while len(messages := self.messages()) <= self._read:
            if time.monotonic() > until:
                return None
            time.sleep(0.01)
        self._read += 1
        found = re.search(r"\b\d{6}\b", messages[self._read - 1]["text"])
        assert found
        return found.group()

    def code(self) -> str:
        """The code of the next unread message."""
        code = self.code_within(CODE_PATIENCE)
        assert code, "No code was sent."
        return code
