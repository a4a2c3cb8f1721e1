"""Days and numbers in the ways in which releases write them, and what only looks like one."""

from datetime import date
from typing import Any

import pytest

from bot.drafting.release_findings import findings_in

PUBLISHED = date(2020, 5, 14)
# language, sentence, days with ! for a last day
DAYS = {
    "a day and a month": ("lv", "Atvērs 18. maijā.", ["2020-05-18"]),
    "without a space": ("lv", "No 18.maija atvērts.", ["2020-05-18"]),
    "with the year before": ("lv", "Tas notiks 2021. gada 3. februārī.", ["2021-02-03"]),
    "with a short year": ("lv", "Tas notiks 2021.g. 3. februārī.", ["2021-02-03"]),
    "this year, shortened": ("lv", "Sākums: š.g. 15. jūnijā.", ["2020-06-15"]),
    "in figures": ("lv", "No 18.05. līdz 22.05. un 30.06.2020.", ["2020-05-18", "2020-05-22!", "2020-06-30"]),
    "ISO 8601": ("en", "It opens on 2020-05-18.", ["2020-05-18"]),
    "a range in one month": ("lv", "Strādā no 18. līdz 22. maijam.", ["2020-05-18", "2020-05-22!"]),
    "a range with a dash": ("lv", "Strādā 1.–5. jūnijā.", ["2020-06-01", "2020-06-05"]),
    "a list": ("lv", "Strādā 18., 19. un 21. maijā.", ["2020-05-18", "2020-05-19", "2020-05-21"]),
    "English": ("en", "Open on Monday the 18th of May 2020.", ["2020-05-18"]),
    "American": ("en", "Open on May 18, 2020, and on June 2nd.", ["2020-05-18", "2020-06-02"]),
    "an American range": ("en", "Open from May 18 to 22 only.", ["2020-05-18", "2020-05-22!"]),
    "an English range": ("en", "Due between 1st and 15th June.", ["2020-06-01", "2020-06-15"]),
    "until": ("en", "Closed until 17 May, and through 31 December, 2020.", ["2020-05-17!", "2020-12-31!"]),
    "in words": ("lv", "Atvērs divdesmit piektajā maijā.", ["2020-05-25"]),
    "the year is the nearest": ("lv", "Kopš 20. decembra un līdz 10. janvārim.", ["2019-12-20", "2020-01-10!"]),
    "a time": ("lv", "Strādā plkst. 8.12–16.30.", []),
    "round the clock": ("en", "Call 8404 (24/7).", []),
    "the number of a clause": ("lv", "Saskaņā ar 3.4 punktu.", []),
    "no such day": ("lv", "Tas notiks 31. februārī.", []),
    "a month alone": ("lv", "Ziņosim maija beigās.", []),
}


@pytest.mark.parametrize(("language", "text", "expected"), DAYS.values(), ids=DAYS)
def test_days(language: str, text: str, expected: list[str]) -> None:
    found = [
        f"{day.day.isoformat()}{'!' if day.is_last else ''}" for day in findings_in(text, language, PUBLISHED).days
    ]
    assert found == expected


NUMBERS = {
    "lines": ("lv", "Zvaniet 8400, 8404, 112 vai 80200403.", {"phones": ("8400", "8404", "112", "80200403")}),
    "in groups": ("lv", "Tālr.: 67 728 222 vai 6772-8223.", {"phones": ("67728222", "67728223")}),
    "with a country code": ("en", "Call (+371) 67 728 222 or +371 8400.", {"phones": ("+37167728222", "+3718400")}),
    "volts": ("lv", "Bojāta 110 kV līnija.", {"figures": ("110 kV",)}),
    "customers": ("lv", "Bez strāvas palika 112 klienti.", {"figures": ("112 klienti",)}),
    "sums": ("lv", "Maksa ir 1,50 eiro vai 1 500 EUR.", {"sums": ("1.50", "1500")}),
    "sums in English": ("en", "Pay €1,000, EUR 12.50 or 7 euros.", {"sums": ("1000", "12.50", "7")}),
    "millions": ("lv", "Ieguldīs 3,5 miljonus eiro.", {"sums": ("3500000",)}),
    "thousands in English": ("en", "Up to €20 thousand is set aside.", {"sums": ("20000",)}),
    "a share": ("en", "About 20% of 1,200 households.", {"figures": ("20%", "1,200 households")}),
    "an illness": ("lv", "Covid-19 izplatība.", {}),
}


@pytest.mark.parametrize(("language", "text", "expected"), NUMBERS.values(), ids=NUMBERS)
def test_numbers(language: str, text: str, expected: dict[str, Any]) -> None:
    found = findings_in(text, language, PUBLISHED).numbers
    named = {"phones": found.phones, "sums": found.sums, "figures": found.figures}
    assert {name: values for name, values in named.items() if values} == expected
