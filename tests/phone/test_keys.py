"""DTMF input: when a pressed number is complete, and what counts as a key."""

import pytest

from bot.accounts.waiting import Waiting
from bot.channels.phone.gateways.gateway_values import keys_of
from bot.channels.phone.pressed_keys import number_of

NUMBER, CODE = Waiting.NUMBER, Waiting.CODE
WHOLE = [
    # pressed before, pressed now, asked for, the number; None while incomplete
    ("", "90010000011", NUMBER, "90010000011"),
    ("", "90010000011#", NUMBER, "90010000011"),
    ("", "9", NUMBER, None),
    ("", "8", CODE, None),
    ("900100000", "1", NUMBER, None),
    ("9001000001", "1", NUMBER, None),
    ("9001000001", "1#", NUMBER, "90010000011"),
    ("90010000011", "#", NUMBER, "90010000011"),
    ("90010000011", "5", NUMBER, "900100000115"),
    ("90010", "000011", NUMBER, "90010000011"),
    ("90", "010", NUMBER, None),
    ("9002*90010", "000011", NUMBER, "90010000011"),
    ("", "9002*90010000011#", NUMBER, "90010000011"),
    ("", "*", NUMBER, None),
    ("9001", "0000", NUMBER, None),
    ("900", "100", NUMBER, None),
    ("900100", "000", NUMBER, None),
    ("900100000", "11", NUMBER, "90010000011"),
    ("90010000", "0001", NUMBER, "900100000001"),
    ("90010000", "011", NUMBER, "90010000011"),
    ("90010000", "011#", NUMBER, "90010000011"),
    ("90010000011", "#", NUMBER, "90010000011"),
    ("9001*", "90010000011", NUMBER, "90010000011"),
    ("9001", "*90010000011", NUMBER, "90010000011"),
    ("123", "456", CODE, "123456"),
    ("12345", "6", CODE, "123456"),
    ("", "123456", CODE, "123456"),
    ("12", "#", CODE, "12"),
    ("", "#", CODE, "#"),
    ("", "2", Waiting.CHOICE, "2"),
    ("", "9", Waiting.WISH, "9"),
    ("", "123456", None, "123456"),
    ("", "*", None, "*"),
]


@pytest.mark.parametrize(("before", "pressed", "asked", "number"), WHOLE)
def test_a_number_is_whole(before: str, pressed: str, asked: Waiting | None, number: str | None) -> None:
    assert number_of(before, pressed, asked) == number


@pytest.mark.parametrize(
    ("value", "keys"),
    [
        ("12*#", "12*#"),
        (" 5 ", "5"),
        (5, "5"),
        (0, "0"),
        ("/restart", ""),
        ("１２", ""),
        ("12a", ""),
        ("+371", ""),
        (-1, ""),
        (1.5, ""),
        (True, ""),
        (None, ""),
        (["1"], ""),
        ({"1": "1"}, ""),
    ],
)
def test_only_keys_are_keys(value: object, keys: str) -> None:
    assert keys_of(value) == keys
