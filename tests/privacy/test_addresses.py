"""Addresses are redacted in conversations, and kept in requests, whose readers need them."""

import pytest

from bot.privacy import redact

FOUND = {
    "with flat and town": ("dzīvoju Demo ielā 1-1, Rīgā", "dzīvoju [address]"),
    "alone": ("Parauga prospekts 3-12, Liepāja", "[address]"),
    "a name of two words": ("Jāņa Parauga ielā 9 nav gaismas", "[address] nav gaismas"),
    "an initial": ("J. Parauga iela 5/7", "[address]"),
    "small letters, no diacritics": ("dzivoju parauga bulvaris 12a", "dzivoju [address]"),
    "within English": ("I live at Demo iela 2, Daugavpils, please help", "I live at [address], please help"),
    "English": ("12 Example Street, Riga", "[address]"),
    "beside a number": ("līgums 90010000011, Demo iela 1-1", "līgums [contract], [address]"),
}
LEFT = {
    "no house": "mūsu ielā nav gaismas",
    "no name": "ielā 2",
    "on the way": "biju ceļā 2 stundas",
    "far away": "I walked 2 miles down the street",
    "a place of the company": "Vai Rīgas centrs ir slēgts?",
}


@pytest.mark.parametrize(("text", "without"), FOUND.values(), ids=FOUND)
def test_an_address_is_taken_out(text: str, without: str) -> None:
    assert redact(text, addresses=True) == without


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_what_is_no_address_stays(text: str) -> None:
    assert redact(text, addresses=True) == text


def test_a_request_keeps_its_address() -> None:
    assert redact("Demo ielā 1-1 nav gaismas, zvaniet 26123456") == "Demo ielā 1-1 nav gaismas, zvaniet [phone]"


@pytest.mark.parametrize(("text", "without"), FOUND.values(), ids=FOUND)
def test_taking_out_again_changes_nothing(text: str, without: str) -> None:
    assert redact(without, addresses=True) == without
