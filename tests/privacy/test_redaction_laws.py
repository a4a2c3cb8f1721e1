"""What holds for every text: redaction never fails, is done at once, takes out what is put in, and is quick."""

import re
import time
import timeit
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.privacy import redact
from bot.privacy.plain import KINDS

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
    *("26123456", "9001 0000 011", "010190-12349", "a@example.lv", "LV80 BANK", "4000 1234", "[phone]", "[name"),
]
CHARACTERS = st.characters()  # all of them, lone surrogates too
TEXTS = st.one_of(
    st.text(CHARACTERS | st.sampled_from("0123456789 -.@+[]"), max_size=200),
    st.lists(st.sampled_from(PIECES) | st.text(CHARACTERS, max_size=3), max_size=20).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=20).map("".join),
)


@given(TEXTS)
@settings(deadline=None)
def test_redacting_never_fails_and_twice_is_once(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


# Words and numbers that a customer's datum may stand among, none of them a part of one.
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


# Letters that make none of the words that say what stands beside them.
@given(st.text("bkmptrā .,;!?-–()\n😀", max_size=200))
def test_a_text_without_digits_and_names_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


@given(st.lists(st.integers(0, 9_999), max_size=12).map(lambda numbers: ", ".join(map(str, numbers))))
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
        *("1", "1 ", "12345 ", "26123456 ", "-", "1-", "a", "a@", "a.", "@", "+", "+1", "+371 2612345 ", "1.", "12:"),
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
        *("😀", "\0", "\ud800", "\n", " ", "[phone]", "[", "a\u0304", "€1", "vārds numur 12 "),
    ],
)
def test_a_long_text_takes_no_longer_than_its_length(piece: str) -> None:
    redact(piece)  # what is loaded at first use does not count
    short, long = (_shortest_time(piece, characters) for characters in (2_500, 20_000))
    assert long < 24 * short  # 8 times the text: about 8 times as long, were it quadratic 64


def _shortest_time(piece: str, characters: int) -> float:
    """Seconds of the processor, without the garbage of the tests before, which a busy machine adds to."""
    text = (piece * characters)[:characters]
    return max(min(timeit.repeat(lambda: redact(text), timer=time.process_time, number=1, repeat=3)), 0.005)


def test_a_text_of_several_documents_is_redacted_to_its_end() -> None:
    assert redact("vārds " * 25_000 + "mani sauc Anna") == "vārds " * 25_000 + "mani sauc [name]"
