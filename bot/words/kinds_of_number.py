"""Kinds of number: how many digits each has, and how its digits are recognised. All other modules ask this one.

| question | answer |
|---|---|
| how long is a contract number? | `CONTRACT_DIGITS`; redaction takes shorter ones too: `NAMED_CONTRACT_DIGITS` |
| how does one start? | with any digit: only billing knows which exist |
| how long is a one-time code? | `CODE_DIGITS`; leading zeros are possible |
| what is a phone number? | `is_phone` (Latvian or with an international prefix), `is_valid_phone` (any country's) |
| what is a personal code? | `is_personal_code` of digits in one piece, `are_personal_code` of two groups |
| what is a bank card? | `is_card` |
| what may everybody call? | `is_service_number` |
| which day is meant? | `bot/words/dates_in_figures.py` |
| what can separate the digits of one number? | `bot/words/digit_groups.py` |
| how are numbers in words read? | `bot/words/spoken_digits.py`, `number_words.py` |
"""

from collections.abc import Sequence
from functools import lru_cache

import phonenumbers
from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.lv import pvn

from bot.words.lexicon import lexicon

CONTRACT_DIGITS = range(8, 13)
NAMED_CONTRACT_DIGITS = range(6, 13)  # after a word such as "contract": old numbers, and those with a digit missing
CODE_DIGITS = 6
LEAST_DIGITS = 6  # of any number that identifies a person; shorter ones are an amount, a year, a house …
CARD_DIGITS = range(13, 20)
PERSONAL_CODE_GROUPS = (6, 5)  # the day of birth, or 32 and any digits; then five more
PERSONAL_CODE_DIGITS = sum(PERSONAL_CODE_GROUPS)
COUNTRY_CODE = "371"
LATVIAN_PHONE_DIGITS = 8
LATVIAN_PHONE_STARTS = "26"  # mobile phones begin with 2, fixed ones with 6
PHONE_DIGITS = range(7, 16)  # with the country code; at most 15 by the ITU's plan (E.164)
_SHORTEST_LINE = 4  # digits of a company's line; nobody says a country code before 112
LATVIAN_PHONE = (
    rf"[{LATVIAN_PHONE_STARTS}]\d{{{LATVIAN_PHONE_DIGITS - 1}}}"  # a regular expression for digits in one piece
)


def times(lengths: range, *, less: int = 0) -> str:
    """The quantifier of a regular expression for a range of lengths: "{8,12}".

    Args:
        less: how many of the digits come before the repeated part.
    """
    return f"{{{lengths.start - less},{lengths.stop - 1 - less}}}"


def is_phone(digits: str) -> bool:
    """Whether digits without a plus are a phone number: a Latvian one, or any with an international prefix."""
    local = len(digits) == LATVIAN_PHONE_DIGITS and digits[0] in LATVIAN_PHONE_STARTS
    with_country = len(digits) == len(COUNTRY_CODE) + LATVIAN_PHONE_DIGITS and digits.startswith(COUNTRY_CODE)
    return (local or with_country or digits.startswith("00")) and is_valid_phone(digits)


def is_valid_phone(number: str) -> bool:
    """Whether the phonenumbers library finds a number valid; one without a country code counts as Latvian."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, "LV"))
    except phonenumbers.NumberParseException:
        return False


def in_e164(number: str) -> str | None:
    """A phone number in E.164, such as +37120000000; without a country code it counts as Latvian. None: not valid."""
    try:
        parsed = phonenumbers.parse(number, "LV")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def are_personal_code(groups: Sequence[str]) -> bool:
    """Whether digits are the two groups of a personal code: a birth date or 32; the check digit may be mistyped."""
    if tuple(map(len, groups)) != PERSONAL_CODE_GROUPS:
        return False
    first, second = groups
    try:
        return first.startswith("32") or (first[0] < "4" and pvn.get_birth_date(first + second) is not None)
    except ValidationError:
        return False


def is_personal_code(digits: str) -> bool:
    """Whether digits in one piece are a personal code.

    Without a hyphen, only 32 or a correct check digit distinguishes it from a contract number.
    """
    is_long_enough = len(digits) == PERSONAL_CODE_DIGITS
    return is_long_enough and (digits.startswith("32") or (digits[0] < "4" and pvn.is_valid(digits)))


def is_card(digits: str) -> bool:
    """Whether digits are a bank card number: they pass the Luhn check."""
    return len(digits) in CARD_DIGITS and luhn.is_valid(digits)


def is_service_number(digits: str) -> bool:
    """Whether digits are a public service number, with or without Latvia's country code: "8400", "3718400"."""
    local = digits.removeprefix("00").removeprefix(COUNTRY_CODE)
    return digits in _service_numbers() or (len(local) >= _SHORTEST_LINE and local in _service_numbers())


@lru_cache(maxsize=1)
def _service_numbers() -> frozenset[str]:
    return frozenset(map(str, lexicon("privacy")["service_numbers"]))
