"""Customers are called back at any real number that costs nothing extra."""

import pytest

from bot.desk.numbers_to_call import number_to_call


@pytest.mark.parametrize(
    ("given", "number"),
    [
        pytest.param("26 000 000", "+37126000000", id="a mobile phone"),
        pytest.param("+372 500 0001", "+3725000001", id="abroad"),
        pytest.param("800 01234", "+37180001234", id="free of charge"),
        pytest.param("8371 67 000 001", None, id="too long"),
        pytest.param("9000 0000", None, id="a premium rate"),
        pytest.param("81 000 000", None, id="a shared cost"),
        pytest.param("+979 1 2345 6789", None, id="an international premium rate"),
        pytest.param("+881 6 1234 5678", None, id="a satellite"),
        pytest.param("8400", None, id="a service number"),
        pytest.param("<b>26000000</b>", None, id="HTML"),
        pytest.param("26000000\n\n+37190000000", None, id="two numbers"),
        pytest.param("٢٦٠٠٠٠٠٠", "+37126000000", id="other digits"),
        pytest.param("2" * 60_000, None, id="very long"),
    ],
)
def test_which_numbers_are_called_back(given: str, number: str | None) -> None:
    assert number_to_call(given) == number
