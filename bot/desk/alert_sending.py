"""Sends a message to staff by webhook and mail, as `BOT_DESK_WEBHOOK` and `BOT_DESK_MAIL` say."""

import hashlib
import hmac
import json
import logging
import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import requests

from bot import deadlines
from bot.observing import metrics
from bot.settings.accounts import SMTP_FROM, SMTP_HOST, SMTP_PASSWORD, SMTP_PORT, SMTP_STARTTLS, SMTP_USER
from bot.settings.desk import DESK_MAIL, DESK_WEBHOOK, DESK_WEBHOOK_SECRET

logger = logging.getLogger(__name__)
SIGNATURE, TIMESTAMP = "X-Desk-Signature", "X-Desk-Timestamp"
PART = "desk_alerts"


@dataclass(frozen=True)
class StaffMessage:
    """A message to staff.

    Attributes:
        details: what the webhook gets beside `text` and `at`, as JSON.
    """

    subject: str
    text: str
    at: datetime
    is_urgent: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


def can_be_told() -> bool:
    """Whether there is a way to tell staff anything."""
    return bool(_ways())


def tell_staff(message: StaffMessage) -> bool:
    """Send a message in each way that is set up; returns whether one worked."""
    return any([_sent(way, message) for way in _ways()])  # noqa: C419 (each way is tried)


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of the header `X-Desk-Signature`: HMAC-SHA256 over timestamp, a dot, and the body."""
    return "sha256=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def _ways() -> list[Callable[[StaffMessage], None]]:
    return [way for setting, way in ((DESK_WEBHOOK, _to_webhook), (DESK_MAIL, _by_mail)) if setting.value()]


def _sent(way: Callable[[StaffMessage], None], message: StaffMessage) -> bool:
    try:
        way(message)
    except (OSError, smtplib.SMTPException) as error:  # requests' errors are OSErrors
        metrics.failed(error, PART)
        logger.warning("Staff could not be alerted (%s): %s", way.__name__.strip("_"), type(error).__name__)
        return False
    return True


def _to_webhook(message: StaffMessage) -> None:
    content = {
        "text": f"{message.subject}\n{message.text}",  # what the incoming webhooks of Slack, Mattermost and Teams show
        "at": message.at.isoformat(),
        **message.details,
    }
    body = json.dumps(content, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", TIMESTAMP: str(int(message.at.timestamp()))}
    if secret := DESK_WEBHOOK_SECRET.value():
        headers[SIGNATURE] = signature(secret, headers[TIMESTAMP], body)
    answer = requests.post(
        DESK_WEBHOOK.value(), data=body, headers=headers, timeout=deadlines.ALERT_SENDING, allow_redirects=False
    )
    if answer.status_code // 100 != 2:
        raise OSError(f"The webhook answered {answer.status_code}.")


def _by_mail(message: StaffMessage) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = SMTP_FROM.value(), DESK_MAIL.value(), message.subject
    mail["Auto-Submitted"] = "auto-generated"
    if message.is_urgent:
        mail["Importance"] = "high"
    mail.set_content(message.text)
    with smtplib.SMTP(SMTP_HOST.value(), SMTP_PORT.value(), timeout=deadlines.ALERT_SENDING) as server:
        if SMTP_STARTTLS.value():
            server.starttls(context=ssl.create_default_context())
        if SMTP_USER.value():
            server.login(SMTP_USER.value(), SMTP_PASSWORD.value())
        server.send_message(mail)
