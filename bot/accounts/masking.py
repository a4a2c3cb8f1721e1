"""Where a code was sent to, as it may be shown before anything is proven."""

import hashlib
import hmac

from bot.signing import key_for

HIDDEN = "•"
BY_EMAIL = 8  # of 100 unknown numbers, so many seem to have an e-mail address only


def masked_phone(phone: str) -> str:
    """`+37120000005` → `••••••05`; the country would tell that a foreign number is a real one."""
    return f"{HIDDEN * 6}{phone[-2:]}"


def masked_email(address: str) -> str:
    """`emma.example@example.com` → `e••••@••••`; neither length nor domain is shown."""
    return f"{address[:1].lower()}{HIDDEN * 4}@{HIDDEN * 4}"


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
        return masked_email(chr(ord("a") + digest[1] % 26))
    return masked_phone(f"{digest[1] % 100:02d}")
