"""Tells staff of new surges, in the ways of the desk's alerts: what rises, how much, and some redacted sentences."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from bot.data_files import read_yaml
from bot.desk.alert_sending import StaffMessage, can_be_told, tell_staff
from bot.figures.surges import Surge, SurgeKind
from bot.replies.catalogue import catalogues
from bot.settings import PROJECT
from bot.settings.desk import DESK_ALERT_LANGUAGE

TEXTS = PROJECT / "data" / "figures" / "surges.yml"
SENTENCES = 3


def tell_of_surges(found: Sequence[Surge], link: str, now: datetime) -> int:
    """Send one message for each surge; returns how many were sent. One that could not be sent stands in the console."""
    return sum(tell_staff(_message(one, link, now)) for one in found) if can_be_told() else 0


def _message(one: Surge, link: str, now: datetime) -> StaffMessage:
    language = DESK_ALERT_LANGUAGE.value()
    texts = _texts()[language]
    name = catalogues()[language].titles.get(one.name, one.name) if one.kind is SurgeKind.OF_TOPIC else one.name
    lines = [
        texts[one.kind].format(name=name, count=one.count, usual=round(one.usual)),
        *(texts["sentence"].format(text=text) for text in one.examples[:SENTENCES]),
        texts["link"].format(link=link),
    ]
    details = {"surge": {"kind": one.kind, "name": one.name, "count": one.count, "usual": one.usual}}
    return StaffMessage(texts["subject"].format(name=name), "\n".join(lines), now, is_urgent=True, details=details)


@lru_cache(maxsize=1)
def _texts() -> dict[str, Any]:
    return dict(read_yaml(TEXTS))
