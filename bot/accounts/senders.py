"""Senders of one-time codes: by e-mail, through an SMS gateway, or, for trying out, into a file."""

import json
import logging
import os
import smtplib
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

import requests

from bot import deadlines

logger = logging.getLogger(__name__)
ATTEMPTS = 2
# Seconds between an answer and the sending. Work at the same time would slow the answer and so reveal that a code is
# being sent (timing attack).
PAUSE = 0.25
AT_ONCE = 32  # messages that are waiting or being sent


@dataclass(frozen=True)
class CodeMessage:
    """The message with a code: to a phone number (+371…) or an e-mail address, in the customer's language."""

    recipient: str
    subject: str
    text: str


class CodeSender(Protocol):
    """Anything that delivers a message; raises `OSError` where it cannot."""

    def send(self, message: CodeMessage) -> None:
        """Deliver one message."""
        ...


class SmtpSender:
    """E-mail through an SMTP server; encrypted unless `starttls` is off, which is for a server on this machine."""

    def __init__(
        self, host: str, port: int, sender: str, *, user: str = "", password: str = "", starttls: bool = True
    ) -> None:
        self._host, self._port, self._sender = host, port, sender
        self._user, self._password, self._starttls = user, password, starttls

    def send(self, message: CodeMessage) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, message.recipient, message.subject
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        try:
            with smtplib.SMTP(self._host, self._port, timeout=deadlines.CODE_SENDING) as server:
                if self._starttls:
                    server.starttls(context=ssl.create_default_context())
                if self._user:
                    server.login(self._user, self._password)
                server.send_message(mail)
        except smtplib.SMTPException as error:
            raise OSError(f"The mail server refused: {type(error).__name__}.") from None


class SmsGatewaySender:
    """SMS through a gateway that accepts `{"to", "text"}` as JSON with a bearer token."""

    def __init__(self, address: str, token: str) -> None:
        self._address, self._token = address, token

    def send(self, message: CodeMessage) -> None:
        answer = requests.post(
            self._address,
            json={"to": message.recipient, "text": message.text},
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=deadlines.CODE_SENDING,
            allow_redirects=False,
        )
        if answer.status_code // 100 != 2:
            raise OSError(f"The SMS gateway answered {answer.status_code}.")


class OutboxSender:
    """For trying the assistant out: writes messages to a file that `bot outbox` shows. Never for real customers."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, message: CodeMessage) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(
            {"at": datetime.now(UTC).isoformat(timespec="seconds"), "to": message.recipient, "text": message.text},
            ensure_ascii=False,
        )
        with open(os.open(self._path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a", encoding="utf-8") as file:
            file.write(line + "\n")


class Delivery:
    """Delivers in the background, so that the response time does not reveal whether anything was sent."""

    def __init__(self, by_phone: CodeSender | None, by_email: CodeSender | None, pause: float = 0.0) -> None:
        """
        Args:
            pause: seconds to wait before a message is sent.
        """
        self._by_phone, self._by_email, self._pause = by_phone, by_email, pause
        self._pool = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="codes")

    @property
    def phones(self) -> bool:
        """Whether phones can be reached."""
        return self._by_phone is not None

    @property
    def emails(self) -> bool:
        """Whether e-mail addresses can be reached."""
        return self._by_email is not None

    def recipient(self, phone: str | None, email: str | None) -> str | None:
        """The phone, or else the e-mail address, that can be reached; None where neither can."""
        return (phone if self.phones else None) or (email if self.emails else None)

    def deliver(self, message: CodeMessage) -> None:
        """Send to a recipient that `recipient` returned."""
        sender = self._by_email if "@" in message.recipient else self._by_phone
        if sender is not None:
            self._pool.submit(self._try, sender, message)

    def close(self) -> None:
        """Wait for deliveries in progress."""
        self._pool.shutdown(wait=True)

    def _try(self, sender: CodeSender, message: CodeMessage) -> None:
        time.sleep(self._pause)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                sender.send(message)
            except OSError as error:  # requests' errors are OSErrors too
                logger.error(
                    "A one-time code could not be sent (%s, attempt %d of %d): look at the sender's settings.",
                    type(error).__name__,
                    attempt,
                    ATTEMPTS,
                )
            else:
                return
