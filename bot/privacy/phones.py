"""Phone numbers, by the numbering plans that the phonenumbers library knows; Latvian without a country code."""

import re
from collections.abc import Iterator

import phonenumbers

from bot.nlu.lexicon import lexicon
from bot.privacy.plain import Finding

# Between groups; after a dot or a slash comes the next group at once, since with a space a new sentence would begin.
# A caller who looks for the next group says "ēē" in between.
SPACED = rf"(?:[ -]{{1,3}}|[ ,…]{{1,3}}(?i:{lexicon('privacy')['filler']})[ ,.…]{{1,3}})"
APART = rf"(?:{SPACED}|[./])"
_PLUS = re.compile(rf"(?:\( ?)?\+[ (]{{0,2}}\d(?:(?:{APART}| ?[()]{APART}?)?\d){{6,20}}")
_DIGITS = range(7, 16)  # with the country code; 15 by the ITU's plan


def international_phones(text: str) -> Iterator[Finding]:
    """Numbers with a plus: as many of the groups after it as make a valid number, or all if they could be one."""
    for match in _PLUS.finditer(text):
        ends = [group.end() for group in re.finditer(r"\d+", match.group())]
        numbers = [(match.start() + end, re.sub(r"\D", "", match.group()[:end])) for end in reversed(ends)]
        possible = [
            (end, digits)
            for end, digits in numbers
            if len(digits) in _DIGITS and not text[end : end + 1].isdecimal()  # not within a group
        ]
        whole = match.end() if possible[:1] == numbers[:1] else None
        end = next((end for end, digits in possible if _valid(f"+{digits}")), whole)
        if end:
            yield Finding("phone", match.start(), end)


def is_phone(digits: str) -> bool:
    """Whether digits without a plus are a phone: a Latvian one, or any with an international prefix."""
    latvian = (len(digits) == 8 and digits[0] in "26") or (len(digits) == 11 and digits.startswith("371"))
    return (latvian or digits.startswith("00")) and _valid(digits)


def _valid(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, "LV"))
    except phonenumbers.NumberParseException:
        return False
