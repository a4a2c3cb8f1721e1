"""The calls that the report cites, with their turns, so that a reader can follow a link to each."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calls.figure_records import Figures
from bot.calls.models import RecordedCall, RecordedTurn
from bot.clock import RIGA

AT_ONCE = 200  # calls per SQL statement


@dataclass(frozen=True)
class CitedTurn:
    """A redacted turn; `role` is customer, agent or None, `started` in seconds."""

    position: int
    role: str | None
    started: float | None
    language: str | None
    text: str


@dataclass(frozen=True)
class CitedCall:
    """A call that the report cites; `day` is its day in Riga, ISO 8601."""

    id: str
    day: str
    language: str | None
    summary: str
    turns: list[CitedTurn]


def cited_calls(session: Session, figures: Figures) -> list[CitedCall]:
    """The calls of all examples and frequent texts, in the order of their time."""
    named = [example.call for one in figures.unanswered for example in one.examples]
    named += [text.call for problem in figures.problems for text in problem.texts]
    return _calls(session, list(dict.fromkeys(named)))


def _calls(session: Session, ids: list[str]) -> list[CitedCall]:
    found = []
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        turns = _turns(session, some)
        for call in session.execute(select(RecordedCall).where(RecordedCall.id.in_(some))).scalars():
            day = call.held_at.astimezone(RIGA).date().isoformat()
            found.append(CitedCall(call.id, day, call.language, call.summary, turns.get(call.id, [])))
    return sorted(found, key=lambda call: (call.day, call.id))


def _turns(session: Session, ids: Iterable[str]) -> dict[str, list[CitedTurn]]:
    said = select(RecordedTurn).where(RecordedTurn.call_id.in_(ids)).order_by(RecordedTurn.position)
    by_call: dict[str, list[CitedTurn]] = {}
    for turn in session.execute(said).scalars():
        cited = CitedTurn(turn.position, turn.role, turn.started, turn.language, turn.text)
        by_call.setdefault(turn.call_id, []).append(cited)
    return by_call
