"""The numbers of the desk's events: increasing, in the order in which transactions commit, and without gaps.

Every transaction with an event updates the counter's row, and so waits until the one before has committed. A reader
that has seen number n never misses a smaller one that commits later, and two events never have the same number. A
transaction that is rolled back gives its number back with everything else.
"""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot import deadlines
from bot.desk.models import DeskCounter

ONLY_ROW = DeskCounter.id == 1
UNSYNCHRONISED = {"synchronize_session": False}


def next_number(session: Session) -> int:
    """Take the next number; until the transaction ends, all other transactions with events wait.

    Lock requests (`bot.desk.desk_requests.locked`) before, never after: always in the same order, nobody waits in a
    circle.
    """
    changed = update(DeskCounter).where(ONLY_ROW).values(number=DeskCounter.number + 1)
    if session.connection().dialect.name != "postgresql":
        session.execute(changed.execution_options(**UNSYNCHRONISED))
        return latest_number(session)
    # A server of ours that vanishes without closing its connections would stop the desk for hours.
    idle = func.set_config("idle_in_transaction_session_timeout", f"{int(1000 * deadlines.DESK_TRANSACTION)}", True)
    row = session.execute(changed.returning(DeskCounter.number, idle).execution_options(**UNSYNCHRONISED)).one()
    return int(row[0])


def give_back(session: Session, number: int) -> None:
    """Give the number that was taken last in this transaction back."""
    session.execute(update(DeskCounter).where(ONLY_ROW).values(number=number - 1).execution_options(**UNSYNCHRONISED))


def latest_number(session: Session) -> int:
    """The number of the latest event, 0 before the first: one row, cheap enough to ask several times a second."""
    return int(session.execute(select(DeskCounter.number).where(ONLY_ROW)).scalar_one())
