"""How long customers waited, as measured; nothing is estimated."""

import math
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import RIGA
from bot.desk.calendar_days import holiday
from bot.desk.kinds import LIVE_KINDS
from bot.desk.models import Handoff

FEWEST, MOST = 5, 20  # requests that a range is measured from
LOOKED_AT = 400  # the latest requests among which those of the same kind of hour are sought
NO_LONGER_TRUE = timedelta(days=60)
NEAR = 1  # hours
SATURDAY = 5
SHORTEST, LONGEST = 0.2, 0.8  # quantiles


def measured_wait(session: Session, now: datetime) -> tuple[int, int] | None:
    """For how many minutes most of those waited who asked at such an hour, from and to; None where too few did.

    Measured from the latest requests that were taken: asked within an hour of this time of the day, on a working day or
    a day off as this one.
    """
    latest = (
        select(Handoff.created_at, Handoff.taken_at)
        .where(
            Handoff.taken_at.is_not(None),
            Handoff.kind.in_(sorted(LIVE_KINDS)),
            Handoff.created_at > now - NO_LONGER_TRUE,
            Handoff.created_at <= now,
        )
        .order_by(Handoff.created_at.desc())
        .limit(LOOKED_AT)
    )
    alike = [
        (taken - asked).total_seconds() / 60
        for asked, taken in session.execute(latest).all()
        if _is_alike(asked.astimezone(RIGA), now.astimezone(RIGA))
    ][:MOST]
    if len(alike) < FEWEST:
        return None
    waits = sorted(alike)
    low, high = (waits[min(int(share * len(waits)), len(waits) - 1)] for share in (SHORTEST, LONGEST))
    return max(1, math.floor(low)), max(1, math.ceil(high))


def _is_alike(one: datetime, other: datetime) -> bool:
    apart = abs(one.hour - other.hour)
    return min(apart, 24 - apart) <= NEAR and _is_day_off(one) == _is_day_off(other)


def _is_day_off(moment: datetime) -> bool:
    return moment.weekday() >= SATURDAY or holiday(moment.date()) is not None
