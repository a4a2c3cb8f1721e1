"""What the assistant sends to the phones and mail boxes of customers, as a test sees it."""

import json
import re
import time
from pathlib import Path

PATIENCE = 5.0  # seconds; codes are sent in the background


class Outbox:
    """What was sent to customers."""

    def __init__(self, path: Path) -> None:
        self._path, self._read = path, 0

    def messages(self) -> list[dict[str, str]]:
        """Everything that was sent, oldest first: {"at", "to", "text"}."""
        lines = self._path.read_text(encoding="utf-8").splitlines() if self._path.exists() else []
        return [json.loads(line) for line in lines]

    def code(self) -> str:
        """The code of the next message that was not read yet."""
        until = time.monotonic() + PATIENCE
        while len(self.messages()) <= self._read:
            assert time.monotonic() < until, "No code was sent."
            time.sleep(0.01)
        self._read += 1
        found = re.search(r"\b\d{6}\b", self.messages()[self._read - 1]["text"])
        assert found
        return found.group()
