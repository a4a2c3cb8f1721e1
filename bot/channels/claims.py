"""Idempotency: a message is answered once, whichever server gets it and however often it is delivered.

The server that inserts a message's row has claimed the message and answers it; conversation and message id together
are unique (the idempotency key). The row keeps the sealed answer, which every later delivery gets; until it is there,
later deliveries wait. A claim without an answer is a lease: once it has expired, its server has died, and nobody knows
how far it came. Then the message is not answered a second time.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Integer, String, Text, UniqueConstraint, bindparam, insert, select, update
from sqlalchemy.orm import Session, declarative_mixin, declared_attr

from bot import deadlines
from bot.keys.sealing import Seal
from bot.storage.deadline import in_time
from bot.storage.engine import UtcDateTime, single_statements

LEASE = timedelta(seconds=deadlines.UNFINISHED_TURN)
LOOK_AGAIN = 0.05  # seconds, while another request, or server, is answering the same message
Kept = TypeVar("Kept")


@declarative_mixin
class ClaimedMessage:
    """The columns of a table of messages that are answered once; each table adds its own `answered_at`.

    Attributes:
        began_at: when it was claimed.
        sealed: its answer, encrypted; None while it is being answered.
    """

    @declared_attr
    def __table_args__(cls) -> tuple[Any, ...]:  # noqa: N805 (SQLAlchemy gives the class)
        return (UniqueConstraint("conversation_id", "message_id"),)

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(255), nullable=False)
    message_id = Column(String(64), nullable=False)
    began_at = Column(UtcDateTime, nullable=False, index=True)
    sealed = Column(Text)


@dataclass(frozen=True)
class Claim(Generic[Kept]):
    """A message that was claimed before.

    Attributes:
        message_id: identifies its row.
        answer: None while there is none, or where this server's key cannot decrypt it.
        is_abandoned: there is no answer and the lease has expired: nobody will answer any more.
    """

    message_id: str
    answer: Kept | None = None
    is_abandoned: bool = False


class ClaimedMessages:
    """The messages of one table. The statements that every turn runs are built once."""

    def __init__(self, table: Any) -> None:
        """
        Args:
            table: a `ClaimedMessage` with a column `answered_at`, whatever its name in the database.
        """
        answered_at = table.__mapper__.columns.answered_at
        of_it = (table.conversation_id == bindparam("conversation"), table.message_id == bindparam("message"))
        self._find = select(table.message_id, table.began_at, table.sealed).where(*of_it)
        self._claim = insert(table.__table__)
        answered = {answered_at.key: bindparam("now"), "sealed": bindparam("answer")}
        self._answer = update(table.__table__).where(*of_it).values(answered)

    def claim(self, session: Session, conversation: str, message_id: str, **columns: Any) -> None:
        """Claim a message.

        Args:
            columns: the table's own columns, by their names in the database.

        Raises:
            IntegrityError: it was claimed before.
        """
        ids = {"conversation_id": conversation, "message_id": message_id}
        session.execute(self._claim, {**ids, "began_at": datetime.now(UTC), **columns})

    def find(self, session: Session, conversation: str, message_id: str, seal: Seal) -> Claim[Any] | None:
        """The claim on a message, with its answer read from JSON; None where nobody has claimed it."""
        row = session.execute(self._find, {"conversation": conversation, "message": message_id}).one_or_none()
        return claim_of(row, seal) if row else None

    def look(self, conversation: str, message_id: str, seal: Seal) -> Claim[Any]:
        """The claim on a message that was claimed before; if it was erased meanwhile, it is abandoned."""
        with single_statements() as session:
            return self.find(session, conversation, message_id, seal) or Claim(message_id, is_abandoned=True)

    def answer(self, conversation: str, message_id: str, content: Any, seal: Seal) -> None:
        """Keep a message's answer, as JSON."""
        with single_statements() as session:
            self.answer_in(session, conversation, message_id, content, seal)

    def answer_in(
        self, session: Session, conversation: str, message_id: str, content: Any, seal: Seal, only_if: Any = None
    ) -> bool:
        """Keep a message's answer in a transaction of the caller's; returns whether its row was there.

        Args:
            only_if: a condition, in which `bindparam("conversation")` is the conversation's id.
        """
        values = {"conversation": conversation, "message": message_id, "now": datetime.now(UTC)}
        statement = self._answer if only_if is None else self._answer.where(only_if)
        return bool(session.execute(statement, {**values, "answer": seal.close(content)}).rowcount)


def claim_of(row: Any, seal: Seal) -> Claim[Any]:
    """The claim that a row holds, or a row of its `message_id`, `began_at` and `sealed` only."""
    answer = seal.open(row.sealed)
    return Claim(row.message_id, answer, is_abandoned=answer is None and row.began_at < datetime.now(UTC) - LEASE)


async def settled(claim: Claim[Kept], look: Callable[..., Claim[Kept]], *arguments: object) -> Claim[Kept]:
    """Wait until a message is answered or abandoned; `look`, called with the arguments, reads its claim again.

    Raises:
        SQLAlchemyError, TimeoutError: the database fails, or does not answer in time.
    """
    while claim.answer is None and not claim.is_abandoned:
        await asyncio.sleep(LOOK_AGAIN)
        claim = await in_time(look, *arguments)
    return claim
