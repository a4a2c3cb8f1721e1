"""E-mail addresses, bank accounts (IBAN) and energy identification codes (EIC): numbers with letters in them."""

import re
from collections.abc import Iterator
from functools import cache

from stdnum import iban, numdb
from stdnum.eu import eic

from bot.privacy.plain import Finding

_LOCAL = r"[\w.+'\u0300-\u036f-]"
_DOMAIN = r"[\w\u0300-\u036f-]+"
_EMAIL = re.compile(
    # Begins where no such character stands before, so that a long word is gone through once.
    rf"(?<!{_LOCAL}){_LOCAL}+"
    rf"(?:(?:@{_DOMAIN}(?:\.{_DOMAIN})*)+| ?(?:@|[(\[]at[)\]]) ?(?!\d){_DOMAIN}(?:\.{_DOMAIN})+)",
    re.IGNORECASE,
)
_EIC = re.compile(
    r"(?<![A-Z0-9])43 ?[XZWTAVY](?: ?[A-Z0-9-]){12} ?[A-Z0-9](?![A-Z0-9])",
    re.ASCII | re.IGNORECASE,
)
_EIC_SLIP = re.compile(r"(?<![A-Z0-9])43[XZWTAVY][A-Z0-9-]{10,15}[A-Z0-9](?![A-Z0-9])", re.ASCII | re.IGNORECASE)
_IBAN_START = re.compile(r"(?<![A-Z0-9])([A-Z]{2})[ -]?\d\d", re.ASCII | re.IGNORECASE)
# With a digit too few or too many: the bank's letters, and digits in any groups.
_IBAN_SLIP = re.compile(r"(?:[ -]?[A-Z]{4})(?:[ -]?\d){8,26}(?![A-Z0-9])", re.ASCII | re.IGNORECASE)
_DIGITS = 8  # so many at least, or a right checksum: "43x reizes zvaniju" is a sentence


def emails(text: str) -> Iterator[Finding]:
    """E-mail addresses; without a dot in the domain too, since customers forget it."""
    for match in _EMAIL.finditer(text):
        yield Finding("e-mail", *match.span())


def energy_codes(text: str) -> Iterator[Finding]:
    """EIC codes of Latvia; with a wrong check character, or a character too few or too many, they are codes still."""
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
    """What follows the check digits in the IBANs of a country, in groups or not; None where there are none."""
    found = numdb.get("iban").info(country)[0][1].get("bban")
    if not found:
        return None
    classes = {"n": r"\d", "a": "[A-Z]", "c": "[A-Z0-9]"}
    shape = re.sub(r"(\d+)!([nac])", lambda part: f"(?:[ -]?{classes[part[2]]}){{{part[1]}}}", found)
    return re.compile(rf"{shape}(?![A-Z0-9])", re.ASCII | re.IGNORECASE)


def _digits(text: str) -> int:
    return sum(character.isdecimal() for character in text)
