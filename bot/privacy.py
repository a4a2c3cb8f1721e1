"""Taking personal data out of text before it is stored."""

import re

# Ordered: the more specific shape first, so that a card or account number is not half taken for a phone.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("e-mail", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("iban", re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){3,7}(?:\s?[A-Z0-9]{1,3})?\b", re.IGNORECASE)),
    ("eic", re.compile(r"\b43[XZWTAVY][A-Z0-9-]{12}[A-Z0-9]\b", re.IGNORECASE)),
    ("personal code", re.compile(r"\b\d{6}\s?[-–‑]\s?\d{5}\b")),
    ("card", re.compile(r"\b\d(?:[ \u00a0\u202f-]?\d){12,18}\b")),
    ("phone", re.compile(r"\+\d{1,3}[\s-]?\d(?:[\s-]?\d){6,11}\b")),
    ("phone", re.compile(r"\b(?!\d{4}-\d{2}-\d{2}\b|\d{4}-\d{4}\b)2\d(?:[ \u00a0\u202f-]?\d){6}\b")),
    ("number", re.compile(r"\b\d(?:[ \u00a0\u202f]?\d){7,11}\b")),
)


def redact(text: str) -> str:
    """Replace e-mail addresses, bank accounts, cards, personal codes, EIC codes, phone and contract numbers.

    Each is replaced by its kind in brackets, such as `[phone]`. Short numbers (8400, amounts, dates) stay.
    """
    for kind, pattern in _PATTERNS:
        text = pattern.sub(f"[{kind}]", text)
    return text
