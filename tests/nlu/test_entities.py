"""The entity extractor: entities, their values, and exact character spans."""

import pytest

from bot.nlu.entity_extractor import EntityExtractor
from bot.words.kinds_of_number import CONTRACT_DIGITS

Found = list[tuple[str, str, str]]


@pytest.fixture(scope="module")
def extractor() -> EntityExtractor:
    return EntityExtractor()


def found_in(extractor: EntityExtractor, text: str, language: str) -> Found:
    """(entity, value, the text of its span), in the text's order."""
    return [(item.name, item.value, text[item.start : item.end]) for item in extractor.extract(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "place", "piece"),
    [
        ("Vai Rīga ir ciet?", "lv", "riga_centre", "Rīga"),
        ("Dzīvoju netālu no Rīgas", "lv", "riga_centre", "Rīgas"),
        ("Cik tālu līdz Rīgai?", "lv", "riga_centre", "Rīgai"),
        ("Par Rīgu jautāju", "lv", "riga_centre", "Rīgu"),
        ("Kad atvērsiet Rīgā?", "lv", "riga_centre", "Rīgā"),
        ("RĪGĀ ARĪ?", "lv", "riga_centre", "RĪGĀ"),
        ("kad riga vala", "lv", "riga_centre", "riga"),
        ("kad riigaa valjaa", "lv", "riga_centre", "riigaa"),
        ("Vai Rīgas klientu centrā kāds ir?", "lv", "riga_centre", "Rīgas klientu centrā"),
        ("rigas birojs strada", "lv", "riga_centre", "rigas birojs"),
        ("Is the Riga office open?", "en", "riga_centre", "Riga office"),
        ("Is Riga open", "en", "riga_centre", "Riga"),
        ("Rīgā?", "en", "riga_centre", "Rīgā"),
        ("Un Daugavpils?", "lv", "daugavpils_centre", "Daugavpils"),
        ("Un Daugavpilī?", "lv", "daugavpils_centre", "Daugavpilī"),
        ("uz Daugavpili", "lv", "daugavpils_centre", "Daugavpili"),
        ("daugavpilii centrs straadaa", "lv", "daugavpils_centre", "daugavpilii"),
        ("Daugavpils centrs ir ciet?", "lv", "daugavpils_centre", "Daugavpils centrs"),
        ("Daugavpils office hours", "en", "daugavpils_centre", "Daugavpils office"),
        ("Vai Jūrmala strādā?", "lv", "energy_efficiency_centre", "Jūrmala"),
        ("Kas ir Jūrmalā?", "lv", "energy_efficiency_centre", "Jūrmalā"),
        ("uz Jūrmalu", "lv", "energy_efficiency_centre", "Jūrmalu"),
        ("kas juurmalaa", "lv", "energy_efficiency_centre", "juurmalaa"),
        ("anything in Jurmala?", "en", "energy_efficiency_centre", "Jurmala"),
        ("Energoefektivitātes centrs strādā?", "lv", "energy_efficiency_centre", "Energoefektivitātes centrs"),
        ("uz Energoefektivitātes centru", "lv", "energy_efficiency_centre", "Energoefektivitātes centru"),
        ("energoefektivitaates centraa", "lv", "energy_efficiency_centre", "energoefektivitaates centraa"),
        ("Your Energy Efficiency Centre?", "en", "energy_efficiency_centre", "Energy Efficiency Centre"),
        ("energy efficiency center hours", "en", "energy_efficiency_centre", "energy efficiency center"),
        ("Vai muzejs ir ciet?", "lv", "energy_museum", "muzejs"),
        ("Esmu muzejā", "lv", "energy_museum", "muzejā"),
        ("Vai var uz muzeju?", "lv", "energy_museum", "muzeju"),
        ("Enerģētikas muzejs", "lv", "energy_museum", "Enerģētikas muzejs"),
        ("energetikas muzeja", "lv", "energy_museum", "energetikas muzeja"),
        ("Vai Ķegums ir atvērts?", "lv", "energy_museum", "Ķegums"),
        ("Kas Ķegumā?", "lv", "energy_museum", "Ķegumā"),
        ("kas kjegumaa", "lv", "energy_museum", "kjegumaa"),
        ("Vai muzejs Ķegumā ir vaļā?", "lv", "energy_museum", "muzejs Ķegumā"),
        ("Ķeguma muzejā", "lv", "energy_museum", "Ķeguma muzejā"),
        ("the Museum of Energy", "en", "energy_museum", "Museum of Energy"),
        ("the museum in Kegums today", "en", "energy_museum", "museum in Kegums"),
        ("Vai krātuve ir ciet?", "lv", "museum_repository", "krātuve"),
        ("Vai var uz krātuvi?", "lv", "museum_repository", "krātuvi"),
        ("kas kraatuvee", "lv", "museum_repository", "kraatuvee"),
        ("muzeja krātuve Rīgā", "lv", "museum_repository", "muzeja krātuve Rīgā"),
        ("vai depozitārijs strādā", "lv", "museum_repository", "depozitārijs"),
        ("the museum repository in Riga", "en", "museum_repository", "museum repository in Riga"),
        ("Vai var uz HES?", "lv", "power_plant", "HES"),
        ("Ķeguma HES ekskursija", "lv", "power_plant", "Ķeguma HES"),
        ("plavinu hes ekskursija", "lv", "power_plant", "plavinu hes"),
        ("Vai ražotnē var iet?", "lv", "power_plant", "ražotnē"),
        ("can we see the power plant", "en", "power_plant", "power plant"),
        ("Vai Liepājā ir centrs?", "lv", "Liepāja", "Liepājā"),
        ("dzivoju liepaja", "lv", "Liepāja", "liepaja"),
        ("liepaajaa ir birojs", "lv", "Liepāja", "liepaajaa"),
        ("Any office in Liepaja?", "en", "Liepāja", "Liepaja"),
        ("Vai Rēzeknē ir birojs?", "lv", "Rēzekne", "Rēzeknē"),
        ("reezeknee", "lv", "Rēzekne", "reezeknee"),
        ("Does Rezekne work", "en", "Rēzekne", "Rezekne"),
        ("Ventspilī", "lv", "Ventspils", "Ventspilī"),
        ("Cēsīs", "lv", "Cēsis", "Cēsīs"),
        ("Talsos", "lv", "Talsi", "Talsos"),
        ("jekabpili", "lv", "Jēkabpils", "jekabpili"),
    ],
)
def test_place(extractor: EntityExtractor, text: str, language: str, place: str, piece: str) -> None:
    assert found_in(extractor, text, language) == [("place", place, piece)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Dzīvoju Daugavpils ielā 14", "lv"),
        ("Rīgas Satiksmes e-talons", "lv"),
        ("studēju Rīgas Stradiņa universitātē", "lv"),
        ("Cēsu alus cena", "lv"),
        ("vai montieri valkā maskas", "lv"),
        ("ledusskapja energoefektivitātes klase", "lv"),
        ("Okupācijas muzejs", "lv"),
        ("the energy efficiency class of a fridge", "en"),
        ("my flight from Riga airport", "en"),
        ("the National Museum of Art", "en"),
    ],
)
def test_a_name_with_a_place_in_it_is_not_one_of_the_company(
    extractor: EntityExtractor, text: str, language: str
) -> None:
    assert [value for kind, value, _ in found_in(extractor, text, language) if kind == "place"] == []


