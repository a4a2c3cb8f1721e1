"""Rate limits of one-time codes: how many may be requested, and how many tries each has.

A request counts whether or not its contract number exists, so the limits do not reveal which numbers do (no
enumeration). An address is where somebody writes or calls from (`bot.channels.visitor_addresses`), as a keyed hash. It
is proven for a contract when the contract was opened there with a code in the last months. All other addresses are
strangers; together they get so few codes for a contract that brute force is hopeless (docs/security.md has the odds).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from bot.accounts.verification_models import VerificationCode
from bot.settings.accounts import LIMIT_CODES, LIMIT_CODES_ADDRESS

TRIES = 3  # for each code; also wrong codes in a row, for a contract at an address and in a conversation
CODE_LIFE = timedelta(minutes=5)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GUESSES = 9  # for a contract in a day; after these, each code of a stranger has one try only
TRIES_OF_SUSPECTS = 1
STRANGERS_SHARE = 0.8  # of all codes; the rest is reserved for proven addresses
GUESSES_SHARE = 0.5  # for all contracts in an hour, as a share of the codes; more than customers' typos need


@dataclass(frozen=True)
class Most:
    """The most in an hour, and in a day."""

    hour: int
    day: int


AT_STRANGER = Most(3, 6)  # codes for one contract at one address that is not proven for it
AT_PROVEN = Most(5, 20)  # codes for one contract at one address that is proven for it
FOR_STRANGERS = Most(6, 12)  # for one contract at all addresses that are not proven for it
FOR_RETURNING = Most(5, 8)  # of these; the rest is for addresses without one for the contract in this day
IN_CONVERSATION = 10  # in an hour, whatever the contracts


class Limit(StrEnum):
    """Which limit was exceeded; the value is the metric's label."""

    CONTRACT = "contract"
    ADDRESS = "address"
    CONVERSATION = "conversation"
    BUDGET = "budget"


@dataclass(frozen=True)
class CodeLimits:
    """Codes an hour: at one address whatever the contracts, and for all customers together."""

    address: int
    budget: int

    @property
    def wrong_at_address(self) -> int:
        """Wrong codes at one address in a day, after which each further one locks it."""
        return 2 * self.address


def code_limits() -> CodeLimits:
    """`BOT_LIMIT_CODES_ADDRESS` and `BOT_LIMIT_CODES`.

    Raises:
        SettingsError: one is not a number above zero.
    """
    return CodeLimits(LIMIT_CODES_ADDRESS.value(), LIMIT_CODES.value())


@dataclass(frozen=True)
class Full:
    """A limit that is reached, and when a code may be requested again."""

    limit: Limit
    until: datetime


@dataclass(frozen=True)
class Asking:
    """A request for a code: contract and address as keyed hashes, and whether the address is proven for it."""

    contract: str
    address: str
    conversation_id: str
    is_proven: bool


class AskedCodes:
    """Recently requested codes, in one database session at one moment."""

    def __init__(self, session: Session, now: datetime, limits: CodeLimits) -> None:
        self._session, self._now, self._limits = session, now, limits

    def full(self, asking: Asking) -> Full | None:
        """The reached limit with the longest wait; None where a code may be requested.

        All limits are always checked (constant time), so that the time does not reveal which one is reached.
        """
        reached = [
            Full(limit, until)
            for limit, of_it, most, window in self._limits_for(asking)
            if (until := self._full_until(of_it, most, window)) is not None
        ]
        return max(reached, key=lambda one: one.until, default=None)

    def tries(self, asking: Asking) -> int:
        """The number of tries of a code that is sent now.

        Codes that were sent keep their tries, so that "two more" stays true; all of these count as if they were used.
        """
        if asking.is_proven:
            return TRIES
        for_contract = self._guesses(DAY, VerificationCode.contract == asking.contract)
        is_calm = self._guesses(HOUR) + TRIES <= GUESSES_SHARE * self._limits.budget
        return TRIES if is_calm and for_contract + TRIES <= GUESSES else TRIES_OF_SUSPECTS

    def wrong(self, window: timedelta, *of_it: Any) -> int:
        """Wrong tries of codes that were sent within a time window."""
        summed = select(func.coalesce(func.sum(VerificationCode.wrong), 0))
        return int(self._session.execute(summed.where(*of_it, *self._since(window))).scalar_one())

    def _guesses(self, window: timedelta, *of_it: Any) -> int:
        """Strangers' wrong tries, and the tries left on their valid codes."""
        live = VerificationCode.spent.is_(False) & (VerificationCode.sent_at > self._now - CODE_LIFE)
        possible = func.coalesce(func.sum(case((live, VerificationCode.tries), else_=VerificationCode.wrong)), 0)
        of_strangers = (*of_it, VerificationCode.is_proven.is_(False), *self._since(window))
        return int(self._session.execute(select(possible).where(*of_strangers)).scalar_one())

    def _limits_for(self, asking: Asking) -> list[tuple[Limit, tuple[Any, ...], int, timedelta]]:
        contract = (VerificationCode.contract == asking.contract,)
        here = (VerificationCode.address == asking.address,)
        in_conversation = (VerificationCode.conversation_id == asking.conversation_id,)
        of_strangers = (*contract, VerificationCode.is_proven.is_(False))
        at_address, for_strangers, share = AT_PROVEN, None, 1.0
        if not asking.is_proven:
            returns = select(VerificationCode.id).where(*contract, *here, *self._since(DAY)).limit(1)
            returning = self._session.execute(returns).first() is not None
            at_address, share = AT_STRANGER, STRANGERS_SHARE
            for_strangers = FOR_RETURNING if returning else FOR_STRANGERS
        found = [
            (Limit.ADDRESS, here, self._limits.address, HOUR),
            (Limit.CONVERSATION, in_conversation, IN_CONVERSATION, HOUR),
            (Limit.BUDGET, (), max(1, int(share * self._limits.budget)), HOUR),
            (Limit.CONTRACT, (*contract, *here), at_address.hour, HOUR),
            (Limit.CONTRACT, (*contract, *here), at_address.day, DAY),
        ]
        if for_strangers:
            found += [
                (Limit.CONTRACT, of_strangers, for_strangers.hour, HOUR),
                (Limit.CONTRACT, of_strangers, for_strangers.day, DAY),
            ]
        return found

    def _full_until(self, of_it: tuple[Any, ...], most: int, window: timedelta) -> datetime | None:
        """When the oldest counted code leaves the sliding window; None where fewer than `most` are in it."""
        latest = select(VerificationCode.sent_at).where(*of_it, *self._since(window))
        oldest = latest.order_by(VerificationCode.sent_at.desc()).offset(most - 1).limit(1)
        sent_at: datetime | None = self._session.execute(oldest).scalar()
        return sent_at + window if sent_at else None

    def _since(self, window: timedelta) -> tuple[Any]:
        return (VerificationCode.sent_at > self._now - window,)
