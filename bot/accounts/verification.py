"""Proving who one is: a one-time code to the phone or e-mail on file opens one contract in one conversation.

An unknown number, a locked one and a known one take the same way and get the same result, so that nobody learns from
outside which numbers exist. Times are real ones, whatever day the assistant pretends.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.accounts.verification_models import OpenedAccount, VerificationCode, VerificationLock
from bot.signing import key_for
from bot.storage.conversation_models import ConversationContract

DIGITS = 6
TRIES = 3  # wrong codes, for a contract from all conversations together and in a conversation for all contracts
CODE_LIFE = timedelta(minutes=5)
LOCKED_FOR = timedelta(minutes=15)
OPEN_FOR = timedelta(minutes=15)  # without use
CODES_AN_HOUR = 5  # for one contract
REQUESTS_AN_HOUR = 10  # in one conversation, for whatever numbers
HOUR = timedelta(hours=1)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Check(Enum):
    """What became of a code that a customer gave."""

    OPENED = "opened"
    WRONG = "wrong"
    EXPIRED = "expired"
    LOCKED = "locked"


@dataclass(frozen=True)
class Requested:
    """What became of a request for a code.

    Attributes:
        locked: whether this conversation may not ask now; nothing else is told apart.
        code: the code to send, if one is to be sent; it is kept nowhere.
    """

    locked: bool
    code: str | None = None


def keyed_hash(*parts: str) -> str:
    """What stands in the tables for parts that must not: 64 hexadecimal digits, made with a key of ours."""
    return hmac.new(key_for("verification"), "\0".join(parts).encode(errors="replace"), hashlib.sha256).hexdigest()


def contract_hash(number: str) -> str:
    """What stands for a contract's number in codes, locks and links to conversations."""
    return keyed_hash("contract", number)


def _now() -> datetime:
    return datetime.now(UTC)


