"""Where a code was sent to, as it may be shown before anything is proven."""

import hashlib
import hmac

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


def masked(recipient: str | None, contract_number: str, *, phones: bool, emails: bool) -> str:
    """A phone number or e-mail address, masked; where there is none, one that is made up.

    What is made up hangs on the contract number, so that asking twice shows the same, as it would of a real one.

    Args:
        phones, emails: what this installation can send to; nothing else may be made up.
    """
    if recipient:
        return masked_email(recipient) if "@" in recipient else masked_phone(recipient)
    digest = hmac.new(key_for("masking"), contract_number.encode(errors="replace"), hashlib.sha256).digest()
    if emails and (not phones or digest[0] % 100 < BY_EMAIL):
        letters = [chr(ord("a") + byte % 26) for byte in digest[1:3]]
        return masked_email(f"{letters[0]}@{letters[1]}.lv")
    return masked_phone(f"+371{digest[1] % 100:08d}")
