"""Phone numbers with a plus; those without one are recognised by `bot.words.kinds_of_number`."""

import re
from collections.abc import Iterator

from bot.privacy.normalised_text import Finding
from bot.words.digit_groups import APART, digits_of
from bot.words.kinds_of_number import PHONE_DIGITS, is_service_number, is_valid_phone

_PLUS = re.compile(rf"(?:\( ?)?\+[ (]{{0,2}}\d(?:(?:{APART}| ?[()]{APART}?)?\d){{6,20}}")


def international_phones(text: str) -> Iterator[Finding]:
    """Numbers with a plus: as many groups after it as form a valid number, or all if they could be one.

    Public service numbers, such as "+371 8400", are not found.
    """
    for match in _PLUS.finditer(text):
        ends = [group.end() for group in re.finditer(r"\d+", match.group())]
        numbers = [(match.start() + end, digits_of(match.group()[:end])) for end in reversed(ends)]
        possible = [
            (end, digits)
            for end, digits in numbers
            if len(digits) in PHONE_DIGITS and not text[end : end + 1].isdecimal()  # not within a group
        ]
        whole = match.end() if possible[:1] == numbers[:1] else None
        end = next((end for end, digits in possible if is_valid_phone(f"+{digits}")), whole)
        if end and not is_service_number(digits_of(text[match.start() : end])):
            yield Finding("phone", match.start(), end)
