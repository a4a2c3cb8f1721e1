"""What somebody in danger asks or intends."""

import pytest

from bot.words.danger_questions import asks_whether_to_call, intends_something


@pytest.mark.parametrize("text", ["vai man jāzvana?", "do i really need to call them", "zvanīt vai nē", "112 vajag?"])
def test_whether_to_call(text: str) -> None:
    assert asks_whether_to_call(text)


@pytest.mark.parametrize("text", ["I will move it myself", "es pats paskatīšos", "let me just open it"])
def test_intends_something(text: str) -> None:
    assert intends_something(text)


@pytest.mark.parametrize("text", ["Vai mani atslēgs?", "who pays for the meter"])
def test_neither(text: str) -> None:
    assert (asks_whether_to_call(text), intends_something(text)) == (False, False)
