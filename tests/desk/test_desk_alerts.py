"""Alerts reach a real HTTP server and a real mail server, until somebody takes the request; and the desk's figures."""

import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from prometheus_client import REGISTRY
from sqlalchemy.orm import Session

from bot.desk import alerts, claiming, desk_events
from bot.desk.alerting import alert_staff, check_alerts
from bot.desk.desk_figures import count_desk
from bot.desk.desk_requests import open_request
from bot.desk.kinds import RequestKind
from bot.desk.origin import Origin
from bot.desk.presence import seen
from bot.settings import SettingsError

OPEN = datetime(2026, 3, 9, 10, tzinfo=UTC)  # a Monday, noon in Riga
NIGHT = datetime(2026, 3, 9, 22, tzinfo=UTC)


class Receiver:
    """A webhook's server and a mail server on this machine; each records what arrives, or refuses it."""

    def __init__(self) -> None:
        self.bodies: list[tuple[Message, bytes]] = []
        self.mails: list[Message] = []
        self.status = 204
        self.refuses = False
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.bodies.append((self.headers, body))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.web = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.web.serve_forever, daemon=True).start()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.smtp_port = free.getsockname()[1]
        self.smtp = Controller(self, hostname="127.0.0.1", port=self.smtp_port)
        self.smtp.start()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses:
            return "550 No such mailbox"
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"

    def stop(self) -> None:
        self.web.shutdown()
        self.web.server_close()
        self.smtp.stop()


@pytest.fixture(scope="module")
def servers() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def receiver(servers: Receiver, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    settings = {
        "BOT_DESK_WEBHOOK": f"http://127.0.0.1:{servers.web.server_port}/hook",
        "BOT_DESK_WEBHOOK_SECRET": "a secret",
        "BOT_DESK_MAIL": "desk@example.lv",
        "BOT_SMTP_HOST": "127.0.0.1",
        "BOT_SMTP_PORT": str(servers.smtp_port),
        "BOT_SMTP_FROM": "assistant@example.lv",
        "BOT_SMTP_STARTTLS": "no",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    servers.bodies, servers.mails = [], []
    servers.status, servers.refuses = 204, False
    return servers


def alerted(session: Session, now: datetime) -> int:
    def transaction() -> AbstractContextManager[Session]:
        return nullcontext(session)

    return alert_staff(transaction, link="https://desk.example/queue", now=now)


def asked(
    session: Session, kind: RequestKind = RequestKind.PERSON, *, priority: bool = False, now: datetime = OPEN
) -> Any:
    origin = Origin(f"{kind} {now}", "web", "lv")
    return open_request(session, kind, origin, details="+371 20000000", priority=priority, now=now).reference


def test_staff_hear_what_waits_and_nothing_personal(session: Session, receiver: Receiver) -> None:
    complaint = asked(session, RequestKind.COMPLAINT, now=OPEN - timedelta(minutes=5))
    person = asked(session, priority=True)
    assert alerted(session, OPEN) == 2
    ((headers, body),) = receiver.bodies
    signed = hmac.new(b"a secret", f"{headers['X-Desk-Timestamp']}.".encode() + body, hashlib.sha256)
    assert headers["X-Desk-Signature"] == f"sha256={signed.hexdigest()}"
    told = json.loads(body)
    expected = (
        "Steidzami! Pults: gaida 2\n"
        f"STEIDZAMI {person}: grib runāt ar cilvēku, gaida 0 min\n"
        f"{complaint}: sūdzība, gaida 5 min\n"
        "Atvērt konsoli: https://desk.example/queue"
    )
    assert told["text"] == expected
    assert [each["reference"] for each in told["requests"]] == [person.number, complaint.number]
    (mail,) = receiver.mails
    assert (mail["To"], mail["From"], mail["Importance"]) == ("desk@example.lv", "assistant@example.lv", "high")
    lines = [mail["Subject"], *mail.get_content().split("\r\n")[:-1]]  # type: ignore[attr-defined]
    assert "\n".join(lines) == expected


def test_alerts_are_repeated_less_and_less_often_until_somebody_takes_it(session: Session, receiver: Receiver) -> None:
    reference = asked(session)
    sent = [seconds for seconds in range(0, 3600, 30) if alerted(session, OPEN + timedelta(seconds=seconds))]
    assert [round(seconds / 60, 1) for seconds in sent] == [0.5, 1.5, 3.5, 7.5, 15.5, 30.5, 45.5]
    claiming.claim(session, reference, 1, "Anna", now=OPEN + timedelta(hours=1))
    assert alerted(session, OPEN + timedelta(hours=2)) == 0


def test_outside_the_hours_only_urgent_ones_are_told(session: Session, receiver: Receiver) -> None:
    asked(session, now=NIGHT)
    asked(session, priority=True, now=NIGHT)
    assert alerted(session, NIGHT + timedelta(minutes=1)) == 1
    assert alerted(session, NIGHT + timedelta(hours=12)) == 2


@pytest.mark.parametrize(
    ("status", "refuses", "again"), [(500, True, 1), (500, False, 0), (204, True, 0), (302, True, 1)]
)
def test_what_did_not_arrive_anywhere_is_sent_again_soon(
    session: Session, receiver: Receiver, status: int, refuses: bool, again: int
) -> None:
    receiver.status, receiver.refuses = status, refuses
    asked(session)
    assert alerted(session, OPEN + timedelta(seconds=30)) == 1
    assert alerted(session, OPEN + timedelta(seconds=61)) == again


def test_a_mail_without_a_server_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_DESK_MAIL", "desk@example.lv")
    with pytest.raises(SettingsError, match="BOT_SMTP_HOST and BOT_SMTP_FROM"):
        check_alerts()


def test_two_consoles_alert_once(session: Session, receiver: Receiver) -> None:
    asked(session, priority=True)
    later = OPEN + timedelta(seconds=61)
    assert [len(alerts.due_alerts(session, now)) for now in (OPEN, OPEN, later, later)] == [1, 0, 1, 0]


def test_without_webhook_and_mail_nothing_is_taken(session: Session) -> None:
    asked(session, priority=True)
    assert alerted(session, OPEN) == 0
    assert len(alerts.due_alerts(session, OPEN)) == 1


def test_the_figures_say_what_waits_and_for_how_long(session: Session) -> None:
    def figure(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(name, labels) or 0.0

    before = figure("bot_desk_first_answer_seconds_sum", channel="web")
    held, _ = asked(session), asked(session, now=OPEN + timedelta(seconds=10))
    seen(session, 1, "Anna", ["lv"], now=OPEN)
    claiming.claim(session, held, 1, "Anna", now=OPEN)
    for seconds in (25, 50):  # the first words count
        now = OPEN + timedelta(seconds=seconds)
        desk_events.agent_said(session, held, 1, "Labdien", str(seconds), now=now)
    count_desk(session, OPEN + timedelta(seconds=25))
    assert [figure("bot_desk_requests", state=state, kind="person") for state in ("waiting", "held")] == [1, 1]
    assert (figure("bot_desk_oldest_seconds", kind="person"), figure("bot_desk_present")) == (15, 1)
    assert figure("bot_desk_first_answer_seconds_sum", channel="web") - before == 25
    count_desk(session, OPEN + timedelta(minutes=1))
    assert figure("bot_desk_oldest_seconds", kind="complaint") == figure("bot_desk_present") == 0
