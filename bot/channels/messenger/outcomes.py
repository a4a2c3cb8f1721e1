"""The outcome of an event: its replies, stored until they are sent; done, to be retried, or set aside (a dead letter).

An event that fails because a part is down is retried until it succeeds, or its replies may no longer be sent. `tries`
counts something else: servers that died while processing the event (a poison message), which is then set aside.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypedDict

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.channels.messenger.inbox import OPEN, PURPOSE
from bot.channels.messenger.incoming import MessengerEventKind
from bot.channels.messenger.models import MessengerEvent, MessengerReply, MessengerThread
from bot.channels.messenger.outgoing import OutgoingMessage
from bot.keys.sealing import Seal
from bot.storage.engine import session_scope

MOST_TRIES = 5
SHORTEST, LONGEST = timedelta(seconds=1), timedelta(seconds=60)  # back-off between two tries of an event
DELAYED = -1  # position of the notice that the answer takes longer, among an event's replies
UNANSWERED = "not answered yet"  # a problem


class OutboxItem(TypedDict, total=False):
    """Something to be sent: either a message, or passing the thread to another app of the page."""

    message: OutgoingMessage
    pass_thread_control: str


@dataclass(frozen=True)
class Stuck:
    """An event that is not done, and the person's id; nothing of what was said."""

    id: int
    kind: str
    at: datetime
    problem: str | None
    person: str
    conversation: str
    is_set_aside: bool


def pause(age: timedelta) -> timedelta:
    """The back-off before an event of this age is tried again: the older, the longer."""
    return min(max(SHORTEST, age / 2), LONGEST)


def count_try(event_id: int, anew: bool = False) -> None:
    """Count a try before replies are computed; `later`, `set_aside` and `finish` note that the server survived it.

    Args:
        anew: count from zero, since earlier tries are known to have done the server no harm.
    """
    tries = 1 if anew else MessengerEvent.tries + 1
    with session_scope() as session:
        session.execute(update(MessengerEvent).where(MessengerEvent.id == event_id).values(tries=tries))


def keep_replies(
    event_id: int, items: Sequence[OutboxItem], *, unless: Callable[[Session], bool] = lambda _: False
) -> None:
    """Store what is to be sent, so that it is not computed a second time.

    Args:
        unless: called in the same transaction; where it returns True, nothing is to be sent.
    """
    seal = Seal(PURPOSE)
    with session_scope() as session:
        items = [] if unless(session) else items
        rows = [{"event_id": event_id, "position": n, "sealed": seal.close(item)} for n, item in enumerate(items)]
        if rows:
            session.execute(MessengerReply.__table__.insert(), rows)
        replied = {"replied_at": datetime.now(UTC), "tries": 0}
        session.execute(update(MessengerEvent).where(MessengerEvent.id == event_id).values(replied))


def unsent(event_id: int) -> list[tuple[int, OutboxItem]]:
    """The items that are still to be sent, in order, with their ids."""
    seal = Seal(PURPOSE)
    of_it = (MessengerReply.event_id == event_id, MessengerReply.sent_at.is_(None))
    with session_scope() as session:
        rows = session.execute(select(MessengerReply).where(*of_it).order_by(MessengerReply.position)).scalars()
        return [(row.id, item) for row in rows if (item := seal.open(row.sealed)) is not None]


def sent(reply_id: int) -> None:
    """Note that an item was sent."""
    with session_scope() as session:
        session.execute(update(MessengerReply).where(MessengerReply.id == reply_id).values(sent_at=datetime.now(UTC)))


def drop_unsent(session: Session, event_id: int) -> None:
    """Note that what is left of an event's replies is not sent any more."""
    of_it = (MessengerReply.event_id == event_id, MessengerReply.sent_at.is_(None))
    session.execute(update(MessengerReply).where(*of_it).values(sent_at=datetime.now(UTC)))


