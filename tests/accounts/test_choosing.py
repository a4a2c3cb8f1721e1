"""Choosing one of several contracts, or all of them, and how they are shown."""

import pytest

from bot.accounts.choice_buttons import is_choice, payload_of
from bot.accounts.masking import masked_address, spoken_address, told_apart
from bot.accounts.utterance import ALL, Utterance


@pytest.mark.parametrize(
    ("address", "masked", "spoken"),
    [
        ("Testa iela 24-17, Sigulda", "T•••• 24, Sigulda", "Testa iela, Sigulda"),
        ("Parauga prospekts 26, Rīga", "P•••• 26, Rīga", "Parauga prospekts, Rīga"),
        ("Demo iela 12A-3, Dobele", "D•••• 12A, Dobele", "Demo iela, Dobele"),
        ("1905. gada iela 7, Rīga", "1•••• 1905, Rīga", "1905. gada iela, Rīga"),
        ("Ozoli, Ķegums", "O••••, Ķegums", "Ozoli, Ķegums"),
        ("Ozoli", "O••••", "Ozoli"),
    ],
)
def test_an_address_is_shown_in_part(address: str, masked: str, spoken: str) -> None:
    assert (masked_address(address), spoken_address(address)) == (masked, spoken)


def test_two_flats_of_one_house_are_told_apart() -> None:
    addresses = ["Testa iela 24-17, Sigulda", "Testa iela 24-18, Sigulda", "Testa iela 9, Sigulda"]
    assert told_apart(addresses, masked_address) == ["T•••• 24-17, Sigulda", "T•••• 24-18, Sigulda", "T•••• 9, Sigulda"]


@pytest.mark.parametrize("text", [
    "cik man jāmaksā par visiem līgumiem", "Cik es esmu parādā par visiem maniem līgumiem?", "par abām adresēm", "visi",
    "Par visiem, lūdzu", "visus kopā", "abi", "par visu", "kopā cik sanāk par līgumiem", "par visam adresem",
    "how much for all my contracts", "for both of my addresses", "all", "all of them please", "both", "everything",
    "what do I owe in total on my accounts", "for every contract", "all of our sites",
])  # fmt: skip
def test_all_contracts_are_meant(text: str) -> None:
    assert Utterance(text, "lv").wants_all


@pytest.mark.parametrize("text", [
    "cik man jāmaksā", "vai viss ir samaksāts", "pirmais", "2", "kopā ar vīru maksājam",
    "is that all", "what is all this about", "all right", "how much do I owe", "the second address", "viss kārtībā",
])  # fmt: skip
def test_all_contracts_are_not_meant(text: str) -> None:
    assert not Utterance(text, "lv").wants_all


@pytest.mark.parametrize("text", [
    "nepareizs numurs", "tas bija nepareizais līgums", "numurs ir kļūdains", "sajaucu numuru", "cits numurs",
    "wrong number", "that was the wrong contract", "the number is wrong", "I mistyped the number", "another contract",
])  # fmt: skip
def test_a_number_is_taken_back(text: str) -> None:
    assert Utterance(text, "lv").takes_number_back


@pytest.mark.parametrize("text", ["kods neder", "wrong code", "numurs 123456", "kāds ir numurs", "which number?"])
def test_a_number_is_not_taken_back(text: str) -> None:
    assert not Utterance(text, "lv").takes_number_back


def test_a_button_is_known_as_a_choice() -> None:
    assert [is_choice(payload) for payload in (payload_of(ALL), payload_of("0a1b"), "/inform", "/cancel")] == [
        True, True, False, False,
    ]  # fmt: skip
