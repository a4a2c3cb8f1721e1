"""The choice of one or all of several open accounts: the offer, and the customer's answer."""

import re

from bot.accounts.source import AccountSource
from bot.accounts.steps import Choice, KeyedReply
from bot.accounts.utterance import Utterance
from bot.keys.keyed_hashes import contract_hash
from bot.words.spoken_digits import in_figures
from bot.words.text import fold

MOST_CHOICES = 9
REFERENCE = 12  # hex digits of the contract's keyed hash, enough to distinguish a customer's contracts


def reference_of(number: str) -> str:
    """The reference that replaces a contract number in a button."""
    return contract_hash(number)[:REFERENCE]


def choices(source: AccountSource, opened: list[str], *, offers_all: bool) -> tuple[KeyedReply, ...]:
    """The question which account is meant, and how to name one that is not in the list."""
    said = KeyedReply(
        "utter_account_choose" if offers_all else "utter_account_choose_one",
        choices=_offered(source, opened),
        offers_all=offers_all,
    )
    return (said, KeyedReply("utter_account_choose_more")) if len(opened) > MOST_CHOICES else (said,)


def choices_again(source: AccountSource, opened: list[str], *, offers_all: bool) -> KeyedReply:
    """The same question again, after an answer that was not understood."""
    return KeyedReply("utter_account_choose_again", choices=_offered(source, opened), offers_all=offers_all)


def chosen(source: AccountSource, opened: list[str], heard: Utterance) -> str | None:
    """The contract that a button names, or a part of its address, or else its position in the list."""
    if heard.choice is not None:
        return next((number for number in opened if reference_of(number) == heard.choice), None)
    addresses = _addresses(source, opened)
    figures = re.findall(r"\d+", in_figures(heard.text, heard.language, ordinals=True))
    said = set(re.findall(r"\w+", fold(heard.text)))
    words = {number: set(re.findall(r"\w+", fold(address))) for number, address in addresses.items()}
    shared = set.intersection(*words.values()) if words else set()
    fitting = [number for number, own in words.items() if (own - shared) & said]
    if len(fitting) == 1 and not said <= set(figures):  # a number by itself is a position in the list
        return fitting[0]
    places = dict(zip(map(str, range(1, len(addresses) + 1)), addresses, strict=True))
    named = list(dict.fromkeys(places[figure] for figure in figures if figure in places))
    return named[0] if len(named) == 1 else None


def _offered(source: AccountSource, opened: list[str]) -> tuple[Choice, ...]:
    return tuple(Choice(reference_of(number), address) for number, address in _addresses(source, opened).items())


def _addresses(source: AccountSource, opened: list[str]) -> dict[str, str]:
    """The offered addresses, by contract."""
    accounts = {number: source.account(number) for number in opened[:MOST_CHOICES]}
    return {number: account.address for number, account in accounts.items() if account}
