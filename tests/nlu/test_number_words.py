"""Numbers in words, as callers say them, and the amounts, dates and contract numbers parsed from them."""

import pytest
from num2words import num2words

from bot.nlu.entity_extractor import EntityExtractor
from bot.words.lexicon import document
from bot.words.number_words import numerals

NUMBERS = [*range(0, 130), *range(199, 1000, 37), 1000, 1001, 1020, 1234, 2000, 3456, 9999, 12_345, 20_000, 100_000]


def digits(text: str, language: str) -> list[str]:
    return [numeral.digits for numeral in numerals(document(text, language))]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("language", ["lv", "en"])
def test_a_number_is_read_as_it_is_spelled_out(number: int, language: str) -> None:
    assert digits(num2words(number, lang=language).replace(",", ""), language) == [str(number)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("četrdesmit sešus", "lv", ["46"]),
        ("pa divdesmit diviem", "lv", ["22"]),
        ("simtu piecdesmit", "lv", ["150"]),
        ("piecsimt", "lv", ["500"]),
        ("divi tūkstoši", "lv", ["2000"]),
        ("tukstos divi simti", "lv", ["1200"]),
        # digit by digit, in pairs, with repeats
        ("divi nulle viens seši", "lv", ["2", "0", "1", "6"]),
        ("astoņdesmit četri nulle nulle", "lv", ["84", "0", "0"]),
        ("divdesmit viens sešdesmit pieci", "lv", ["21", "65"]),
        ("two oh one", "en", ["2", "0", "1"]),
        ("double five triple zero one", "en", ["55", "000", "1"]),
        ("twenty twenty", "en", ["20", "20"]),
        # counted digits
        ("divas nulles", "lv", ["00"]),
        ("divas nulle", "lv", ["00"]),
        ("trīs nullītes", "lv", ["000"]),
        ("trīs nulle", "lv", ["3", "0"]),
        ("divi septiņnieki", "lv", ["77"]),
        ("septiņnieks", "lv", ["7"]),
        ("četrreiz nulle", "lv", ["0000"]),
        ("piecas reizes nulle", "lv", ["00000"]),
        ("deviņdesmit trīs nulles", "lv", ["90", "000"]),
        ("deviņi simti trīs nulles", "lv", ["900", "000"]),
        ("4 nulles", "lv", ["0000"]),
        ("viens nulle", "lv", ["1", "0"]),
        ("one zero", "en", ["1", "0"]),
        ("three zeros", "en", ["000"]),
        ("two sevens", "en", ["77"]),
        ("treble oh", "en", ["000"]),
        ("zero times five", "en", ["00000"]),
        ("ninety oh one", "en", ["90", "0", "1"]),
        ("nine oh oh one", "en", ["9", "0", "0", "1"]),
        ("the ones in riga", "en", []),
        ("twice a year", "en", []),
        # hundreds and thousands in one word
        ("piecsimt sešdesmit septiņi", "lv", ["567"]),
        ("divtūkstoš divdesmit", "lv", ["2020"]),
        # figures among words
        ("2016 pieci", "lv", ["2016", "5"]),
        # and what is not a number
        ("vienmēr maksāju", "lv", []),
        ("vienreiz", "lv", []),
        ("desmitgade", "lv", []),
        ("someone", "en", []),
        ("double", "en", []),
        ("", "lv", []),
    ],
)
def test_what_is_said_one_after_another_stays_apart(text: str, language: str, expected: list[str]) -> None:
    assert digits(text, language) == expected


@pytest.fixture(scope="module")
def extractor() -> EntityExtractor:
    return EntityExtractor()


@pytest.mark.parametrize(
    ("text", "language", "kind", "value", "piece"),
    [
        ("samaksāju četrdesmit sešus eiro", "lv", "amount", "46", "četrdesmit sešus eiro"),
        ("simts divdesmit eiro parāds", "lv", "amount", "120", "simts divdesmit eiro"),
        ("46 eiro 20 centi", "lv", "amount", "46.20", "46 eiro 20 centi"),
        ("46 eiro un pieci centi", "lv", "amount", "46.05", "46 eiro un pieci centi"),
        ("forty six euros and twenty cents", "en", "amount", "46.20", "forty six euros and twenty cents"),
        ("i owe one hundred euros", "en", "amount", "100", "one hundred euros"),
        ("līdz divdesmitajam aprīlim", "lv", "date", "04-20", "divdesmitajam aprīlim"),
        ("trīsdesmit pirmajā martā", "lv", "date", "03-31", "trīsdesmit pirmajā martā"),
        ("until the twentieth of april", "en", "date", "04-20", "twentieth of april"),
        ("may fifth", "en", "date", "05-05", "may fifth"),
        (
            "līgums divi nulle viens seši pieci pieci četri trīs",
            "lv",
            "contract_number",
            "20165543",
            "divi nulle viens seši pieci pieci četri trīs",
        ),
        ("it is two oh one six double five four three", "en", "contract_number", "20165543", None),
        ("2016 pieci pieci četri trīs", "lv", "contract_number", "20165543", None),
    ],
)
def test_what_is_said_becomes_an_entity(
    extractor: EntityExtractor, text: str, language: str, kind: str, value: str, piece: str | None
) -> None:
    (found,) = extractor.extract(text, language)
    said = text[found.start : found.end]
    assert (found.name, found.value, piece or said) == (kind, value, said)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("astoņdesmit četri nulle nulle", "lv"),  # the phone number 8400 is too short for a contract
        ("pirmo reizi rakstu jau otro stundu", "lv"),
        ("one more thing, a second question", "en"),
        ("trīsdesmit divi gadi un pieci bērni", "lv"),
    ],
)
def test_other_numbers_are_no_entities(extractor: EntityExtractor, text: str, language: str) -> None:
    assert extractor.extract(text, language) == []
