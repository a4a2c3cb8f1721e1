"""One-time codes reach a real mail server, a real SMS gateway's interface and the outbox; failures reveal nothing."""

import email
import json
import logging
import socket
import threading
from collections.abc import Iterator
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from bot.accounts.senders import CodeMessage, Delivery, OutboxSender, SmsGatewaySender, SmtpSender

MESSAGE = CodeMessage("anna.paraugs@example.lv", "Jūsu kods", "Kods ir 012345. Tas der 5 minūtes.")
SMS = CodeMessage("+37120000001", "", "Kods ir 012345.")
TOKEN = "a token for tests"


class MailServer:
    """A mail server on this machine that records messages, or refuses them."""

    def __init__(self) -> None:
        self.got: list[Message] = []
        self.refuses = False
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses:
            return "550 No such mailbox"
        self.got.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    server.controller.start()
    yield server
    server.controller.stop()


@pytest.fixture
def smtp(mail_server: MailServer) -> SmtpSender:
    return SmtpSender("127.0.0.1", mail_server.port, "kods@example.lv", starttls=False)


def test_a_mail_arrives_whole(smtp: SmtpSender, mail_server: MailServer) -> None:
    smtp.send(MESSAGE)
    (mail,) = mail_server.got
    assert (mail["To"], mail["From"], mail["Subject"]) == (MESSAGE.recipient, "kods@example.lv", MESSAGE.subject)
    assert mail.get_content().strip() == MESSAGE.text  # type: ignore[attr-defined]


def test_nobody_answers_a_mail_with_a_code_automatically(smtp: SmtpSender, mail_server: MailServer) -> None:
    smtp.send(MESSAGE)
    assert mail_server.got[0]["Auto-Submitted"] == "auto-generated"


def test_a_refused_mail_is_an_error(smtp: SmtpSender, mail_server: MailServer) -> None:
    mail_server.refuses = True
    with pytest.raises(OSError, match="refused"):
        smtp.send(MESSAGE)


def test_a_mail_server_that_cannot_encrypt_gets_nothing(mail_server: MailServer) -> None:
    with pytest.raises(OSError, match="refused"):
        SmtpSender("127.0.0.1", mail_server.port, "kods@example.lv").send(MESSAGE)
    assert mail_server.got == []


class Gateway:
    """An SMS gateway on this machine: checks what a real one checks."""

    def __init__(self) -> None:
        self.got: list[dict[str, str]] = []
        self.status = 202
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                allowed = self.headers["Authorization"] == f"Bearer {TOKEN}" and set(body) == {"to", "text"}
                self.send_response(gateway.status if allowed else 403)
                self.end_headers()
                if allowed and gateway.status < 300:
                    gateway.got.append(body)

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/messages"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    made = Gateway()
    yield made
    made.close()


def test_an_sms_arrives(gateway: Gateway) -> None:
    SmsGatewaySender(gateway.address, TOKEN).send(SMS)
    assert gateway.got == [{"to": SMS.recipient, "text": SMS.text}]


@pytest.mark.parametrize("status", [302, 400, 429, 500])
def test_an_sms_that_is_not_taken_is_an_error(gateway: Gateway, status: int) -> None:
    gateway.status = status
    with pytest.raises(OSError, match=str(status)):
        SmsGatewaySender(gateway.address, TOKEN).send(SMS)


def test_a_wrong_token_is_an_error(gateway: Gateway) -> None:
    with pytest.raises(OSError, match="403"):
        SmsGatewaySender(gateway.address, "another").send(SMS)


def test_the_outbox_keeps_messages_in_their_order(tmp_path: Path) -> None:
    outbox = OutboxSender(tmp_path / "var" / "outbox.jsonl")
    outbox.send(SMS)
    outbox.send(MESSAGE)
    lines = (tmp_path / "var" / "outbox.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["to"] for line in lines] == [SMS.recipient, MESSAGE.recipient]


def test_the_outbox_is_for_its_owner_only(tmp_path: Path) -> None:
    OutboxSender(tmp_path / "outbox.jsonl").send(SMS)
    assert (tmp_path / "outbox.jsonl").stat().st_mode & 0o077 == 0


class Kept:
    """A fake sender that records messages and can be told to fail."""

    def __init__(self, failures: int = 0) -> None:
        self.got: list[CodeMessage] = []
        self._failures = failures

    def send(self, message: CodeMessage) -> None:
        if self._failures:
            self._failures -= 1
            raise OSError(f"could not send {message.text} to {message.recipient}")
        self.got.append(message)


@pytest.mark.parametrize(
    ("phone", "email_address", "reached"),
    [("+371", "a@b.lv", "+371"), ("+371", None, "+371"), (None, "a@b.lv", "a@b.lv"), (None, None, None)],
)
def test_the_phone_comes_first(phone: str | None, email_address: str | None, reached: str | None) -> None:
    assert Delivery(Kept(), Kept()).recipient(phone, email_address) == reached


@pytest.mark.parametrize(
    ("phone", "email_address", "reached"), [("+371", "a@b.lv", "a@b.lv"), ("+371", None, None), (None, None, None)]
)
def test_without_a_gateway_phones_are_not_reached(
    phone: str | None, email_address: str | None, reached: str | None
) -> None:
    assert Delivery(None, Kept()).recipient(phone, email_address) == reached


@pytest.mark.parametrize(("message", "sms", "mails"), [(SMS, 1, 0), (MESSAGE, 0, 1)])
def test_each_recipient_has_its_sender(message: CodeMessage, sms: int, mails: int) -> None:
    by_phone, by_email = Kept(), Kept()
    delivery = Delivery(by_phone, by_email, pause=0)
    delivery.deliver(message)
    delivery.close()
    assert (len(by_phone.got), len(by_email.got)) == (sms, mails)


def test_a_message_is_tried_again() -> None:
    sender = Kept(failures=1)
    delivery = Delivery(sender, None, pause=0)
    delivery.deliver(SMS)
    delivery.close()
    assert len(sender.got) == 1


def test_a_failure_is_logged_without_code_and_recipient(caplog: pytest.LogCaptureFixture) -> None:
    delivery = Delivery(Kept(failures=9), None)
    with caplog.at_level(logging.ERROR):
        delivery.deliver(SMS)
        delivery.close()
    assert "could not be sent" in caplog.text
    assert "012345" not in caplog.text
    assert "+371" not in caplog.text
