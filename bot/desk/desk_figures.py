"""The desk's figures for Prometheus, counted when they are asked for."""

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.desk.desk_outbox import how_many_set_aside
from bot.desk.kinds import OPEN_STATES, RequestKind, RequestState
from bot.desk.models import Handoff
from bot.desk.presence import present
from bot.observing import metrics


def count_desk(session: Session, now: datetime | None = None) -> None:
    """Set the gauges: what waits and is held by kind, how long the oldest has waited, and who is there."""
    now = now or datetime.now(UTC)
    row = Handoff
    counted = select(row.state, row.kind, func.count(), func.min(row.created_at))
    counted = counted.where(row.state.in_(OPEN_STATES)).group_by(row.state, row.kind)
    found = {(state, kind): (count, oldest) for state, kind, count, oldest in session.execute(counted).all()}
    for kind in RequestKind:
        for state in OPEN_STATES:
            count, _ = found.get((state, kind), (0, now))
            metrics.DESK_REQUESTS.labels(state, kind).set(count)
        _, oldest = found.get((RequestState.WAITING, kind), (0, now))
        metrics.DESK_OLDEST.labels(kind).set(max(0.0, (now - oldest).total_seconds()))
    metrics.DESK_PRESENT.set(len(present(session, now)))
    metrics.DESK_SET_ASIDE.set(how_many_set_aside(session))
