"""Taking personal data out of text before it is stored (docs/privacy.md says what, and where the limits are)."""

from collections.abc import Iterable

from bot.privacy import addresses as streets
from bot.privacy import kept, lettered, names, numbers, phones, said
from bot.privacy.plain import Finding, masked, plain, replaced
from bot.privacy.words import words_of

__all__ = ["redact"]


def redact(text: str, *, addresses: bool = False) -> str:
    """Replace what says who a customer is, such as phones, contract numbers, e-mail addresses and names.

    Each is replaced by its kind in brackets, such as `[phone]`. Short numbers (8400, amounts, dates) stay. Takes any
    text; redacting a redacted text changes nothing.

    Args:
        addresses: whether to take them out too; who reads a request for a person mostly needs them.
    """
    # Taking one thing out may show another that it stood in the way of.
    while found := _Search(text, addresses=addresses).found:
        text = replaced(text, found)
    return text


class _Search:
    """One look at a text. What was found, and what is to stay, is masked for what is looked for after it."""

    def __init__(self, text: str, *, addresses: bool) -> None:
        self.found: list[Finding] = []
        self._rest = plain(text)
        # The more specific shape first, so that an account number is not half taken for a phone.
        for find in (lettered.emails, lettered.bank_accounts, lettered.energy_codes):
            self._take(find(self._rest))
        if addresses:
            self._take(streets.addresses(self._rest))
        self._rest = masked(self._rest, kept.certain(self._rest))
        self._take(phones.international_phones(self._rest))
        self._rest = masked(self._rest, kept.measured(self._rest))
        words = words_of(self._rest)
        labels = {some.start(token): before for some in words for token, before in some.labels.items()}
        self._take(numbers.numbers(self._rest, labels))
        for look in (said.said_numbers, names.names):
            for some in words:
                self._take(look(some.of(self._rest)))

    def _take(self, findings: Iterable[Finding]) -> None:
        taken = list(findings)
        self.found += taken
        self._rest = masked(self._rest, [(start, end) for _, start, end in taken])