def test_a_place_beside_such_a_name_is_found(extractor: EntityExtractor) -> None:
    text = "Strādāju Rīgas Satiksmē, vai centrs Daugavpilī ir vaļā?"
    assert found_in(extractor, text, "lv") == [("place", "daugavpils_centre", "Daugavpilī")]


@pytest.mark.parametrize(
    ("text", "number", "piece"),
    [
        ("Līguma numurs 12345678.", "12345678", "12345678"),
        ("līgums 1234567890, lūdzu", "1234567890", "1234567890"),
        ("tas ir 123456789012", "123456789012", "123456789012"),
        ("1234 5678", "12345678", "1234 5678"),
        ("līg. nr. 900 1234 5678?", "90012345678", "900 1234 5678"),
        ("12 34 56 78 90", "1234567890", "12 34 56 78 90"),
    ],
)
def test_contract_number(extractor: EntityExtractor, text: str, number: str, piece: str) -> None:
    assert found_in(extractor, text, "lv") == [("contract_number", number, piece)]


@pytest.mark.parametrize(
    ("text", "amount", "piece"),
    [
        ("Samaksāju 46,20 € vakar", "46.20", "46,20 €"),
        ("samaksaju 46.20 eur vakar", "46.20", "46.20 eur"),
        ("I paid €46.20 yesterday", "46.20", "€46.20"),
        ("€ 46.20", "46.20", "€ 46.20"),
        ("rēķins ir 46,20€.", "46.20", "46,20€"),
        ("120 EUR", "120", "120 EUR"),
        ("man 46 eiro par daudz", "46", "46 eiro"),
        ("it was 120 euros", "120", "120 euros"),
        ("1200,50 eiro", "1200.50", "1200,50 eiro"),
        ("12.05 €", "12.05", "12.05 €"),
    ],
)
def test_amount(extractor: EntityExtractor, text: str, amount: str, piece: str) -> None:
    assert found_in(extractor, text, "lv") == [("amount", amount, piece)]