def may_tell_of_delay(event_id: int) -> bool:
    """Whether to tell the person now that the answer takes longer: True once for an event, then False."""
    row = {"event_id": event_id, "position": DELAYED, "sealed": "", "sent_at": datetime.now(UTC)}
    try:
        with session_scope() as session:
            session.execute(MessengerReply.__table__.insert(), row)
    except IntegrityError:
        return False
    return True


def finish(event_id: int, problem: str | None = None) -> None:
    """Mark an event as done, and delete its content and replies."""
    done = {"done_at": datetime.now(UTC), "sealed": None, "problem": problem}
    with session_scope() as session:
        session.execute(update(MessengerEvent).where(MessengerEvent.id == event_id).values(done))
        session.execute(delete(MessengerReply).where(MessengerReply.event_id == event_id))


def later(event_id: int, problem: str) -> None:
    """Note that an event failed now and is to be retried."""
    again = {"problem": problem[:200], "tries": 0}
    with session_scope() as session:
        session.execute(update(MessengerEvent).where(MessengerEvent.id == event_id).values(again))


def set_aside(event_id: int, problem: str) -> None:
    """Make an event a dead letter: it is not retried until an operator says so."""
    aside = {"set_aside_at": datetime.now(UTC), "problem": problem[:200]}
    with session_scope() as session:
        session.execute(update(MessengerEvent).where(MessengerEvent.id == event_id).values(aside))


def note_automatic(event_id: int) -> None:
    """Note that a message which seemed a person's was an automatic reply of the page."""
    with session_scope() as session:
        kind = {"kind": MessengerEventKind.AUTOMATIC.value}
        session.execute(update(MessengerEvent).where(MessengerEvent.id == event_id).values(kind))


def end_rests() -> None:
    """End the back-off of all persons, since messages can be answered again."""
    with session_scope() as session:
        end_rests_of(session)


def end_rests_of(session: Session, persons: Collection[str] | None = None) -> None:
    """End the back-off of persons whose messages could not be answered; None: of all."""
    unanswered = exists().where(
        MessengerEvent.person == MessengerThread.person, MessengerEvent.problem == UNANSWERED, *OPEN
    )
    resting = update(MessengerThread).where(MessengerThread.rests_until.is_not(None), unanswered)
    if persons is not None:
        resting = resting.where(MessengerThread.person.in_(sorted(persons)))
    session.execute(resting.values(rests_until=None).execution_options(synchronize_session=False))


def stuck() -> list[Stuck]:
    """Dead letters, and events that have failed so far; the oldest first."""
    columns = (MessengerEvent.id, MessengerEvent.kind, MessengerEvent.at, MessengerEvent.problem)
    thread = (MessengerThread.person, MessengerThread.conversation_id)
    aside = MessengerEvent.set_aside_at.is_not(None)
    failed = and_(MessengerEvent.problem.is_not(None), *OPEN)
    with session_scope() as session:
        found = select(*columns, *thread, aside).join(MessengerThread, MessengerThread.person == MessengerEvent.person)
        rows = session.execute(found.where(or_(aside, failed)).order_by(MessengerEvent.at)).all()
    return [Stuck(*row) for row in rows]


def waiting() -> int:
    """How many events are not done yet."""
    with session_scope() as session:
        return len(session.execute(select(MessengerEvent.id).where(*OPEN)).all())


def automatic_replies() -> int:
    """How many automatic replies of the page came, within the time that events are stored (bot.erasure.erasing)."""
    with session_scope() as session:
        of_it = MessengerEvent.kind == MessengerEventKind.AUTOMATIC.value
        found = select(func.count()).select_from(MessengerEvent).where(of_it)
        return int(session.execute(found).scalar_one())


def try_again() -> int:
    """Put the dead letters back into the inbox, to be tried once more; returns how many."""
    again = {"set_aside_at": None, "tries": 0}
    with session_scope() as session:
        found = update(MessengerEvent).where(MessengerEvent.set_aside_at.is_not(None))
        return int(session.execute(found.values(again)).rowcount)
