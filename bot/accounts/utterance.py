"""What a customer says in the account dialogue."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.accounts.given_numbers import contract_numbers, one_time_codes
from bot.words.lexicon import lexicon
from bot.words.text import without_diacritics

ALL = "all"  # the choice of all contracts, not one of them


@dataclass(frozen=True)
class Utterance:
    """What a customer said.

    Attributes:
        language: lv or en, for the answer.
        dates, instalments, amounts: how they want to pay, from this and earlier messages (see `wish_of`).
        again: whether they ask to repeat, or for another code.
        by_ear: whether the text comes from speech recognition, so that a number in it may be misheard.
        agrees: whether the whole message is a yes (True) or a no (False) by its intent; None for neither.
        choice: the pressed button among several contracts: its reference, or `ALL`.
    """

    text: str
    language: str
    dates: Sequence[str] = ()
    instalments: Sequence[str] = ()
    amounts: Sequence[str] = ()
    again: bool = False
    by_ear: bool = False
    agrees: bool | None = None
    choice: str | None = None

    @cached_property
    def numbers(self) -> list[str]:
        """The contract numbers in it."""
        return contract_numbers(self.text, self.language)

    @cached_property
    def codes(self) -> list[str]:
        """The one-time codes in it."""
        return one_time_codes(self.text, self.language)

    @cached_property
    def wants_all(self) -> bool:
        """Whether the customer means all contracts: "for all my contracts", or "all" by itself."""
        if self.choice is not None:
            return self.choice == ALL
        return bool(_said("all_contracts").search(self._plain) or _said(ALL).fullmatch(self._plain))

    @cached_property
    def takes_number_back(self) -> bool:
        """Whether the customer says that the contract number given before is wrong."""
        return bool(_said("other_number").search(self._plain))

    @cached_property
    def _plain(self) -> str:
        return " ".join(re.sub(r"[^\w\s']+", " ", without_diacritics(self.text.lower().replace("’", "'"))).split())


@lru_cache(maxsize=8)
def _said(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{expression})" for expression in lexicon("account")[kind]))
