"""Personal data that is split over several turns does not reach the database."""

import pytest

from bot.calls.call_turns import CallTurn
from bot.calls.redaction import redacted

A, C = "agent", "customer"


def without(*said: tuple[str, str]) -> list[str]:
    return redacted([CallTurn(name, None, None, None, text, None, (), None) for name, text in said])[0]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        pytest.param(
            [(A, "Nosauciet, lūdzu, līguma numuru."), (C, "Jā, tas ir 1234567.")],
            ["Nosauciet, lūdzu, līguma numuru.", "Jā, tas ir [contract]."],
            id="asked for in one turn, given in the next",
        ),
        pytest.param(
            [(C, "Mans līgums ir 9001 0000."), (C, "033, paldies.")],
            ["Mans līgums ir [contract].", "[contract], paldies."],
            id="a short end in a turn of its own",
        ),
        pytest.param(
            [(C, "Līgums ir 9001 0000"), (A, "Jā, klausos."), (C, "un 033")],
            ["Līgums ir [contract]", "Jā, klausos.", "un [contract]"],
            id="the other one listens",
        ),
        pytest.param(
            [(C, "deviņi nulle nulle viens"), (A, "jā"), (C, "nulle nulle nulle nulle"), (C, "trīs trīs")],
            ["[contract]", "jā", "[contract]", "[contract]"],
            id="in words, over three turns",
        ),
        pytest.param(
            [(C, "my phone is two six one two"), (A, "two six one two, yes"), (C, "three four five six")],
            ["my phone is [phone]", "[phone], yes", "[phone]"],
            id="the other one repeats each part",
        ),
        pytest.param(
            [(A, "Nosauciet kodu."), (C, "415"), (A, "jā"), (C, "907")],
            ["Nosauciet kodu.", "[code]", "jā", "[code]"],
            id="a code in two parts",
        ),
        pytest.param(
            [(C, "kods ir 41"), (C, "5907")],
            ["kods ir [code]", "[code]"],
            id="a code that is cut anywhere",
        ),
        pytest.param(
            [(C, "Mani sauc"), (C, "ilze paraudziņa, man ir jautājums")],
            ["Mani sauc", "[name], man ir jautājums"],
            id="a name in the next turn",
        ),
    ],
)
def test_what_belongs_together_is_looked_at_together(said: list[tuple[str, str]], kept: list[str]) -> None:
    assert without(*said) == kept


@pytest.mark.parametrize(
    "said",
    [
        [(A, "Rēķins ir par 2020. gada martu, 45.20 eiro."), (C, "Par 2020. gadu?"), (A, "Jā, zvaniet 8400.")],
        [(C, "Es zvanīju 8400"), (A, "8404 ir avārijām")],
        [(C, "Mani sauc"), (A, "Labdien, Elektrum")],
        [(C, "Rādījums ir 12345"), (A, "Jā."), (C, "un vēl man ir jautājums par rēķinu")],
    ],
)
def test_the_rest_stays(said: list[tuple[str, str]]) -> None:
    assert without(*said) == [text for _, text in said]


def test_what_may_have_been_heard_instead_is_looked_at_where_it_was_said() -> None:
    turns = [
        CallTurn(A, None, None, None, "Nosauciet līguma numuru.", None, (), None),
        CallTurn(C, None, None, None, "nav dzirdams", None, ("1234567", "12 345 67"), None),
    ]
    assert redacted(turns)[1] == [[], ["[contract]", "[contract]"]]
