"""The entity extractor on whole sentences: several entities at once, and sentences with none."""

import pytest
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.entity_extractor import EntityExtractor
from bot.parse_result import LANGUAGE


@pytest.fixture(scope="module")
def extractor() -> EntityExtractor:
    return EntityExtractor()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("", "lv", id="empty"),
        pytest.param("8400", "lv", id="the phone number alone"),
        pytest.param("Līdz cikiem strādā 8400?", "lv", id="the phone number"),
        pytest.param("👍", "lv", id="emoji"),
        pytest.param("Vai mani atslēgs, ja nesamaksāšu laikā?", "lv", id="question"),
        pytest.param("When will you reopen?", "en", id="English question"),
        pytest.param("Klientu apkalpošanas centrs ir slēgts?", "lv", id="centre without a town"),
        pytest.param("46,20", "lv", id="number without a currency"),
        pytest.param("1234567", "lv", id="seven digits"),
        pytest.param("1234567890123", "lv", id="thirteen digits"),
        pytest.param("LV80HABA0551012345678", "lv", id="IBAN"),
        pytest.param("LV80 HABA 0551 0123 4567 8", "lv", id="IBAN in groups"),
        pytest.param("man ir 3.4 kW panelis", "lv", id="power, not a date"),
        pytest.param("31.02.2020", "lv", id="a day that does not exist"),
        pytest.param("2020-13-45", "lv", id="a month that does not exist"),
        pytest.param("45. martā", "lv", id="the 45th"),
        pytest.param("may I pay later", "en", id="may, first"),
        pytest.param("I may pay later", "en", id="may, within"),
        pytest.param("you may march on", "en", id="may and march"),
        pytest.param("I will march to your office", "en", id="march"),
        pytest.param("augsts rēķins", "lv", id="high, not August"),
        pytest.param("valkāt masku", "lv", id="to wear, not Valka"),
    ],
)
def test_nothing_is_found(extractor: EntityExtractor, text: str, language: str) -> None:
    assert extractor.extract(text, language) == []


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Rīgā un Daugavpilī", "lv", [("place", "riga_centre"), ("place", "daugavpils_centre")]),
        ("centrs Rīgā vai Jūrmalā", "lv", [("place", "riga_centre"), ("place", "energy_efficiency_centre")]),
        ("Rēzeknē un Liepājā", "lv", [("place", "Rēzekne"), ("place", "Liepāja")]),
        (
            "parāds 46,20 € par februāri, līgums 12345678",
            "lv",
            [("amount", "46.20"), ("month", "02"), ("contract_number", "12345678")],
        ),
        (
            "I paid €46.20 on 25.03.2020 for the February bill in Riga",
            "en",
            [("amount", "46.20"), ("date", "2020-03-25"), ("month", "02"), ("place", "riga_centre")],
        ),
        ("25.03.2020 12345678", "lv", [("date", "2020-03-25"), ("contract_number", "12345678")]),
        ("46 €, nevis 64 €", "lv", [("amount", "46"), ("amount", "64")]),
        ("3 daļās līdz 1. jūnijam", "lv", [("instalments", "3"), ("date", "06-01")]),
    ],
)
def test_several_entities_in_the_order_of_the_text(
    extractor: EntityExtractor, text: str, language: str, found: list[tuple[str, str]]
) -> None:
    assert [(item.name, item.value) for item in extractor.extract(text, language)] == found


@pytest.mark.parametrize(
    "text",
    [
        "Ķeguma HES muzejs un muzeja krātuve Rīgā 25.03.2020",
        "2020-03-25 12345678 46,20 € 25. martā",
        "1200,50 eiro 12.05 € 10.12.",
        "12345678 €",
        "12 34 56 78 90 25.03. 3 daļās par februāri",
    ],
)
def test_no_character_belongs_to_two_entities(extractor: EntityExtractor, text: str) -> None:
    characters = [n for item in extractor.extract(text, "lv") for n in range(item.start, item.end)]
    assert len(characters) == len(set(characters)) > 0


@pytest.mark.parametrize("language", ["other", "ru", ""])
def test_a_language_that_is_not_ours_still_finds_places(extractor: EntityExtractor, language: str) -> None:
    assert [item.value for item in extractor.extract("Rīgā", language)] == ["riga_centre"]


def test_process_adds_to_the_entities_of_a_message(extractor: EntityExtractor) -> None:
    earlier = {"entity": "place", "value": "x", "start": 0, "end": 1}
    message = Message({TEXT: "Un Rīgā?", LANGUAGE: {"code": "lv"}, ENTITIES: [earlier]})
    extractor.process([message])
    assert [item["value"] for item in message.get(ENTITIES)] == ["x", "riga_centre"]


def test_process_leaves_payloads_alone(extractor: EntityExtractor) -> None:
    message = Message({TEXT: "/ask_contact Rīgā"})
    extractor.process([message])
    assert message.data == {TEXT: "/ask_contact Rīgā"}


def test_process_reads_no_further_than_the_longest_message(extractor: EntityExtractor) -> None:
    message = Message({TEXT: "a " * 1000 + "Rīgā", LANGUAGE: {"code": "lv"}})
    extractor.process([message])
    assert message.get(ENTITIES) == []


def test_entities_are_part_of_the_parse_result(extractor: EntityExtractor) -> None:
    message = Message({TEXT: "Rīgā"})
    extractor.process([message])
    assert ENTITIES in message.as_dict(only_output_properties=True)
