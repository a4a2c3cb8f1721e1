"""Accounts that are open in a conversation, and for how long. Uses real time, even where the clock's day is set."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.accounts.conversation_contracts import ConversationContract
from bot.accounts.verification_models import OpenedAccount, VerificationCode
from bot.keys.keyed_hashes import contract_hash

OPEN_FOR = timedelta(minutes=15)  # without use
NO_CONTRACT = ""  # in place of a number: a signed-in customer without a contract


def real_time() -> datetime:
    """Now."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Opened:
    """Open accounts of a conversation: the contracts, as keyed hashes, and how long they stay open without use."""

    contracts: frozenset[str] = frozenset()
    left: timedelta = timedelta()


class OpenedAccounts:
    """Opened accounts, in one database session."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = real_time) -> None:
        self._session, self._clock = session, clock

    def opened(self, conversation_id: str) -> list[str]:
        """The contracts that are open in a conversation, latest first; this counts as use and extends the time."""
        found = self._fresh(conversation_id)
        if found:
            used = update(OpenedAccount).where(OpenedAccount.id.in_([row.id for row in found]))
            self._session.execute(used.values(used_at=self._clock()))
        return list(dict.fromkeys(row.contract_number for row in found if row.contract_number != NO_CONTRACT))

    def is_signed_in(self, conversation_id: str) -> bool:
        """Whether a customer without a contract is signed in (see `note_signed_in`)."""
        return any(row.contract_number == NO_CONTRACT for row in self._fresh(conversation_id))

    def look(self, conversation_id: str) -> Opened:
        """The open accounts of a conversation; unlike `opened`, this does not count as use."""
        now = self._clock()
        rows = [row for row in self._fresh(conversation_id) if row.contract_number != NO_CONTRACT]
        if not rows:
            return Opened()
        until = min(row.used_at for row in rows) + OPEN_FOR
        return Opened(frozenset(contract_hash(row.contract_number) for row in rows), until - now)

    def ever_opened(self, conversation_id: str) -> set[str]:
        """Keyed hashes of all contracts that were ever opened in a conversation."""
        of_it = ConversationContract.conversation_id == conversation_id
        return set(self._session.execute(select(ConversationContract.contract).where(of_it)).scalars())

    def open(self, contract_number: str, conversation_id: str) -> None:
        """Open an account whose owner is already verified, for example by the website's sign-in."""
        row = OpenedAccount(conversation_id=conversation_id, contract_number=contract_number, used_at=self._clock())
        self._session.add(row)
        self._link(contract_number, conversation_id)

    def note_signed_in(self, conversation_id: str) -> None:
        """Record that a customer without a contract is signed in on the website, so needs no verification."""
        now = self._clock()
        self._session.add(OpenedAccount(conversation_id=conversation_id, contract_number=NO_CONTRACT, used_at=now))

    def close(self, conversation_id: str) -> None:
        """Close the open accounts of a conversation, and invalidate the codes that were sent for it."""
        self._session.execute(delete(OpenedAccount).where(OpenedAccount.conversation_id == conversation_id))
        self._void(conversation_id)

    def _fresh(self, conversation_id: str) -> list[Any]:
        """Open rows, latest first, without those sealed with another key. Rows cannot be looked up by number."""
        columns = (OpenedAccount.id, OpenedAccount.contract_number, OpenedAccount.used_at)
        of_it = (OpenedAccount.conversation_id == conversation_id, OpenedAccount.used_at > self._clock() - OPEN_FOR)
        rows = self._session.execute(select(*columns).where(*of_it).order_by(OpenedAccount.id.desc())).all()
        return [row for row in rows if row.contract_number is not None]

    def _link(self, contract_number: str, conversation_id: str) -> None:
        """Record that the conversation was about the contract, for as long as the conversation is stored."""
        contract = contract_hash(contract_number)
        same = (ConversationContract.conversation_id == conversation_id, ConversationContract.contract == contract)
        if self._session.execute(select(ConversationContract.id).where(*same)).first() is None:
            link = ConversationContract(conversation_id=conversation_id, contract=contract, created_at=self._clock())
            self._session.add(link)

    def _void(self, conversation_id: str) -> None:
        of_it = (VerificationCode.conversation_id == conversation_id, VerificationCode.spent.is_(False))
        self._session.execute(update(VerificationCode).where(*of_it).values(spent=True))
