"""Where accounts come from: the protocol that stands between the conversation and a billing system."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from bot.accounts.account import Account


class SourceUnavailable(RuntimeError):
    """The accounts cannot be read or written now; the customer is told so, with the number to call."""


@dataclass(frozen=True)
class Contact:
    """Where the holder of a contract can be reached; either may be missing. `phone` begins with + and the country."""

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
    """A wish to pay an amount (in euro) by a later day, or in so many instalments; just one of the two is given."""

    contract_number: str
    amount: Decimal
    until: date | None = None
    instalments: int | None = None


class AccountSource(Protocol):
    """A billing system. Every method may raise `SourceUnavailable`; none takes longer than a few seconds."""

    def contact(self, contract_number: str) -> Contact | None:
        """Where the holder can be reached; None where there is no such contract."""
        ...

    def account(self, contract_number: str) -> Account | None:
        """The account; None where there is no such contract."""
        ...

    def supplies(self, customer_id: str) -> list[Supply]:
        """The contracts of a customer who signed in on the website; empty where there is no such customer."""
        ...

    def record_extension(self, wish: ExtensionWish) -> str:
        """Record a wish that was checked already and give its reference number; the same wish gets the same one."""
        ...
