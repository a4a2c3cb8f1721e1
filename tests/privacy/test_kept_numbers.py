"""Numbers of bills, meters and requests stay; personal data is redacted whatever precedes it."""

import pytest

from bot.privacy import redact
from bot.privacy.together import redacted_together

PERSONAL = {
    "a personal code": ("rēķina nr. 010190-12349", "rēķina nr. [personal code]"),
    "a phone with its country's code": ("pieteikuma numurs 371 26123456", "pieteikuma numurs [phone]"),
    "a card": ("invoice number 4000123456789017", "invoice number [card]"),
    "a contract, told behind a bill": ("rēķins par līgumu 90010000011", "rēķins par līgumu [contract]"),
    "a phone behind a meter's number": (
        "skaitītāja nr. 12345678, tālr. 26123456",
        "skaitītāja nr. 12345678, tālr. [phone]",
    ),
    "a phone behind readings": ("rādījums 12345, zvaniet 26123456", "rādījums 12345, zvaniet [phone]"),
}


@pytest.mark.parametrize(("text", "redacted"), PERSONAL.values(), ids=PERSONAL)
def test_what_is_personal_goes_behind_such_words_too(text: str, redacted: str) -> None:
    assert redact(text) == redacted


# The company's published lines, and those of the emergency services.
SERVICE = [
    "zvanīju 8400 un 112",
    "zvanīju uz +371 8400",
    "zvanīju uz (+371) 8400, neviens neceļ",
    "zvaniet +3718404!",
    "tālr. +371 8400",
    "tel.: 00371 8403",
    "zvanīju 80200403",
    "zvanīju 80 200 403",
    "zvanīju 8020 0403",
    "zvanīju 8, 0, 2, 0, 0, 4, 0, 3",
    "tālr. 80200403, +371 80200403",
    "zvanīju astoņi nulle divi nulle nulle četri nulle trīs",
    "I called eight oh two double zero four oh three",
    "the phone is 80200403",
]


@pytest.mark.parametrize("text", SERVICE)
def test_published_lines_stay(text: str) -> None:
    assert redact(text) == text


def test_published_lines_stay_over_messages() -> None:
    assert redacted_together(["mēģināju piezvanīt", "8020", "0403"]) == ["mēģināju piezvanīt", "8020", "0403"]


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("zvaniet +371 8400 1234", "zvaniet [phone]"),  # a line's four digits begin somebody's number
        ("zvaniet +371 26123456, ne +371 8400", "zvaniet [phone], ne +371 8400"),
        ("līgums 8020040333", "līgums [contract]"),
        ("80200404123", "[contract]"),
        ("tālr. 8020040", "tālr. [phone]"),
        ("kods 371112", "kods [code]"),
        ("kods trīs septiņi viens viens viens divi", "kods [code]"),
    ],
)
def test_what_only_holds_the_digits_of_a_line_goes(text: str, redacted: str) -> None:
    assert redact(text) == redacted


def test_a_request_keeps_its_address_and_loses_the_rest() -> None:
    told = redact("Demo ielā 1-1, dz. 4, esmu Anna Kalniņa, dzimusi 12.03.1980, parole ir Saule1962!, CVC 123")
    assert told == ("Demo ielā 1-1, dz. 4, esmu [name], dzimusi [birth date], parole ir [password], CVC [card]")
