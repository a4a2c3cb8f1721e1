"""Masking: recipients of codes, which are shown before verification; and the addresses in a choice of contracts."""

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence

from bot.keys.signing import key_for

HIDDEN = "•"
BY_EMAIL = 8  # percent of unknown numbers that seem to have only an e-mail address


def masked_phone(phone: str) -> str:
    """`+37120000005` → `••••••05`; a country code would reveal that a foreign number is real."""
    return f"{HIDDEN * 6}{phone[-2:]}"


def masked_email(address: str) -> str:
    """`emma.example@example.com` → `e••••@••••`; neither length nor domain is shown."""
    return f"{address[:1].lower()}{HIDDEN * 4}@{HIDDEN * 4}"


def masked(recipient: str | None, contract_number: str, *, phones: bool, emails: bool) -> str:
    """A masked phone number or e-mail address; an invented one where there is none.

    The invented one is derived from the contract number, so that asking twice shows the same, as with a real one.

    Args:
        phones, emails: what this installation can send to; only these are invented.
    """
    if recipient:
        return masked_email(recipient) if "@" in recipient else masked_phone(recipient)
    digest = hmac.new(key_for("masking"), contract_number.encode(errors="replace"), hashlib.sha256).digest()
    if emails and (not phones or digest[0] % 100 < BY_EMAIL):
        return masked_email(chr(ord("a") + digest[1] % 26))
    return masked_phone(f"{digest[1] % 100:02d}")


def masked_address(address: str, *, whole_number: bool = False) -> str:
    """`Testa iela 24-17, Sigulda` → `T•••• 24, Sigulda`: enough for a resident to recognise it.

    Args:
        whole_number: whether the flat is shown too, for two contracts in one house.
    """
    street, _, town = address.partition(",")
    number = re.search(r"\d[\w/]*(?:-\w+)?", street)
    house = number.group() if number else ""
    shown = house if whole_number else house.partition("-")[0]
    hidden = f"{street[:1]}{HIDDEN * 4}" + (f" {shown}" if shown else "")
    return f"{hidden}, {town.strip()}" if town.strip() else hidden


def spoken_address(address: str, *, whole_number: bool = False) -> str:
    """`Testa iela 24-17, Sigulda` → `Testa iela, Sigulda`, for speech, which cannot show masked characters."""
    street, _, town = address.partition(",")
    said = street if whole_number else re.sub(r"\s*\d[\w/]*(?:-\w+)?\s*$", "", street)
    return f"{said.strip()}, {town.strip()}" if town.strip() else said.strip()


def told_apart(addresses: Sequence[str], shown: Callable[..., str]) -> list[str]:
    """Addresses as they are shown; those that would look alike are shown with their flats.

    Args:
        shown: `masked_address` or `spoken_address`.
    """
    short = [shown(address) for address in addresses]
    return [
        shown(address, whole_number=True) if short.count(seen) > 1 else seen
        for address, seen in zip(addresses, short, strict=True)
    ]
