"""E-mail addresses, bank accounts (IBAN) and energy identification codes (EIC): numbers with letters in them."""

import re
from collections.abc import Iterator
from functools import cache

from stdnum import iban, numdb
from stdnum.eu import eic

from bot.privacy.normalised_text import Finding
from bot.words.lexicon import lexicon

_LOCAL = r"[\w.+'\u0300-\u036f-]"
_DOMAIN = r"[\w\u0300-\u036f-]+"
_EMAIL = re.compile(
    # The lookbehind starts a match only at a word's start, so that a long word is scanned once.
    rf"(?<!{_LOCAL}){_LOCAL}+"
    rf"(?:(?:@{_DOMAIN}(?:\.{_DOMAIN})*)+| ?(?:@|[(\[]at[)\]]) ?(?!\d){_DOMAIN}(?:\.{_DOMAIN})+)",
    re.IGNORECASE,
)
# Spaces around every punctuation mark: "anna . kalna @ inbox . lv".
_SPACED_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,40}(?: [._-] ?[\w+-]{1,40}| _?- [\w+-]{1,40}){0,5}"
    r" ?@ ?(?!\d)[\w-]{2,40}(?: ?\. ?[\w-]{2,20}){1,2}"
)
_EIC = re.compile(
    r"(?<![A-Z0-9])43 ?[XZWTAVY](?: ?[A-Z0-9-]){12} ?[A-Z0-9](?![A-Z0-9])",
    re.ASCII | re.IGNORECASE,
)
_EIC_SLIP = re.compile(r"(?<![A-Z0-9])43[XZWTAVY][A-Z0-9-]{10,15}[A-Z0-9](?![A-Z0-9])", re.ASCII | re.IGNORECASE)
_IBAN_START = re.compile(r"(?<![A-Z0-9])([A-Z]{2})[ -]?\d\d", re.ASCII | re.IGNORECASE)
# With a digit too few or too many: the bank's letters, and digits in any groups.
_IBAN_SLIP = re.compile(r"(?:[ -]?[A-Z]{4})(?:[ -]?\d){8,26}(?![A-Z0-9])", re.ASCII | re.IGNORECASE)
_DIGITS = 8  # minimum, unless the checksum is right: "43x reizes zvaniju" is a sentence


def emails(text: str) -> Iterator[Finding]:
    """E-mail addresses, except the company's own; also without a dot in the domain, since customers forget it."""
    for match in [*_EMAIL.finditer(text), *_SPACED_EMAIL.finditer(text)]:
        if not _role_mailbox().fullmatch(match.group().lower()):
            yield Finding("e-mail", *match.span())


@cache
def _role_mailbox() -> re.Pattern[str]:
    return re.compile(lexicon("labelled")["role mailboxes"])


def energy_codes(text: str) -> Iterator[Finding]:
    """EIC codes of Latvia; also with a wrong check character, or one character too few or too many."""
    place = 0
    for match in sorted([*_EIC.finditer(text), *_EIC_SLIP.finditer(text)], key=lambda one: (one.start(), -one.end())):
        code = match.group().upper()
        certain = match.re is _EIC and (" " not in code or eic.is_valid(code))
        if match.start() >= place and (certain or _digits(code) >= _DIGITS):
            place = match.end()
            yield Finding("eic", match.start(), place)


def bank_accounts(text: str) -> Iterator[Finding]:
    """IBANs of the length and shape of their country, or of a Latvian-like shape where digits are missing."""
    place = 0
    for start in _IBAN_START.finditer(text):
        rest = _rest(start[1].upper())
        if rest is None or start.start() < place:
            continue
        for pattern in (rest, _IBAN_SLIP):
            match = pattern.match(text, start.end())
            if match is None:
                continue
            whole = text[start.start() : match.end()]
            if _digits(whole) >= _DIGITS + 2 or iban.is_valid(whole, check_country=False):
                place = match.end()
                yield Finding("iban", start.start(), place)
                break


@cache
def _rest(country: str) -> re.Pattern[str] | None:
    """The pattern after the check digits in a country's IBANs, in groups or not; None where the country has none."""
    found = numdb.get("iban").info(country)[0][1].get("bban")
    if not found:
        return None
    classes = {"n": r"\d", "a": "[A-Z]", "c": "[A-Z0-9]"}
    shape = re.sub(r"(\d+)!([nac])", lambda part: f"(?:[ -]?{classes[part[2]]}){{{part[1]}}}", found)
    return re.compile(rf"{shape}(?![A-Z0-9])", re.ASCII | re.IGNORECASE)


def _digits(text: str) -> int:
    return sum(character.isdecimal() for character in text)
