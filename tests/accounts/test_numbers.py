"""Contract numbers and codes in every usual way of giving them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from bot.accounts.numbers import contract_numbers, one_time_codes

NUMBER = "90010000033"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("90010000033", "lv"),
        ("900 100 000 33", "lv"),
        ("9001 0000 033", "lv"),
        ("900-100-000-33", "lv"),
        ("900.100.000.33", "lv"),
        ("900100 00033.", "lv"),
        ("līguma numurs ir 90010000033", "lv"),
        ("9001 ēē 0000, em, 033", "lv"),
        ("deviņi nulle nulle viens, ē, nulle nulle nulle nulle nulle trīs trīs", "lv"),
        ("nine zero zero one um zero zero zero zero zero three three", "en"),
        ("Līguma nr.90010000033", "lv"),
        ("Cik esmu parādā? Līgums 900 100 000 33, paldies!", "lv"),
        ("(90010000033)", "lv"),
        ("my contract is 90010000033, how much do I owe", "en"),
        ("#90010000033", "en"),
        ("deviņi nulle nulle viens nulle nulle nulle nulle nulle trīs trīs", "lv"),
        ("nu tas ir deviņi nulle nulle viens nulle nulle nulle nulle nulle trīsdesmit trīs", "lv"),
        ("nine zero zero one zero zero zero zero zero three three", "en"),
        ("nine double zero one triple zero double zero thirty three", "en"),
        ("9001 nulle nulle nulle nulle nulle 33", "lv"),
    ],
)
def test_a_contract_number_is_read(text: str, language: str) -> None:
    assert contract_numbers(text, language) == [NUMBER]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8400",
        "1234567",
        "1234567890123",
        "LV80HABA0551012345678",
        "+37120000001",
        "25.03.2020",
        "2020-03-25",
        "46,20 eiro",
        "maksāju 2020. gada 25. martā",
        "EL-7KQ4-XH3M",
        "43X-DEMO-000003U",
        "mans personas kods ir 010190-12345",
        "personas kods 327654-32109",
    ],
)
def test_other_numbers_are_no_contract_numbers(text: str) -> None:
    assert contract_numbers(text, "lv") == []


def test_two_numbers_are_two() -> None:
    assert contract_numbers("90010000033 un 90010000044, 90010000033", "lv") == ["90010000033", "90010000044"]


@given(st.integers(10**7, 10**12 - 1), st.sampled_from(["", " ", "-", "–", ". "]), st.integers(1, 4))
def test_a_number_is_read_in_whatever_groups(number: int, between: str, size: int) -> None:
    digits = str(number)
    groups = between.join(digits[place : place + size] for place in range(0, len(digits), size))
    if groups.count(".") != 2:  # that could be a date
        assert contract_numbers(f"numurs {groups} lūdzu", "lv") == [digits]


@given(st.integers(10**7, 10**12 - 1), st.sampled_from(["lv", "en"]))
def test_a_number_is_read_digit_by_digit(number: int, language: str) -> None:
    said = " ".join(num2words(int(digit), lang=language) for digit in str(number))
    assert contract_numbers(said, language) == [str(number)]


@given(st.text(max_size=60), st.sampled_from(["lv", "en"]))
def test_any_text_can_be_read(text: str, language: str) -> None:
    assert all(8 <= len(number) <= 12 for number in contract_numbers(text, language))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("012345", "lv"),
        ("012 345", "lv"),
        ("01-23-45", "lv"),
        ("kods ir 012345", "lv"),
        ("the code is 012345.", "en"),
        ("nulle viens divi trīs četri pieci", "lv"),
        ("nulle divpadsmit trīsdesmit četri pieci", "lv"),
        ("zero one two three four five", "en"),
        ("nulle viens divi ēē trīs četri pieci", "lv"),
    ],
)
def test_a_code_is_read(text: str, language: str) -> None:
    assert one_time_codes(text, language) == ["012345"]


@pytest.mark.parametrize("text", ["", "12345", "1234567", "90010000033", "kods", "25.03.2020"])
def test_other_numbers_are_no_codes(text: str) -> None:
    assert one_time_codes(text, "lv") == []


def test_what_looks_like_a_phone_comes_last() -> None:
    assert contract_numbers("tālrunis 26123456, līgums 90010000033", "lv") == ["90010000033", "26123456"]
