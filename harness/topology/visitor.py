"""A visitor of the website who retries an unanswered message with the same id (idempotency key), as the widget does."""

import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import requests

PAUSES = (0.2, 0.5, 1.0, 2.0)  # seconds of back-off before each retry; the widget's are longer
SILENCE = 15.0  # read timeout in seconds, as in the widget
UNAVAILABLE = 500


class NotAnswered(Exception):
    """An attempt got no complete answer; the message says why."""


@dataclass
class Said:
    """A message and its outcome.

    Attributes:
        replies: the texts of the final answer.
        failures: why earlier attempts failed.
        seconds: until the answer arrived, including retries.
    """

    id: str
    text: str
    replies: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def answer(self) -> str:
        """All replies in one text."""
        return "\n".join(self.replies)


class Visitor:
    """A visitor with a session.

    Attributes:
        said: every message, in order.
        failures: why the session could not be started at the first attempt.
    """

    def __init__(self, url: str, *, patience: float = 60.0, language: str | None = None) -> None:
        """Begin a session.

        Args:
            url: of the chat; it may be changed between two messages.
            patience: seconds for which a message is retried.
        """
        self.url, self._patience = url, patience
        self.said: list[Said] = []
        self.failures: list[str] = []
        body = {"language": language} if language else {}
        self._session = self._tried(lambda: self._begin(body), self.failures)

    def say(self, text: str, *, message_id: str | None = None) -> Said:
        """Send a message until it is answered.

        Raises:
            NotAnswered: there was no answer within the patience.
        """
        message = Said(message_id or str(uuid.uuid4()), text)
        self.said.append(message)
        began = time.monotonic()
        message.replies = self._tried(lambda: self._send(message), message.failures)
        message.seconds = time.monotonic() - began
        return message

    def history(self) -> list[dict[str, Any]]:
        """The history that the server returns."""
        answer = requests.get(f"{self.url}history", headers=self._bearer, timeout=SILENCE)
        answer.raise_for_status()
        return list(answer.json()["messages"])

    @property
    def conversation(self) -> str:
        """The conversation id from the session's token."""
        import jwt

        return str(jwt.decode(self._session, options={"verify_signature": False})["sub"])

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._session}"}

    def _tried(self, act: Any, failures: list[str]) -> Any:
        until = time.monotonic() + self._patience
        while True:
            try:
                return act()
            except (requests.RequestException, NotAnswered, ValueError) as error:
                failures.append(f"{type(error).__name__}: {str(error)[:120]}")
                if time.monotonic() > until:
                    raise NotAnswered(failures[-1]) from error
                time.sleep(PAUSES[min(len(failures), len(PAUSES)) - 1])

    def _begin(self, body: dict[str, str]) -> str:
        answer = requests.post(f"{self.url}session", json=body, timeout=SILENCE)
        if answer.status_code != requests.codes.created:
            raise NotAnswered(f"status {answer.status_code} for a session")
        return str(answer.json()["session"])

    def _send(self, message: Said) -> list[str]:
        body = {"id": message.id, "text": message.text}
        with requests.post(
            f"{self.url}messages", json=body, headers=self._bearer, timeout=SILENCE, stream=True
        ) as answer:
            if answer.status_code != requests.codes.ok:
                raise NotAnswered(f"status {answer.status_code}")
            replies = []
            for name, data in _events(answer):
                if name == "reply":
                    replies.append(str(data["text"]))
                elif data.get("again"):
                    raise NotAnswered("nothing was kept")
                else:
                    return replies
        raise NotAnswered("cut off")


def _events(answer: requests.Response) -> Any:
    name = ""
    for line in answer.iter_lines(chunk_size=1, decode_unicode=False):
        text = line.decode()
        if text.startswith("event: "):
            name = text.removeprefix("event: ")
        elif text.startswith("data: "):
            yield name, json.loads(text.removeprefix("data: "))
