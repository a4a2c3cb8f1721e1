"""Typing errors in the names of places: corrected if no other word can be meant."""

import pytest

from bot.nlu.entity_extractor import EntityExtractor
from bot.nlu.place_spelling import place_slips
from bot.nlu.spelling import dictionaries
from bot.words.lexicon import lexicon


@pytest.fixture(scope="module")
def extractor() -> EntityExtractor:
    return EntityExtractor()


def places(extractor: EntityExtractor, text: str, language: str = "lv") -> list[str]:
    return [item.value for item in extractor.extract(text, language) if item.name == "place"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Dauagvpils", "daugavpils_centre"),  # exchanged
        ("uz Dagavpili", "daugavpils_centre"),  # left out
        ("kas Jurmmala", "energy_efficiency_centre"),  # doubled
        ("muzehs", "energy_museum"),  # beside
        ("Ventpilī", "Ventspils"),
        ("rgia", "riga_centre"),
    ],
)
def test_a_place_is_found_in_spite_of_a_slip(extractor: EntityExtractor, text: str, place: str) -> None:
    assert places(extractor, text) == [place]


@pytest.mark.parametrize(
    "text",
    ["strāvas trūkums", "lielāja", "lavīnas", "rīta agrumā", "viņas tikums", "lūdzam pasakiet", "ludzam", "lūdzams"],
)
def test_another_word_is_not_taken_for_a_place(extractor: EntityExtractor, text: str) -> None:
    assert places(extractor, text) == []


MISSPELT = {"efficency", "eficiency", "musuem", "valmeira"}  # the dictionaries hold these too


def test_words_of_the_dictionaries_are_no_slips() -> None:
    """If this fails, add the word to `spellings.words` in data/lexicon/places.yml, or to `forms` if it is one."""
    slips, forms = place_slips(), lexicon("places")["spellings"]["forms"].split()
    taken = set(dictionaries()) & set(slips) - set(forms) - MISSPELT
    other_words = [word for word in taken if word[:5] != slips[word][:5]]  # the rest are other cases of the name
    assert other_words == []