@pytest.mark.parametrize(
    ("text", "language", "date", "piece"),
    [
        ("Samaksāju 25.03.2020 bankā", "lv", "2020-03-25", "25.03.2020"),
        ("25/03/2020", "en", "2020-03-25", "25/03/2020"),
        ("paid on 2020-03-25, see", "en", "2020-03-25", "2020-03-25"),
        ("samaksāju 25.03. bankā", "lv", "03-25", "25.03."),
        ("Samaksāju 25. martā", "lv", "03-25", "25. martā"),
        ("samaksaju 25 marta", "lv", "03-25", "25 marta"),
        ("līdz 1. aprīlim", "lv", "04-01", "1. aprīlim"),
        ("3. juunijaa", "lv", "06-03", "3. juunijaa"),
        ("until 25 February, please", "en", "02-25", "25 February"),
        ("until 1st April", "en", "04-01", "1st April"),
        ("on April 5", "en", "04-05", "April 5"),
        ("by 10 May", "en", "05-10", "10 May"),
        ("on the 5th of April", "en", "04-05", "5th of April"),
        ("samaksāšu 25.martā", "lv", "03-25", "25.martā"),
    ],
)
def test_date(extractor: EntityExtractor, text: str, language: str, date: str, piece: str) -> None:
    assert found_in(extractor, text, language) == [("date", date, piece)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Vai 8404 strādā 24/7?", "lv"),
        ("are you there 24/7", "en"),
        ("sāksim plkst. 8.12", "lv"),
        ("plkst 8.12 pazuda strāva", "lv"),
        ("strāvas nebija no plkst. 8.12 līdz 9.10", "lv"),
        ("plkst. 8.12–9.10", "lv"),
        ("pulksten 10.05", "lv"),
        ("it went off at 8.12", "en"),
        ("8.12 pm", "en"),
        ("around 8.12 a.m.", "en"),
    ],
)
def test_a_time_of_day_is_no_date(extractor: EntityExtractor, text: str, language: str) -> None:
    assert [kind for kind, *_ in found_in(extractor, text, language) if kind == "date"] == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("samaksāju 24.07. plkst. 9", "07-24"),
        ("24/7/2020", "2020-07-24"),
        ("plkst. 9.30 un 8.12. maksāju", "12-08"),
        ("līdz 8.12", "12-08"),
        ("samaksāju 8.12", "12-08"),
    ],
)
def test_a_date_beside_a_time_is_a_date(extractor: EntityExtractor, text: str, date: str) -> None:
    assert [value for kind, value, _ in found_in(extractor, text, "lv") if kind == "date"] == [date]


