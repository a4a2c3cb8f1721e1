"""Property-based tests: redaction never fails, is idempotent, removes inserted personal data, and takes linear time."""

import re
import time
import timeit
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.privacy import redact
from bot.privacy.identifying_numbers import LONG
from bot.privacy.normalised_text import KINDS
from bot.privacy.together import redacted_together

PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(KINDS)})\]")
PIECES = [
    *("mani sauc", "My name is", "es esmu", "līgums", "līg. nr.", "kods", "the code is", "numurs", "Ar cieņu,\n"),
    *("viens", "divi", "nulle", "double", "two", "oh", "četrdesmit", "svītra", "eiro", "otrais", "simts"),
    *("8400", "8404", "112", "2019", "2020", "46,20 €", "1 284,60", "25.03.2020", "2020-03-25", "14:30", "20.00-22.00"),
    *(
        "LV-1230",
        "EL-7KQ4-XH3M",
        "123456 kWh",
        "12",
        "7",
        "€",
        "+",
        "-",
        "–",
        "(",
        ")",
        ".",
        ",",
        ":",
        "/",
        "@",
        "[",
        "]",
    ),
    *("\n", "\N{NO-BREAK SPACE}", "\N{ZERO WIDTH SPACE}", "\0", "\ud800", "😀", "āā", "a\u0304", "lv80", "43x", "Anna"),
    *("Brīvības iela 12", "dz. 4", "k-2", "Rīga,", "LV-1010", "adrese:", "dzīvoju", "I live at", "Road", "Kalniņi,"),
    *("Mārupes novads", "dzimis", "born on", "1975", "May", "pase nr", "AB123456", "CVC", "09/27", "parole ir", "PIN"),
    *("tālr.", "anna et", "at gmail dot com", "rēķina nr", "rādījumi", "Vārds:", "kungs", "Anna Kalniņa", "[card]"),
    *("[address]", "auto AB-1234", "durvju kods", "un", "two hundred"),
    *("26123456", "9001 0000 011", "010190-12349", "a@example.lv", "LV80 BANK", "4000 1234", "[phone]", "[name"),
]
CHARACTERS = st.characters()  # all of them, lone surrogates too
TEXTS = st.one_of(
    st.text(CHARACTERS | st.sampled_from("0123456789 -.@+[]"), max_size=200),
    st.lists(st.sampled_from(PIECES) | st.text(CHARACTERS, max_size=3), max_size=20).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=20).map("".join),
)


@given(TEXTS, st.booleans())
@settings(deadline=None)
def test_redacting_never_fails_and_twice_is_once(text: str, addresses: bool) -> None:
    once = redact(text, addresses=addresses)
    assert redact(once, addresses=addresses) == once


# Words and numbers around personal data, none of them a part of it.
NEIGHBOURS = [
    *("un", "bet", "labdien", "līgums", "kods", "numurs", "kopš", "Rīgā", "zvanīju", "the", "bill", "is", "divi"),
    *("8400", "112", "2020", "17", "7", "25.03.2020", "14:30", "46,20 €", "LV-1230", "[phone]"),
    *("€", "+", "-", "(", ":", "\n", "😀", "\0"),
]
SURROUNDINGS = st.one_of(
    st.lists(st.sampled_from(NEIGHBOURS), max_size=6).map(" ".join), st.text(CHARACTERS, max_size=30)
)
NUMBERS = [
    *("010190-12349", "311285–00015", "321234 56785", "07070710019"),
    *("90010000011", "9001 0000 011", "9001-0000-011", "9 0 0 1 0 0 0 0 0 1 1", "10020030", "9001.0000.011"),
    *("43X-DEMO-000001Y", "43v123456789012u", "43WT EST0 0000 003X"),
    *("LV80BANK0000123456789", "LV80 BANK 0000 1234 5678 9", "lt12 1000 0111 0100 1000", "LV81BANK0000123456789"),
    *("26123456", "26 123 456", "67-123-456", "+37126123456", "+371 26 123 456", "+44 20 7946 0958", "0037126123456"),
    *("4000 1234 5678 9017", "4000123456789017", "5100-0000-0000-0016"),
    *("anna26123456@example.lv",),
]


@given(SURROUNDINGS, st.sampled_from(NUMBERS), SURROUNDINGS)
@settings(deadline=None, max_examples=400)
def test_a_number_put_into_a_text_does_not_survive(before: str, number: str, after: str) -> None:
    left = PLACEHOLDER.sub("", redact(f"{before} {number} {after}"))
    assert number not in left
    digits = re.sub(r"\D", "", number)
    for group in re.findall(r"\d+", number):
        if len(group) >= 5:
            assert group not in left
    assert digits not in re.sub(r"\D", "", left)


@given(
    SURROUNDINGS,
    st.sampled_from(["mani sauc", "My name is", "Mans vārds ir", "Es esmu", "Te runā", "I am", "This is"]),
    st.sampled_from(["Zigurds", "Zigurds Paraudziņš", "Zigurds J. Paraudziņš", "Anna-Zigrīda Paraudziņa-Zigurde"]),
    SURROUNDINGS,
)
@settings(deadline=None)
def test_a_name_put_into_a_text_does_not_survive(before: str, phrase: str, name: str, after: str) -> None:
    left = redact(f"{before}\n{phrase} {name} {after}")
    assert not any(part in left for part in re.split(r"[ -]", name) if len(part) > 2)


@given(SURROUNDINGS, st.permutations(["nulle", "viens", "divi", "trīs", "četri", "pieci", "six", "seven", "nine"]))
@settings(deadline=None)
def test_a_number_said_in_a_text_does_not_survive(before: str, said: list[str]) -> None:
    left = redact(f"{before}\nlīgums {' '.join(said)} paldies")
    assert not any(f"{one} {two}" in left for one, two in pairwise(said))


