"""Verification of identity: a one-time code to the phone or e-mail on file opens one contract in one conversation.

Unknown and known numbers take the same path and get the same result, so that nobody can find out which numbers exist
(enumeration). Wrong codes lock only the address and the conversation that they come from. `bot.accounts.code_limits`
limits the codes, and so the guesses.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.accounts.code_limits import (
    CODE_LIFE,
    DAY,
    HOUR,
    TRIES,
    AskedCodes,
    Asking,
    CodeLimits,
    Limit,
    code_limits,
)
from bot.accounts.locks import Locks
from bot.accounts.opened import OPEN_FOR, OpenedAccounts, real_time
from bot.accounts.verification_models import (
    OpenedAccount,
    ProvenAddress,
    SignedInToken,
    VerificationCode,
    VerificationLock,
)
from bot.keys.keyed_hashes import contract_hash, keyed_hash
from bot.storage.engine import inserting
from bot.words.kinds_of_number import CODE_DIGITS

LOCKED_FOR = timedelta(minutes=15)
TRIES_A_DAY = 2 * TRIES  # wrong codes for a contract at an address that lock it there for a day
PROVEN_FOR = timedelta(days=90)  # without a further code


class Check(Enum):
    """The outcome of a code that a customer entered."""

    OPENED = "opened"
    WRONG = "wrong"
    USED_UP = "used_up"  # wrong, and the code has no tries left
    EXPIRED = "expired"
    LOCKED = "locked"


@dataclass(frozen=True)
class Checked:
    """The outcome of a code, and what is left.

    Attributes:
        tries: how many tries the code has left.
        wait: the rest of the lockout, where there is one.
    """

    result: Check
    tries: int = 0
    wait: timedelta = timedelta()


@dataclass(frozen=True)
class Requested:
    """The outcome of a request for a code.

    Attributes:
        code: the code to send, if one is to be sent; it is not stored.
        locked: the rest of the lockout after wrong codes.
        full: the rate limit that is reached; `wait` is how long at least.
        has_valid: whether an earlier code, from here and for this contract, is still valid.
    """

    code: str | None = None
    locked: timedelta = timedelta()
    full: Limit | None = None
    wait: timedelta = timedelta()
    has_valid: bool = False


class Verification(OpenedAccounts):
    """Codes, locks and opened accounts, in one database session."""

    def __init__(
        self, session: Session, clock: Callable[[], datetime] = real_time, limits: CodeLimits | None = None
    ) -> None:
        super().__init__(session, clock)
        self._limits = limits or code_limits()
        self._locks = Locks(session, clock)

    def request(
        self, contract_number: str, conversation_id: str, *, known: bool, address: str | None = None
    ) -> Requested:
        """Make a code; it invalidates earlier ones of this conversation, unless a limit refuses a further one.

        Args:
            known: whether the contract exists and has a phone number or an e-mail address.
            address: where the request comes from, by `bot.observing.current_turn`; where that is unknown, the
                conversation counts as the address.
        """
        now, contract = self._clock(), contract_hash(contract_number)
        conversation = keyed_hash("conversation", conversation_id)
        address = keyed_hash("address", address) if address else conversation
        self._locks.hold(contract, conversation, address)
        if locked := self._locks.left(conversation, address, _here(contract, address)):
            return Requested(locked=locked)
        asking = Asking(contract, address, conversation_id, self._is_proven(contract, address))
        asked = AskedCodes(self._session, now, self._limits)
        if full := asked.full(asking):
            has_valid = self._valid(contract, conversation_id) is not None
            return Requested(full=full.limit, wait=full.until - now, has_valid=has_valid)
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        self._void(conversation_id)
        row = VerificationCode(
            contract=contract,
            conversation_id=conversation_id,
            address=address,
            is_proven=asking.is_proven,
            # Where nothing is sent, a random hash is stored that no code matches.
            code=keyed_hash("code", conversation_id, contract, code if known else secrets.token_hex(16)),
            sent_at=now,
            tries=asked.tries(asking),
            wrong=0,
            spent=False,
        )
        self._session.add(row)
        self._session.flush()
        return Requested(code=code if known else None)

    def locked_for(self, conversation_id: str) -> timedelta:
        """The rest of a conversation's lockout; zero where it has none."""
        return self._locks.left(keyed_hash("conversation", conversation_id))

    def has_code(self, contract_number: str, conversation_id: str) -> bool:
        """Whether a code that was requested in a conversation is still valid."""
        return self._valid(contract_hash(contract_number), conversation_id) is not None

    def check(self, contract_number: str, conversation_id: str, code: str) -> Checked:
        """Check a code; the right one opens the contract's account in the conversation.

        Tries and success count for the address that requested the code, so entering it from elsewhere gains nothing.
        """
        contract, conversation = contract_hash(contract_number), keyed_hash("conversation", conversation_id)
        self._locks.hold(contract, conversation)
        row = self._valid(contract, conversation_id)
        subjects = (row.address, _here(contract, row.address)) if row else ()
        if wait := self._locks.left(conversation, *subjects):
            return Checked(Check.LOCKED, wait=wait)
        if row is None or not self._take_a_try(row.id):
            return Checked(Check.EXPIRED)
        given = keyed_hash("code", conversation_id, contract, "".join(filter(str.isdigit, code)))
        if not hmac.compare_digest(given, row.code):
            return self._wrong(contract, conversation_id, row)
        self._update(row.id, spent=True, wrong=VerificationCode.wrong - 1)
        self._prove(contract, row.address)
        self.open(contract_number, conversation_id)
        return Checked(Check.OPENED)

    def without_effect(self) -> dict[Any, Any]:
        """By table, the condition for expired rows, which have no effect any more."""
        now = self._clock()
        return {
            VerificationCode: VerificationCode.sent_at <= now - DAY,
            VerificationLock: VerificationLock.until <= now,
            OpenedAccount: OpenedAccount.used_at <= now - OPEN_FOR,
            SignedInToken: SignedInToken.until <= now,
            ProvenAddress: ProvenAddress.proven_at <= now - PROVEN_FOR,
        }

    def purge(self) -> dict[str, int]:
        """Delete expired rows; returns the number of rows by table."""
        return {
            table.__tablename__: int(self._session.execute(delete(table).where(of_it)).rowcount)
            for table, of_it in self.without_effect().items()
        }

    def _wrong(self, contract: str, conversation_id: str, row: Any) -> Checked:
        """Lock out the source of too many wrong codes, including this one; otherwise return the tries left."""
        conversation, here = keyed_hash("conversation", conversation_id), _here(contract, row.address)
        self._locks.hold(here, row.address)
        wrong = AskedCodes(self._session, self._clock(), self._limits).wrong
        in_conversation = (VerificationCode.conversation_id == conversation_id,)
        at_address = (VerificationCode.address == row.address,)
        of_contract = (VerificationCode.contract == contract, *at_address)
        left = {
            (conversation, LOCKED_FOR): TRIES - wrong(LOCKED_FOR, *in_conversation),
            (here, LOCKED_FOR): TRIES - wrong(LOCKED_FOR, *of_contract),
            (here, DAY): TRIES_A_DAY - wrong(DAY, *of_contract),
            (row.address, HOUR): self._limits.wrong_at_address - wrong(DAY, *at_address),
        }
        over = [lock for lock, tries in left.items() if tries <= 0]
        for subject, time in over:
            self._locks.lock(subject, time)
        if over:
            self._locks.lock(conversation, LOCKED_FOR)
            self._void(conversation_id)
            return Checked(Check.LOCKED, wait=max(time for _, time in over))
        tries = min(row.tries - row.wrong - 1, *left.values())
        if tries > 0:
            return Checked(Check.WRONG, tries)
        self._update(row.id, spent=True)
        return Checked(Check.USED_UP)

    def _valid(self, contract: str, conversation_id: str) -> Any:
        """The currently valid code; None where there is none."""
        valid = (
            VerificationCode.contract == contract,
            VerificationCode.conversation_id == conversation_id,
            VerificationCode.spent.is_(False),
            VerificationCode.sent_at > self._clock() - CODE_LIFE,
        )
        columns = ("id", "address", "code", "tries", "wrong")
        found = select(*(getattr(VerificationCode, name) for name in columns)).where(*valid)
        return self._session.execute(found).first()

    def _is_proven(self, contract: str, address: str) -> bool:
        since = self._clock() - PROVEN_FOR
        of_it = (ProvenAddress.subject == _here(contract, address), ProvenAddress.proven_at > since)
        return self._session.execute(select(ProvenAddress.subject).where(*of_it)).first() is not None

    def _prove(self, contract: str, address: str) -> None:
        now = self._clock()
        row = inserting(self._session, ProvenAddress).values(
            subject=_here(contract, address), contract=contract, proven_at=now
        )
        self._session.execute(row.on_conflict_do_update(index_elements=["subject"], set_={"proven_at": now}))

    def _update(self, number: int, **values: Any) -> None:
        self._session.execute(update(VerificationCode).where(VerificationCode.id == number).values(**values))

    def _take_a_try(self, number: int) -> bool:
        """Count a try before the code is compared (atomically), so that concurrent tries cannot exceed the limit."""
        left = (
            VerificationCode.id == number,
            VerificationCode.spent.is_(False),
            VerificationCode.wrong < VerificationCode.tries,
        )
        counted = update(VerificationCode).where(*left).values(wrong=VerificationCode.wrong + 1)
        return bool(self._session.execute(counted).rowcount == 1)


def _here(contract: str, address: str) -> str:
    """A contract at an address, as the subject of lockouts, which then do not affect other addresses."""
    return keyed_hash("contract at address", contract, address)
