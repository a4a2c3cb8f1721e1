"""Alerts staff by webhook and mail to what waits. Nothing personal is sent: kinds, numbers, how long."""

import hashlib
import hmac
import json
import logging
import smtplib
import ssl
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import lru_cache
from typing import Any

import requests
from sqlalchemy.orm import Session

from bot import deadlines
from bot.data_files import read_yaml
from bot.desk.alerts import Alert, due_alerts, postpone
from bot.observing import metrics
from bot.settings import PROJECT, SettingsError
from bot.settings.accounts import SMTP_FROM, SMTP_HOST, SMTP_PASSWORD, SMTP_PORT, SMTP_STARTTLS, SMTP_USER
from bot.settings.desk import DESK_ALERT_LANGUAGE, DESK_MAIL, DESK_WEBHOOK, DESK_WEBHOOK_SECRET

logger = logging.getLogger(__name__)
TEXTS = PROJECT / "data" / "desk" / "alerts.yml"
SIGNATURE, TIMESTAMP = "X-Desk-Signature", "X-Desk-Timestamp"
PART = "desk_alerts"
Transaction = Callable[[], AbstractContextManager[Session]]


def alert_staff(transaction: Transaction, *, link: str = "", now: datetime | None = None) -> int:
    """Send the alerts that are due, all in one message; returns for how many requests.

    The message is sent outside of a transaction. Where neither way works the alerts are due again soon; if one works,
    staff have been alerted.

    Args:
        transaction: returns a session in a transaction of its own, such as `session_scope`.
        link: to the desk; empty: none is named.
    """
    ways = [way for setting, way in ((DESK_WEBHOOK, _to_webhook), (DESK_MAIL, _by_mail)) if setting.value()]
    if not ways:
        return 0
    now = now or datetime.now(UTC)
    with transaction() as session:
        alerts = due_alerts(session, now)
    if not alerts:
        return 0
    subject, text = _message(alerts, link)
    if not any([_sent(way, subject, text, alerts, now) for way in ways]):  # noqa: C419 (each way is tried)
        with transaction() as session:
            postpone(session, [alert.request.reference for alert in alerts], now)
    return len(alerts)


def check_alerts() -> None:
    """Check the settings of alerts, and their texts.

    Raises:
        SettingsError: a mail cannot be sent.
        DataFileError: the texts cannot be read.
    """
    missing = [each.name for each in (SMTP_HOST, SMTP_FROM) if not each.value()]
    if DESK_MAIL.value() and missing:
        raise SettingsError(f"{DESK_MAIL.name} is set, but not {' and '.join(missing)}, which alerts by mail need.")
    for setting in (DESK_WEBHOOK, DESK_WEBHOOK_SECRET, DESK_ALERT_LANGUAGE):
        setting.value()
    _texts()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """The value of the header `X-Desk-Signature`: HMAC-SHA256 over timestamp, a dot, and the body."""
    return "sha256=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def _sent(
    way: Callable[[str, str, Sequence[Alert], datetime], None],
    subject: str,
    text: str,
    alerts: Sequence[Alert],
    now: datetime,
) -> bool:
    try:
        way(subject, text, alerts, now)
    except (OSError, smtplib.SMTPException) as error:  # requests' errors are OSErrors
        metrics.failed(error, PART)
        logger.warning("Staff could not be alerted (%s): %s", way.__name__.strip("_"), type(error).__name__)
        return False
    return True


def _message(alerts: Sequence[Alert], link: str) -> tuple[str, str]:
    """The subject and the text of an alert."""
    texts = _texts()[DESK_ALERT_LANGUAGE.value()]
    is_urgent = any(alert.request.priority for alert in alerts)
    lines = [
        texts["urgent_line" if alert.request.priority else "line"].format(
            reference=alert.request.reference, kind=texts["kinds"][alert.request.kind], minutes=alert.minutes
        )
        for alert in alerts
    ]
    if link:
        lines.append(texts["link"].format(link=link))
    return texts["urgent_subject" if is_urgent else "subject"].format(count=len(alerts)), "\n".join(lines)


def _to_webhook(subject: str, text: str, alerts: Sequence[Alert], now: datetime) -> None:
    content = {
        "text": f"{subject}\n{text}",  # what the incoming webhooks of Slack, Mattermost and Teams show
        "at": now.isoformat(),
        "requests": [
            {
                "reference": alert.request.reference.number,
                "kind": alert.request.kind,
                "channel": alert.request.channel,
                "language": alert.request.language,
                "urgent": alert.request.priority,
                "minutes": alert.minutes,
                "times": alert.times,
            }
            for alert in alerts
        ],
    }
    body = json.dumps(content, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", TIMESTAMP: str(int(now.timestamp()))}
    if secret := DESK_WEBHOOK_SECRET.value():
        headers[SIGNATURE] = signature(secret, headers[TIMESTAMP], body)
    answer = requests.post(
        DESK_WEBHOOK.value(), data=body, headers=headers, timeout=deadlines.ALERT_SENDING, allow_redirects=False
    )
    if answer.status_code // 100 != 2:
        raise OSError(f"The webhook answered {answer.status_code}.")


def _by_mail(subject: str, text: str, alerts: Sequence[Alert], now: datetime) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = SMTP_FROM.value(), DESK_MAIL.value(), subject
    mail["Auto-Submitted"] = "auto-generated"
    if any(alert.request.priority for alert in alerts):
        mail["Importance"] = "high"
    mail.set_content(text)
    with smtplib.SMTP(SMTP_HOST.value(), SMTP_PORT.value(), timeout=deadlines.ALERT_SENDING) as server:
        if SMTP_STARTTLS.value():
            server.starttls(context=ssl.create_default_context())
        if SMTP_USER.value():
            server.login(SMTP_USER.value(), SMTP_PASSWORD.value())
        server.send_message(mail)


@lru_cache(maxsize=1)
def _texts() -> dict[str, Any]:
    return dict(read_yaml(TEXTS))