# Letters that do not form any label word.
@given(st.text("bkmptrā .,;!?-–()\n😀", max_size=200))
def test_a_text_without_digits_and_names_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


def _is_read_out(numbers: list[int]) -> bool:
    """Whether these are digits, as many as a long number has: a recogniser writes such a number so."""
    return len(numbers) >= LONG and max(numbers) < 10


@given(
    st.lists(st.integers(0, 9_999), max_size=12)
    .filter(lambda numbers: not _is_read_out(numbers))
    .map(lambda numbers: ", ".join(map(str, numbers)))
)
def test_short_numbers_stay(text: str) -> None:
    assert redact(text) == text


@given(
    st.dates(date(1950, 1, 1), date(2049, 12, 31)),
    st.sampled_from(["%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%y", "%d-%m-%Y", "%Y.%m.%d", "%d %m %Y"]),
)
def test_dates_stay(day: date, form: str) -> None:
    text = f"līgums no {day:{form}}, plkst. 14:30"
    assert redact(text) == text


@given(st.integers(0, 99_999_999), st.sampled_from(["{} €", "€{}", "{} EUR", "{} eiro"]), st.sampled_from([" ", ""]))
def test_amounts_stay(cents: int, form: str, thousands: str) -> None:
    amount = f"{cents / 100:,.2f}".replace(",", thousands).replace(".", ",")
    text = f"Līgumā {form.format(amount)}, lūdzu"
    assert redact(text) == text


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "a.a.",
            "a.a1.",
            "..@1",
            "1",
            "1 ",
            "12345 ",
            "26123456 ",
            "-",
            "1-",
            "a",
            "a@",
            "a.",
            "@",
            "+",
            "+1",
            "+371 2612345 ",
            "1.",
            "12:",
        ),
        *(
            "lv80",
            "lv80 bank ",
            "43x",
            "43x ",
            "(",
            "'s",
            "es esmu Anna ",
            "mani sauc ",
            "viens ",
            "līgums nr ",
            "kods ir ",
        ),
        *("Brīvības iela ", "Kalna 12 ", "kalna 12-3 ", "dzīvoju ", "adrese: ", "dz. 1 ", "12 Road ", "Kalniņi, "),
        *("dzimis 1 ", "born on the ", "the ", "pase ab ", "karte beidzas ", "parole ", "tel 1 ", "o", "auto AB", "# "),
        *("rēķina nr 1", "rādījumi 1, ", "a at gmail ", "a punkts ", "a b ", "(at)", "Anna ", "Anna, ", "Mr A ", "A-"),
        *("vārds: ", "[address] ", "[card], 12/", "one ", "kods a", '"', "LV-1010, ", "two hundred and "),
        *("😀", "\0", "\ud800", "\n", " ", "[phone]", "[", "a\u0304", "€1", "vārds numur 12 "),
    ],
)
def test_a_long_text_takes_no_longer_than_its_length(piece: str) -> None:
    redact(piece, addresses=True)  # what is loaded at first use does not count
    short, long = ((piece * characters)[:characters] for characters in (2_500, 20_000))
    assert _takes_no_longer_than_its_length(short, long)


# Texts of which one pass could redact only a part, so that there would be as many passes as parts.
@pytest.mark.parametrize(
    ("before", "piece", "after"),
    [
        ("Brīvības iela 1", ", k-2", ""),
        ("Brīvības iela 1", ", Rīga", ""),
        ("", "k-2, ", "Brīvības iela 1"),
        ("", "Rīga, ", "Brīvības iela 1"),
        ("[address]", ", dz. 4", ""),
        ("[card]", " 12/24 123", ""),
        ("[name]", " 01.01.1975", ""),
        ("Anna", " un Anna", ""),
        ("es esmu Anna", " Anna", ""),
        ("anna", " at gmail dot com", ""),
        ("Kalniņi", ", Mārupes novads", ""),
    ],
)
def test_a_chain_takes_no_longer_than_its_length(before: str, piece: str, after: str) -> None:
    redact(before + piece + after, addresses=True)
    short, long = (before + piece * times + after for times in (200, 1_600))
    assert _takes_no_longer_than_its_length(short, long)


# With a letter and a symbol or a digit each may be a password, which takes more work.
@pytest.mark.parametrize("piece", ["a.a.a.", "a.a1.", "a.a.#", "@1a.", "www.1", "1.", "a "])
@pytest.mark.parametrize("before", ["labdien", "mans personas kods ir", "mana parole"])
def test_a_long_message_after_another_takes_no_longer_than_its_length(before: str, piece: str) -> None:
    redacted_together([before, piece])
    short, long = ((piece * characters)[:characters] for characters in (2_500, 20_000))
    assert _takes_no_longer_than_its_length(short, long, lambda text: redacted_together([before, text]))


def _takes_no_longer_than_its_length(short: str, long: str, look: Callable[[str], object] | None = None) -> bool:
    """Whether eight times the text takes less than 24 times as long: about 8 if linear, 64 if quadratic.

    A machine that is busy for a moment can make one measurement wrong, not three.
    """
    look = look or partial(redact, addresses=True)
    return any(_cpu_seconds(look, long) < 24 * _cpu_seconds(look, short) for _ in range(3))


def _cpu_seconds(look: Callable[[str], object], text: str) -> float:
    return max(min(timeit.repeat(lambda: look(text), timer=time.process_time, number=1, repeat=2)), 0.005)


def test_a_text_of_several_documents_is_redacted_to_its_end() -> None:
    assert redact("vārds " * 25_000 + "mani sauc Anna") == "vārds " * 25_000 + "mani sauc [name]"
