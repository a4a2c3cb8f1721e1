"""Which agents are there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import deadlines
from bot.desk.models import DeskPresence
from bot.storage.engine import inserting

LASTS = timedelta(seconds=deadlines.PRESENCE)


@dataclass(frozen=True)
class Present:
    """An agent who is there; not available: takes nothing new for now."""

    agent_id: int
    name: str
    languages: tuple[str, ...]
    is_available: bool
    seen_at: datetime


def seen(
    session: Session,
    agent_id: int,
    name: str,
    languages: Sequence[str],
    *,
    is_available: bool = True,
    now: datetime | None = None,
) -> None:
    """Note that an agent is there (heartbeat)."""
    values = {
        "name": name,
        "languages": " ".join(languages),
        "is_available": is_available,
        "seen_at": now or datetime.now(UTC),
    }
    row = inserting(session, DeskPresence).values(agent_id=agent_id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["agent_id"], set_=values))


def gone(session: Session, agent_id: int) -> None:
    """Note that an agent has signed out."""
    session.execute(delete(DeskPresence).where(DeskPresence.agent_id == agent_id))


def present(session: Session, now: datetime) -> list[Present]:
    """The agents who are there, by name."""
    row = DeskPresence
    found = select(row.agent_id, row.name, row.languages, row.is_available, row.seen_at)
    found = found.where(row.seen_at >= now - LASTS).order_by(row.name, row.agent_id)
    return [
        Present(agent, name, tuple(languages.split()), available, at)
        for agent, name, languages, available, at in session.execute(found).all()
    ]
