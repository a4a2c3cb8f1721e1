"""Kinds of numbers are the same for all users: accounts, redaction, phone, texts (entities: tests/nlu)."""

import re

import pytest
from pydantic import ValidationError, parse_obj_as

from bot.accounts.given_numbers import contract_numbers, one_time_codes
from bot.accounts.http_source import ContractNumber
from bot.accounts.waiting import Waiting
from bot.channels.phone.pressed_keys import number_of
from bot.nlu.beside_numbers import has_number
from bot.privacy import redact
from bot.settings import LANGUAGES, PROJECT
from bot.words.dates_in_figures import are_date, is_shaped_as_date
from bot.words.kinds_of_number import (
    CODE_DIGITS,
    CONTRACT_DIGITS,
    LEAST_DIGITS,
    are_personal_code,
    is_card,
    is_personal_code,
    is_phone,
    is_service_number,
    is_valid_phone,
    times,
)
from bot.words.lexicon import lexicon
from bot.words.spoken_digits import in_figures, numbers_in

COUNTS = range(4, 15)


def _number(count: int) -> str:
    return ("95" * count)[:count]  # neither a phone nor a personal code


@pytest.mark.parametrize("count", COUNTS)
def test_everybody_means_the_same_by_a_contract_number(count: int) -> None:
    number = _number(count)
    is_one = count in CONTRACT_DIGITS
    assert bool(contract_numbers(number, "lv")) is is_one
    assert (redact(f"mans ir {number}") == "mans ir [contract]") is is_one
    assert (number_of("", number, Waiting.NUMBER) == number) is (count >= CONTRACT_DIGITS.start)  # the last key ends it
    try:
        parse_obj_as(ContractNumber, number)
    except ValidationError:
        assert not is_one
    else:
        assert is_one


@pytest.mark.parametrize("count", COUNTS)
def test_everybody_means_the_same_by_a_code(count: int) -> None:
    number = _number(count)
    is_one = count == CODE_DIGITS
    assert bool(one_time_codes(number, "lv")) is is_one
    assert (redact(number) == "[code]") is is_one
    assert (number_of("", number, Waiting.CODE) == number) is (count >= CODE_DIGITS)


@pytest.mark.parametrize("count", COUNTS)
def test_what_is_too_short_is_no_number_of_anybody(count: int) -> None:
    assert has_number(_number(count)) is (count >= LEAST_DIGITS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_customers_are_told_the_same_length(language: str) -> None:
    text = (PROJECT / "data" / "responses" / f"{language}.yml").read_text(encoding="utf-8")
    told = re.findall(r"(\d+) (?:to|līdz) (\d+) (?:digits|cipar)", text)
    assert told
    assert set(told) == {(str(CONTRACT_DIGITS.start), str(CONTRACT_DIGITS.stop - 1))}


def test_repetitions() -> None:
    assert (times(CONTRACT_DIGITS), times(CONTRACT_DIGITS, less=1)) == ("{8,12}", "{7,11}")


@pytest.mark.parametrize(
    ("digits", "is_one"),
    [
        ("26123456", True),
        ("67123456", True),
        ("37126123456", True),
        ("0037126123456", True),
        ("00442079460958", True),
        ("90010000", False),
        ("36123456", False),
        ("2612345", False),
        ("90010000033", False),
    ],
)
def test_phones(digits: str, is_one: bool) -> None:
    assert is_phone(digits) is is_one


def test_phones_with_a_plus() -> None:
    assert is_valid_phone("+37126123456")
    assert not is_valid_phone("+3718400")
    assert not is_valid_phone("+")


@pytest.mark.parametrize(
    ("groups", "are_one"),
    [
        (["010190", "12349"], True),
        (["010190", "12345"], True),  # the check digit is wrong, the date is real
        (["327654", "32109"], True),
        (["310290", "12345"], False),
        (["900100", "00033"], False),
        (["0101", "9012349"], False),
        (["010190"], False),
        ([], False),
    ],
)
def test_personal_codes_in_groups(groups: list[str], are_one: bool) -> None:
    assert are_personal_code(groups) is are_one


@pytest.mark.parametrize(
    ("digits", "is_one"),
    [("07070710019", True), ("32123456785", True), ("01019012345", False), ("90010000033", False), ("0101", False)],
)
def test_personal_codes_together_need_the_check_digit(digits: str, is_one: bool) -> None:
    assert is_personal_code(digits) is is_one


def test_cards() -> None:
    assert is_card("4000123456789017")
    assert not is_card("4000123456789018")
    assert not is_card("90010000033")


@pytest.mark.parametrize(
    ("digits", "is_one"),
    [
        ("8400", True),
        ("3718400", True),
        ("003718400", True),
        ("80200403", True),
        ("37180200403", True),
        ("112", True),
        ("371112", False),  # six digits are more likely a code
        ("84001", False),
        ("80200499", False),
        ("", False),
    ],
)
def test_service_numbers(digits: str, is_one: bool) -> None:
    assert is_service_number(digits) is is_one


def test_what_is_spoken_as_a_line_is_one() -> None:
    spoken = [*lexicon("spoken")["always_by_digit"], *lexicon("spoken")["by_digit_after_cue"]]
    assert all(map(is_service_number, spoken))


@pytest.mark.parametrize(
    ("written", "is_one"),
    [
        ("25.03.2020", True),
        ("25. 03. 2020", True),
        ("2020-03-25", True),
        ("2020.03.25", True),
        ("03/25/2020", True),
        ("32.13.2020", True),  # a mistyped date
        ("9001.00.00", False),
        ("9001 0000", False),
    ],
)
def test_what_is_written_as_a_date(written: str, is_one: bool) -> None:
    assert is_shaped_as_date(written) is is_one


def test_groups_that_are_a_date() -> None:
    assert are_date(["25", "03", "2020"])
    assert are_date(["03", "2020"])
    assert not are_date(["25032020"])
    assert not are_date(["90", "01", "0000"])


def test_numbers_have_their_places_in_the_text() -> None:
    text = "mans ir divas nulles, twenty-one un 7."
    found = [(number.digits, text[number.start : number.end], number.in_words) for number in numbers_in(text, "lv")]
    assert found == [("00", "divas nulles", True), ("21", "twenty-one", True), ("7", "7", False)]


@pytest.mark.parametrize(
    ("text", "language", "figures"),
    [
        ("nine oh oh one", "en", "9 0 0 1"),
        ("deviņi, divas nulles, viens", "lv", "9, 00, 1"),
        ("trīs nulles un divdesmit pieci", "lv", "000 un 25"),
        ("nine hundred one double seven", "en", "901 77"),
        ("otrais", "lv", "otrais"),
        ("pēc 12345678 zīmēm ........ pieci", "lv", "pēc 12345678 zīmēm          5"),
        ("", "en", ""),
    ],
)
def test_words_become_figures(text: str, language: str, figures: str) -> None:
    assert in_figures(text, language) == figures


def test_ordinals_become_figures_where_they_are_wanted() -> None:
    assert in_figures("otrais", "lv", ordinals=True) == "2"