class Verification:
    """Codes, locks and opened accounts, in one database session."""

    def __init__(self, session: Session, clock: Callable[[], datetime] = _now) -> None:
        self._session, self._clock = session, clock

    def request(self, contract_number: str, conversation_id: str, *, known: bool) -> Requested:
        """Make a code; earlier ones of this conversation are void.

        Args:
            known: whether there is such a contract with a phone or an e-mail address.
        """
        now, contract = self._clock(), contract_hash(contract_number)
        conversation = keyed_hash("conversation", conversation_id)
        self._alone_with(contract, conversation)
        asked = self._count(VerificationCode.conversation_id == conversation_id, since=now - HOUR)
        if self._locked(conversation) or asked >= REQUESTS_AN_HOUR:
            return Requested(locked=True)
        sent = self._count(VerificationCode.contract == contract, since=now - HOUR)
        locked = self._locked(contract)  # looked up for every number: the time of an answer must not tell them apart
        allowed = known and not locked and sent < CODES_AN_HOUR
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
        self._void(conversation_id)
        row = VerificationCode(
            contract=contract,
            conversation_id=conversation_id,
            # Where nothing is sent, no code is right.
            code=keyed_hash("code", conversation_id, contract, code if allowed else secrets.token_hex(16)),
            sent_at=now,
            wrong=0,
            spent=False,
        )
        self._session.add(row)
        self._session.flush()
        return Requested(locked=False, code=code if allowed else None)

    def is_locked(self, conversation_id: str) -> bool:
        """Whether a conversation gets no code now."""
        return self._locked(keyed_hash("conversation", conversation_id))

    def check(self, contract_number: str, conversation_id: str, code: str) -> Check:
        """Try a code; the right one opens the contract's account in the conversation."""
        now, contract = self._clock(), contract_hash(contract_number)
        conversation = keyed_hash("conversation", conversation_id)
        self._alone_with(contract, conversation)
        if self._locked(conversation):
            return Check.LOCKED
        valid = (
            VerificationCode.contract == contract,
            VerificationCode.conversation_id == conversation_id,
            VerificationCode.spent.is_(False),
            VerificationCode.sent_at > now - CODE_LIFE,
        )
        row = self._session.execute(select(VerificationCode.id, VerificationCode.code).where(*valid)).first()
        if row is None:
            return Check.EXPIRED
        given = keyed_hash("code", conversation_id, contract, "".join(filter(str.isdigit, code)))
        if not self._take_a_try(row.id):
            return Check.LOCKED
        if hmac.compare_digest(given, row.code) and not self._locked(contract):
            used = {"spent": True, "wrong": VerificationCode.wrong - 1}
            self._session.execute(update(VerificationCode).where(VerificationCode.id == row.id).values(**used))
            self.open(contract_number, conversation_id)
            return Check.OPENED
        since = now - LOCKED_FOR
        if self._wrong(VerificationCode.contract == contract, since) >= TRIES:
            self._lock(contract)  # silently: elsewhere the number must look like any other
        if self._wrong(VerificationCode.conversation_id == conversation_id, since) < TRIES:
            return Check.WRONG
        self._lock(conversation)
        self._void(conversation_id)
        return Check.LOCKED

    def opened(self, conversation_id: str) -> list[str]:
        """The contracts that are open in a conversation, the latest first; looking counts as using."""
        now = self._clock()
        fresh = (OpenedAccount.conversation_id == conversation_id, OpenedAccount.used_at > now - OPEN_FOR)
        numbers = select(OpenedAccount.contract_number).where(*fresh).order_by(OpenedAccount.id.desc())
        found = list(dict.fromkeys(self._session.execute(numbers).scalars()))
        if found:
            self._session.execute(update(OpenedAccount).where(*fresh).values(used_at=now))
        return found

    def open(self, contract_number: str, conversation_id: str) -> None:
        """Open an account whose owner is known already, such as one signed in on the website."""
        row = OpenedAccount(conversation_id=conversation_id, contract_number=contract_number, used_at=self._clock())
        self._session.add(row)
        self._link(contract_number, conversation_id)

    def close(self, conversation_id: str) -> None:
        """Close what is open in a conversation."""
        self._session.execute(delete(OpenedAccount).where(OpenedAccount.conversation_id == conversation_id))

    def without_effect(self) -> dict[Any, Any]:
        """By table, the condition of rows that have no effect any more."""
        now = self._clock()
        return {
            VerificationCode: VerificationCode.sent_at <= now - HOUR,
            VerificationLock: VerificationLock.until <= now,
            OpenedAccount: OpenedAccount.used_at <= now - OPEN_FOR,
        }

    def purge(self) -> dict[str, int]:
        """Forget what has no effect any more; gives back how many rows of which table."""
        return {
            table.__tablename__: int(self._session.execute(delete(table).where(of_it)).rowcount)
            for table, of_it in self.without_effect().items()
        }

    def _link(self, contract_number: str, conversation_id: str) -> None:
        """Note, for as long as the conversation is kept, that it was about the contract."""
        contract = contract_hash(contract_number)
        same = (ConversationContract.conversation_id == conversation_id, ConversationContract.contract == contract)
        if self._session.execute(select(ConversationContract.id).where(*same)).first() is None:
            link = ConversationContract(conversation_id=conversation_id, contract=contract, created_at=self._clock())
            self._session.add(link)

    def _alone_with(self, *subjects: str) -> None:
        """Hold subjects' rows until the transaction ends, so that what is counted is not counted twice at once.

        Everybody takes the contract first and the conversation after it; so nobody waits in a circle.
        """
        insert = INSERTS[self._session.connection().dialect.name]
        for subject in subjects:
            row = insert(VerificationLock).values(subject=subject, until=LONG_AGO)
            held = row.on_conflict_do_update(index_elements=["subject"], set_={"subject": subject})
            self._session.execute(held)

    def _locked(self, subject: str) -> bool:
        until = select(VerificationLock.until).where(VerificationLock.subject == subject)
        moment = self._session.execute(until).scalar()
        return moment is not None and moment > self._clock()

    def _lock(self, subject: str) -> None:
        locked = update(VerificationLock).where(VerificationLock.subject == subject)
        self._session.execute(locked.values(until=self._clock() + LOCKED_FOR))

    def _count(self, of_it: object, since: datetime) -> int:
        counted = select(func.count()).select_from(VerificationCode).where(of_it, VerificationCode.sent_at > since)
        return int(self._session.execute(counted).scalar_one())

    def _wrong(self, of_it: object, since: datetime) -> int:
        summed = select(func.coalesce(func.sum(VerificationCode.wrong), 0))
        return int(self._session.execute(summed.where(of_it, VerificationCode.sent_at > since)).scalar_one())

    def _void(self, conversation_id: str) -> None:
        of_it = (VerificationCode.conversation_id == conversation_id, VerificationCode.spent.is_(False))
        self._session.execute(update(VerificationCode).where(*of_it).values(spent=True))

    def _take_a_try(self, number: int) -> bool:
        """Count a try before it is looked at, so that many at once are no more than allowed one after the other."""
        left = (VerificationCode.id == number, VerificationCode.spent.is_(False), VerificationCode.wrong < TRIES)
        counted = update(VerificationCode).where(*left).values(wrong=VerificationCode.wrong + 1)
        return bool(self._session.execute(counted).rowcount == 1)
