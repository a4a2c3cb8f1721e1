"""Where a code was sent to, as it may be shown before anything is proven."""

import hashlib
import hmac

from bot.accounts.source import Contact
from bot.signing import key_for

HIDDEN = "•"
BY_EMAIL = 8  # of 100 unknown numbers, so many seem to have an e-mail address only


def masked_phone(phone: str) -> str:
    """`+37120000005` → `+371 ••••••05`."""
    return f"{phone[:4]} {HIDDEN * 6}{phone[-2:]}"


def masked_email(address: str) -> str:
    """`emma.example@example.com` → `e••••@e••••.com`; the number of letters is not shown."""
    name, _, domain = address.rpartition("@")
    host, _, ending = domain.rpartition(".")
    return f"{name[:1]}{HIDDEN * 4}@{host[:1]}{HIDDEN * 4}.{ending}"


def masked(contact: Contact | None, contract_number: str) -> str:
    """The phone or else the e-mail address on file, masked; for an unknown number one that is made up.

    What is made up hangs on the number, so that asking twice shows the same, as it would of a real one.
    """
    if contact and contact.phone:
        return masked_phone(contact.phone)
    if contact and contact.email:
        return masked_email(contact.email)
    digest = hmac.new(key_for("masking"), contract_number.encode(errors="replace"), hashlib.sha256).digest()
    if digest[0] % 100 < BY_EMAIL:
        letters = [chr(ord("a") + byte % 26) for byte in digest[1:3]]
        return masked_email(f"{letters[0]}@{letters[1]}.lv")
    return masked_phone(f"+371{digest[1] % 100:08d}")
