"""Dates, money and plurals as Latvians and English speakers write them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.replies.catalogue_file import CatalogueError
from bot.replies.formats import (
    SpokenDate,
    counted_text,
    date_text,
    money_text,
    number_text,
    plural_text,
    wait_text,
)

NO_BREAK = "\N{NO-BREAK SPACE}"
# A month a row: nominative, genitive, dative, locative.
MONTHS = (
    ("janvāris", "janvāra", "janvārim", "janvārī"),
    ("februāris", "februāra", "februārim", "februārī"),
    ("marts", "marta", "martam", "martā"),
    ("aprīlis", "aprīļa", "aprīlim", "aprīlī"),
    ("maijs", "maija", "maijam", "maijā"),
    ("jūnijs", "jūnija", "jūnijam", "jūnijā"),
    ("jūlijs", "jūlija", "jūlijam", "jūlijā"),
    ("augusts", "augusta", "augustam", "augustā"),
    ("septembris", "septembra", "septembrim", "septembrī"),
    ("oktobris", "oktobra", "oktobrim", "oktobrī"),
    ("novembris", "novembra", "novembrim", "novembrī"),
    ("decembris", "decembra", "decembrim", "decembrī"),
)
CASES = ("", "genitive", "dative", "locative")
ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@pytest.mark.parametrize(
    ("month", "case", "name"),
    [(number, case, name) for number, names in enumerate(MONTHS, 1) for case, name in zip(CASES, names, strict=True)],
)
def test_latvian_date_in_every_case(month: int, case: str, name: str) -> None:
    assert date_text(date(2020, month, 9), "lv", case) == f"2020. gada 9. {name}"


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("month", "name"), enumerate(ENGLISH, 1))
def test_english_date_is_the_same_in_every_case(month: int, name: str, case: str) -> None:
    assert date_text(date(2020, month, 20), "en", case) == f"20 {name} 2020"


def test_case_without_months_is_named() -> None:
    with pytest.raises(CatalogueError, match=r"lv\.yml: there are no months in the case 'vocative'"):
        date_text(date(2020, 6, 9), "lv", "vocative")


@pytest.mark.parametrize(
    ("template", "language", "text"),
    [
        ("Beidzās {day:locative}.", "lv", "Beidzās 2020. gada 9. jūnijā."),
        ("Kopš {day:genitive}.", "lv", "Kopš 2020. gada 9. jūnija."),
        ("Tas ir {day}.", "lv", "Tas ir 2020. gada 9. jūnijs."),
        ("Ended on {day}.", "en", "Ended on 9 June 2020."),
        ("Ended on {day:locative}.", "en", "Ended on 9 June 2020."),
    ],
)
def test_placeholder_says_in_which_case_the_date_stands(template: str, language: str, text: str) -> None:
    assert template.format(day=SpokenDate(date(2020, 6, 9), language)) == text


@pytest.mark.parametrize(
    ("amount", "lv", "en"),
    [
        ("0", f"0,00{NO_BREAK}€", "€0.00"),
        ("0.05", f"0,05{NO_BREAK}€", "€0.05"),
        ("46.20", f"46,20{NO_BREAK}€", "€46.20"),
        ("46.2", f"46,20{NO_BREAK}€", "€46.20"),
        ("1284.60", f"1{NO_BREAK}284,60{NO_BREAK}€", "€1,284.60"),
        ("-30.01", f"-30,01{NO_BREAK}€", "-€30.01"),
    ],
)
def test_money_in_both_languages(amount: str, lv: str, en: str) -> None:
    assert (money_text(Decimal(amount), "lv"), money_text(Decimal(amount), "en")) == (lv, en)


@pytest.mark.parametrize(
    ("number", "lv", "en"), [(0, "0", "0"), (999, "999", "999"), (12345, f"12{NO_BREAK}345", "12,345")]
)
def test_number_in_both_languages(number: int, lv: str, en: str) -> None:
    assert (number_text(number, "lv"), number_text(number, "en")) == (lv, en)


@pytest.mark.parametrize(
    ("count", "lv", "en"),
    [
        (0, "rakstzīmju", "characters"),
        (1, "rakstzīme", "character"),
        (2, "rakstzīmes", "characters"),
        (9, "rakstzīmes", "characters"),
        (10, "rakstzīmju", "characters"),
        (11, "rakstzīmju", "characters"),
        (19, "rakstzīmju", "characters"),
        (20, "rakstzīmju", "characters"),
        (21, "rakstzīme", "characters"),
        (22, "rakstzīmes", "characters"),
        (100, "rakstzīmju", "characters"),
        (101, "rakstzīme", "characters"),
        (111, "rakstzīmju", "characters"),
        (121, "rakstzīme", "characters"),
        (1001, "rakstzīme", "characters"),
    ],
)
def test_plural_in_both_languages(count: int, lv: str, en: str) -> None:
    assert (plural_text(count, "characters", "lv"), plural_text(count, "characters", "en")) == (lv, en)


@pytest.mark.parametrize(
    ("seconds", "lv", "en"),
    [
        (1, "5 minūtēm", "5 minutes"),
        (300, "5 minūtēm", "5 minutes"),
        (301, "10 minūtēm", "10 minutes"),
        (900, "15 minūtēm", "15 minutes"),
        (3_300, "55 minūtēm", "55 minutes"),
        (3_301, "1 stundas", "1 hour"),
        (3_600, "1 stundas", "1 hour"),
        (3_601, "2 stundām", "2 hours"),
        (21 * 3_600, "21 stundas", "21 hours"),
        (24 * 3_600, "24 stundām", "24 hours"),
    ],
)
def test_a_wait_is_said_never_too_short(seconds: int, lv: str, en: str) -> None:
    assert (wait_text(timedelta(seconds=seconds), "lv"), wait_text(timedelta(seconds=seconds), "en")) == (lv, en)


@pytest.mark.parametrize(("count", "lv", "en"), [(1, "1 mēģinājums", "1 try"), (2, "2 mēģinājumi", "2 tries")])
def test_tries_are_counted(count: int, lv: str, en: str) -> None:
    assert (counted_text("tries", count, "lv"), counted_text("tries", count, "en")) == (lv, en)
