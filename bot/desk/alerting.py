"""Alerts staff by webhook and mail to what waits. Nothing personal is sent: kinds, numbers, how long."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from bot.data_files import read_yaml
from bot.desk.alert_sending import StaffMessage, can_be_told, tell_staff
from bot.desk.alerts import Alert, due_alerts, postpone
from bot.settings import PROJECT, SettingsError
from bot.settings.accounts import SMTP_FROM, SMTP_HOST
from bot.settings.desk import DESK_ALERT_LANGUAGE, DESK_MAIL, DESK_WEBHOOK, DESK_WEBHOOK_SECRET

TEXTS = PROJECT / "data" / "desk" / "alerts.yml"
Transaction = Callable[[], AbstractContextManager[Session]]


def alert_staff(transaction: Transaction, *, link: str = "", now: datetime | None = None) -> int:
    """Send the alerts that are due, all in one message; returns for how many requests.

    The message is sent outside of a transaction. Where neither way works the alerts are due again soon; if one works,
    staff have been alerted.

    Args:
        transaction: returns a session in a transaction of its own, such as `session_scope`.
        link: to the desk; empty: none is named.
    """
    if not can_be_told():
        return 0
    now = now or datetime.now(UTC)
    with transaction() as session:
        alerts = due_alerts(session, now)
    if not alerts:
        return 0
    subject, text = _message(alerts, link)
    is_urgent = any(alert.request.priority for alert in alerts)
    if not tell_staff(StaffMessage(subject, text, now, is_urgent=is_urgent, details=_details(alerts))):
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


def _details(alerts: Sequence[Alert]) -> dict[str, Any]:
    """What the webhook gets of each request."""
    return {
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
        ]
    }


@lru_cache(maxsize=1)
def _texts() -> dict[str, Any]:
    return dict(read_yaml(TEXTS))
