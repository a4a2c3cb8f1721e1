"""Who a customer is, as far as a message tells."""

import pytest

from bot.words.persons import Person, persons_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I run a small café and cannot pay", [Person.BUSINESS]),
        ("Esmu nedzirdīgs, kā ar jums sazināties?", [Person.DEAF]),
        ("Man nav interneta", [Person.NO_INTERNET]),
        ("es īrēju dzīvokli, rēķins nāk saimniekam", [Person.TENANT]),
        ("I rent a flat; the contract is my landlord's", [Person.TENANT]),
        ("Mana strāva ir no cita piegādātāja", [Person.OTHER_SUPPLIER]),
        ("Vai mani atslēgs?", []),
        ("Will you cut me off if I pay late?", []),
    ],
)
def test_persons(text: str, found: list[Person]) -> None:
    assert persons_in(text) == found
