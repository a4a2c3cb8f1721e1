"""Danger is recognised next to a contract number or a code, although most messages with one only answer a question."""

from typing import TYPE_CHECKING

import pytest

from bot.domain_names import Intent
from bot.nlu.beside_numbers import beside_numbers

if TYPE_CHECKING:
    from bot.rasa.local_assistant import LocalAssistant


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("fire in the house, contract number 90010000033", "fire in the house"),
        ("līguma numurs 9001 0000 033, dzirksteļo skaitītājs", "dzirksteļo skaitītājs"),
        ("mans līgums ir 9001-0000-033 vads uz zemes", "vads uz zemes"),
        ("kods: 123456", None),
        ("90010000033", None),
        ("rēķins par 2020. gadu, 36,15 eiro", None),
    ],
)
def test_what_stands_beside_a_number(text: str, rest: str | None) -> None:
    assert beside_numbers(text) == rest


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "fire in the house, contract number 90010000033",
        "there are sparks, contract 90010000033",
        "gas leak here, contract 90010000033",
        "dūmi, 90010000033",
        "līguma numurs 90010000033, dzirksteļo skaitītājs",
        "vads uz zemes, līguma numurs 90010000033",
        "there is a fire, 90010000033",
        "live wire on the ground, contract 90010000033",
        "dzirksteles no skaitītāja, līgums 90010000033",
        "es nomirstu",
        "I am dying",
    ],
)
async def test_danger_is_heard(loaded: "LocalAssistant", text: str) -> None:
    understood = await loaded.parse(text)
    assert (understood.intent, understood.confidence) == (Intent.REPORT_DANGER, 1.0)


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "how much do I owe, contract number 90010000033",
        "mans līguma numurs ir 90010000033",
        "līgums 90010000033, gribu maksāt vēlāk",
        "the code is 123456",
        "es neesmu miris, kods ir 123456",
    ],
)
async def test_no_danger_is_made_up(loaded: "LocalAssistant", text: str) -> None:
    assert (await loaded.parse(text)).intent != Intent.REPORT_DANGER


@pytest.mark.model
@pytest.mark.parametrize("text", ["Līguma numurs ir 1048837.", "liguma numurs ir 1048837"])
async def test_whoever_gives_a_number_does_not_ask_where_it_stands(loaded: "LocalAssistant", text: str) -> None:
    assert (await loaded.parse(text)).intent == "inform"
