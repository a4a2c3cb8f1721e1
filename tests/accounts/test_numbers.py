"""Contract numbers and codes in every usual notation."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words

from bot.accounts.given_numbers import CONTRACT_DIGITS, contract_numbers, one_time_codes
from bot.data_files import read_yaml
from bot.replies.speech import spoken

SAID = read_yaml(Path(__file__).with_name("said_numbers.yml"))
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


@pytest.mark.parametrize("text", ["zvanīju 80200403", "zvanīju 80 200 403, neviens neceļ", "+371 8400"])
def test_a_published_line_is_no_contract_number(text: str) -> None:
    assert contract_numbers(text, "lv") == []


@pytest.mark.parametrize(
    "text", ["2020.03.25", "2020/03/25", "25 03 2020", "25. 03. 2020.", "32.13.2020", "2020-13-45"]
)
def test_a_date_is_no_contract_number(text: str) -> None:
    assert contract_numbers(f"maksāju {text}", "lv") == []


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


# Most of these contain a number or two; arbitrary characters would contain none.
DIGITS = st.from_regex(r"[0-9]{1,6}|[0-9]{8,12}", fullmatch=True)
BETWEEN = st.sampled_from([*"  .,-–/()+\n", "numurs ", " nē, ", "divi ", "nine ", " sorry, ", "ēē", "½", "٣"])
WITH_NUMBERS = st.lists(DIGITS | BETWEEN | st.text(max_size=4), max_size=12).map("".join)


@pytest.mark.parametrize("language", ["lv", "en"])
def test_any_text_can_be_read(language: str) -> None:
    found = Counter[int]()

    @settings(max_examples=200)
    @given(WITH_NUMBERS)
    def read(text: str) -> None:
        numbers = contract_numbers(text, language)
        found[len(numbers)] += 1
        assert [number for number in numbers if len(number) not in CONTRACT_DIGITS or not number.isdecimal()] == []

    read()
    assert found.total() - found[0] >= 20, found


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


def test_what_looks_like_a_personal_code_comes_last() -> None:
    assert contract_numbers("personas kods 07070710019, līgums 90010000033", "lv") == ["90010000033", "07070710019"]
    assert contract_numbers("07070710019", "lv") == ["07070710019"]  # alone, it may be a contract number as well


@pytest.mark.parametrize(("language", "text", "number"), SAID)
def test_what_callers_say_is_read(language: str, text: str, number: str) -> None:
    assert contract_numbers(text, language)[:1] == ([number] if number else [])


@given(st.integers(10**7, 10**12 - 1), st.sampled_from(["lv", "en"]))
def test_what_is_read_back_can_be_said_again(number: int, language: str) -> None:
    assert contract_numbers(spoken(str(number), language), language) == [str(number)]


@given(st.integers(10**7, 10**12 - 1), st.sampled_from([", ", ". ", ",", "; "]))
def test_a_number_is_read_with_marks_between_its_digits(number: int, between: str) -> None:
    assert contract_numbers(between.join(str(number)), "lv") == [str(number)]


@pytest.mark.parametrize(
    "text",
    [
        "rēķini par 2018, 2019, 2020",
        "20, 21, 22, 23 martā",
        "3, 5, 17, 20, 25 martā",
        "100, 200, 300 eiro",
        "maksāju 12,50, 13,60 un 14,70",
        "25. 03. 2020.",
        "no 01.04. līdz 05.04.",
    ],
)
def test_lists_of_other_numbers_are_no_contract_numbers(text: str) -> None:
    assert contract_numbers(text, "lv") == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        # Restarted or continued? Both would be a number.
        ("nine zero zero two, sorry, one zero zero zero zero zero three three", "en"),
        ("deviņi nulle nulle divi, atvainojiet, viens nulle nulle nulle nulle nulle trīs trīs", "lv"),
    ],
)
def test_a_correction_that_may_mean_two_things_is_asked_again(text: str, language: str) -> None:
    assert contract_numbers(text, language) == []


def test_what_was_put_right_comes_first() -> None:
    assert contract_numbers("90010000033, nē, 90010000044", "lv") == ["90010000044", "90010000033"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("nulle, viens, divi, trīs, četri, pieci", "lv"),
        ("0, 1, 2, 3, 4, 5.", "lv"),
        ("012, 345", "en"),
        ("zero one two, no sorry, 012 345", "en"),
    ],
)
def test_a_code_with_marks_is_read(text: str, language: str) -> None:
    assert one_time_codes(text, language) == ["012345"]
