"""Redaction: removes personal data from text before it is stored (docs/privacy.md says which, and the limits)."""

from collections.abc import Iterable

from bot.privacy import harmless_numbers, identifying_numbers, labelled, lettered, names, phones, said, street_addresses
from bot.privacy.normalised_text import Finding, apart, behind, masked, plain, replaced
from bot.privacy.spacy_words import words_of
from bot.privacy.spelled_emails import spelled_emails

__all__ = ["find", "redact"]


def redact(text: str, *, addresses: bool = False) -> str:
    """Replace what identifies a customer, such as phone numbers, contract numbers, e-mail addresses and names.

    Each is replaced by its kind in brackets, such as `[phone]`. Short numbers (8400, amounts, dates) stay. Accepts any
    text; idempotent: redacting a redacted text changes nothing.

    Args:
        addresses: whether to redact addresses too; whoever reads a request for a person mostly needs them.
    """
    # Removing one finding may reveal another that it had hidden.
    while found := find(text, addresses=addresses):
        text = replaced(text, found)
    return text


def find(text: str, *, addresses: bool = False) -> list[Finding]:
    """What the first pass of `redact` removes from a text; for callers with several texts that belong together."""
    return _Search(text, addresses=addresses).found


class _Search:
    """One pass over a text. Findings, and parts that stay, are masked from the searches that come after."""

    def __init__(self, text: str, *, addresses: bool) -> None:
        self.found: list[Finding] = []
        self._rest = plain(text)
        self._rest = masked(self._rest, harmless_numbers.references(self._rest))
        # The more specific pattern first, so that half of an account number is not taken for a phone number.
        for find in (lettered.emails, spelled_emails, lettered.bank_accounts, lettered.energy_codes):
            self._take(find(self._rest))
        self._rest = masked(self._rest, harmless_numbers.labelled(self._rest))
        self._take(labelled.labelled(self._rest))
        self._take(labelled.behind_cards(self._rest, behind(text, "card")))
        for kind in ("name", "personal code"):
            self._take(labelled.behind_persons(self._rest, behind(text, kind)))
        if addresses:
            self._take(street_addresses.addresses(self._rest, behind(text, "address")))
        self._rest = masked(self._rest, harmless_numbers.certain(self._rest))
        self._take(phones.international_phones(self._rest))
        self._rest = masked(self._rest, harmless_numbers.measured(self._rest))
        words = words_of(self._rest)
        labels = {some.start(token): before for some in words for token, before in some.labels.items()}
        self._take(identifying_numbers.listed_numbers(self._rest, labels))
        self._take(identifying_numbers.numbers(self._rest, labels))
        for look in (said.said_numbers, names.names):
            for some in words:
                self._take(look(some.of(self._rest)))

    def _take(self, findings: Iterable[Finding]) -> None:
        taken = apart(findings)
        self.found += taken
        self._rest = masked(self._rest, [(start, end) for _, start, end in taken])
