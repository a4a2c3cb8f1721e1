"""The protocol (interface) between the conversation and a billing system."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from bot.accounts.account_status import Account


class SourceUnavailable(RuntimeError):
    """Accounts cannot be read or written now; the customer is told so, with the number to call."""


@dataclass(frozen=True)
class Contact:
    """How to reach the holder of a contract; either may be missing. `phone` starts with + and the country code."""

    phone: str | None
    email: str | None
    language: str


@dataclass(frozen=True)
class Supply:
    """A contract in a choice of several: its number and the address it supplies."""

    contract_number: str
    address: str


@dataclass(frozen=True)
class ExtensionWish:
    """A wish to pay an amount (in euro) by a later day or in instalments; exactly one of the two is set."""

    contract_number: str
    amount: Decimal
    until: date | None = None
    instalments: int | None = None


class AccountSource(Protocol):
    """A billing system. Every method may raise `SourceUnavailable`; none takes longer than a few seconds."""

    def contact(self, contract_number: str) -> Contact | None:
        """How to reach the holder; None where there is no such contract."""
        ...

    def account(self, contract_number: str) -> Account | None:
        """The account; None where there is no such contract."""
        ...

    def supplies(self, customer_id: str) -> list[Supply] | None:
        """The contracts of a customer signed in on the website; None where there is no such customer."""
        ...

    def record_extension(self, wish: ExtensionWish) -> str:
        """Record a checked wish and return its reference number; idempotent: the same wish gets the same one."""
        ...
