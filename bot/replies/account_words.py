"""Sentences of the catalogue, filled with the dates, sums and counts of an account."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from bot.accounts.account_status import ZERO, Open, Payment
from bot.replies.fixed_replies import fixed
from bot.replies.formats import SpokenDate, money_text, number_text, plural_text


def total(items: Iterable[Open]) -> Decimal:
    """The outstanding sum of several invoices, in euro."""
    return sum((one.left for one in items), ZERO)


def paid(payments: Iterable[Payment]) -> Decimal:
    """The sum of several payments, in euro."""
    return sum((payment.amount for payment in payments), ZERO)


class AccountWords:
    """Formats account data in one language and for one medium ("phone" for speech, None for text)."""

    def __init__(self, language: str, medium: str | None) -> None:
        self.language, self.medium = language, medium

    def say(self, key: str, **values: Any) -> str:
        """A catalogue text with its placeholders filled."""
        return fixed(key, self.language, self.medium, **values).text

    def date(self, day: date) -> SpokenDate:
        """A date as a placeholder's value."""
        return SpokenDate(day, self.language)

    def money(self, amount: Decimal) -> str:
        """An amount in euro."""
        return money_text(amount, self.language)

    def count(self, count: int, noun: str) -> str:
        """A count with its noun, a key of `plurals`."""
        return f"{number_text(count, self.language)} {plural_text(count, noun, self.language)}"
