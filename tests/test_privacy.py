"""Personal data is taken out of text; what a support lead needs to read stays."""

import pytest

from bot.privacy import redact

PERSONAL = {
    "personal code": ("Mans kods ir 010190-12345.", "Mans kods ir [personal code]."),
    "personal code of the new kind": ("321234-56789", "[personal code]"),
    "personal code with spaces": ("010190 - 12345", "[personal code]"),
    "personal code without hyphen": ("01019012345", "[number]"),
    "e-mail": ("Rakstiet: janis.berzins@example.lv!", "Rakstiet: [e-mail]!"),
    "e-mail with plus and subdomain": ("a.b+c@sub.example.co.uk", "[e-mail]"),
    "e-mail with diacritics": ("jānis.bērziņš@piemērs.lv", "[e-mail]"),
    "IBAN": ("LV80BANK0000435195001", "[iban]"),
    "IBAN in groups": ("uz LV80 BANK 0000 4351 9500 1 vakar", "uz [iban] vakar"),
    "IBAN in small letters": ("lv80bank0000435195001", "[iban]"),
    "foreign IBAN": ("DE89 3704 0044 0532 0130 00", "[iban]"),
    "card": ("4000 1234 5678 9010", "[card]"),
    "mobile": ("Zvaniet 26123456", "Zvaniet [phone]"),
    "mobile in groups": ("26 123 456", "[phone]"),
    "mobile in pairs": ("26-12-34-56", "[phone]"),
    "mobile with country code": ("+371 26123456", "[phone]"),
    "mobile with country code, together": ("+37126123456", "[phone]"),
    "mobile with no-break spaces": ("26\N{NO-BREAK SPACE}123\N{NO-BREAK SPACE}456", "[phone]"),
    "foreign phone": ("+44 20 7946 0958", "[phone]"),
    "landline": ("67123456", "[number]"),
    "EIC": ("EIC kods 43X-DEMO-000001Y", "EIC kods [eic]"),
    "EIC in small letters": ("43x-demo-000001y", "[eic]"),
    "contract number": ("līgums Nr. 90010000011", "līgums Nr. [number]"),
    "contract number in groups": ("9001 0000 011", "[number]"),
    "several": ("26123456, a@example.lv", "[phone], [e-mail]"),
}


@pytest.mark.parametrize(("text", "redacted"), PERSONAL.values(), ids=PERSONAL)
def test_personal_data_is_taken_out(text: str, redacted: str) -> None:
    assert redact(text) == redacted


HARMLESS = {
    "customer service": "Zvanīju 8400 trīs reizes.",
    "faults and danger": "8404 un 112",
    "amount in Latvian": "1 284,60 €",
    "amount in English": "€1,284.60",
    "amount without cents": "parādā 120 eiro",
    "two amounts": "46,20 un 38,40",
    "date in words": "2020. gada 20. martā plkst. 14:30",
    "date in figures": "20.03.2020.",
    "two dates": "no 20.03.2020 līdz 14.04.2020",
    "English date": "20 March 2020",
    "postcode": "LV-1010",
    "address": "Brīvības iela 10-12",
    "reference of a request": "EL-7KQ4-XH3M",
    "number of a demo invoice": "DEMO-011-1",
    "nothing": "",
}


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_what_is_not_personal_stays(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize("text", [text for text, _ in PERSONAL.values()], ids=PERSONAL)
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)