@pytest.mark.parametrize(
    ("text", "language", "month", "piece"),
    [
        ("rēķins par janvāri", "lv", "01", "janvāri"),
        ("janvāra rēķins", "lv", "01", "janvāra"),
        ("par februāri", "lv", "02", "februāri"),
        ("par februari", "lv", "02", "februari"),
        ("par februaari", "lv", "02", "februaari"),
        ("kopš marta", "lv", "03", "marta"),
        ("martaa", "lv", "03", "martaa"),
        ("aprīlī", "lv", "04", "aprīlī"),
        ("par maiju", "lv", "05", "maiju"),
        ("jūnijā", "lv", "06", "jūnijā"),
        ("jūlijā", "lv", "07", "jūlijā"),
        ("augustā", "lv", "08", "augustā"),
        ("septembrī", "lv", "09", "septembrī"),
        ("oktobra rēķins", "lv", "10", "oktobra"),
        ("novembrī", "lv", "11", "novembrī"),
        ("decembra rēķins", "lv", "12", "decembra"),
        ("the bill for February", "en", "02", "February"),
        ("my january bill", "en", "01", "january"),
        ("the bill for May", "en", "05", "May"),
        ("the bill for may", "en", "05", "may"),
        ("not until may", "en", "05", "may"),
    ],
)
def test_month(extractor: EntityExtractor, text: str, language: str, month: str, piece: str) -> None:
    assert found_in(extractor, text, language) == [("month", month, piece)]


@pytest.mark.parametrize(
    ("text", "language", "number", "piece"),
    [
        ("Vai var maksāt trīs daļās?", "lv", "3", "trīs daļās"),
        ("pa 3 daļām", "lv", "3", "3 daļām"),
        ("divaas daljaas", "lv", "2", "divaas daljaas"),
        ("četros maksājumos", "lv", "4", "četros maksājumos"),
        ("sešās daļās", "lv", "6", "sešās daļās"),
        ("trijās vienādās daļās", "lv", "3", "trijās vienādās daļās"),
        ("divpadsmit mēnešos", "lv", "12", "divpadsmit mēnešos"),
        ("in 3 instalments", "en", "3", "3 instalments"),
        ("two equal parts", "en", "2", "two equal parts"),
        ("in four payments", "en", "4", "four payments"),
        ("over six months", "en", "6", "six months"),
        ("septiņās daļās", "lv", "7", "septiņās daļās"),
        ("in 24 parts", "en", "24", "24 parts"),
    ],
)
def test_instalments(extractor: EntityExtractor, text: str, language: str, number: str, piece: str) -> None:
    assert found_in(extractor, text, language) == [("instalments", number, piece)]


@pytest.mark.parametrize(
    ("text", "language", "code", "piece"),
    [
        ("Runājiet latviski", "lv", "lv", "latviski"),
        ("latviešu valodā", "lv", "lv", "latviešu"),
        ("in Latvian please", "en", "lv", "Latvian"),
        ("pa angliski", "lv", "en", "angliski"),
        ("English please", "en", "en", "English"),
        ("pa krieviski var?", "lv", "ru", "krieviski"),
        ("Do you speak Russian?", "en", "ru", "Russian"),
        ("по-русски можно", "lv", "ru", "русски"),
        ("vai runājat vāciski", "lv", "de", "vāciski"),
        ("lietuviski", "lv", "lt", "lietuviski"),
        ("igauņu valodā", "lv", "et", "igauņu"),
    ],
)
def test_language_asked_for(extractor: EntityExtractor, text: str, language: str, code: str, piece: str) -> None:
    assert found_in(extractor, text, language) == [("language", code, piece)]


@pytest.mark.parametrize("count", range(4, 15))
def test_a_contract_number_is_as_long_as_for_everybody_else(extractor: EntityExtractor, count: int) -> None:
    number = ("95" * count)[:count]
    expected = [("contract_number", number, number)] if count in CONTRACT_DIGITS else []
    assert found_in(extractor, number, "lv") == expected
