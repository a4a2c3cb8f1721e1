"""Spoken texts, compared with other implementations: espeak-ng's rules, CLDR's plurals and dates, num2words."""

import re
import subprocess
from datetime import date

import pytest
from babel import Locale
from babel.dates import format_skeleton
from num2words import num2words

from bot.replies.speech import spoken

# espeak-ng reads Latvian cardinals below a hundred and simple decimals correctly, in English also ordinals and times.
READ_RIGHT = {
    "lv": [*map(str, range(101)), *(f"{n}%" for n in (2, 5, 12, 25, 45, 99)), *(f"{n},5" for n in (0, 3, 12, 25))],
    "en": [
        *map(str, range(101)),
        *("1000", "3000", "12.5", "3.14", "0.5", "3rd", "5th", "12th", "21st", "22nd"),
        *("3:30", "10:15", "12:45"),
    ],
}
VOICES = {"lv": "lv", "en": "en-gb"}


def phonemes(texts: list[str], language: str) -> list[str]:
    """espeak-ng's phonemes of each text, without stress and length, which depend on where it sees word boundaries."""
    command = ["espeak-ng", "-v", VOICES[language], "-q", "-x", "\n\n".join(texts)]
    read = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = [line for line in read.splitlines() if line.strip()]
    return [re.sub(r"[\s_:!2',|=-]", "", line).lower() for line in lines]


@pytest.mark.espeak
@pytest.mark.parametrize("language", ["lv", "en"])
def test_words_sound_as_espeak_reads_the_figures(language: str) -> None:
    written = READ_RIGHT[language]
    said = [spoken(text, language) for text in written]
    heard = dict(zip(written, phonemes(said, language), strict=True))
    assert heard == dict(zip(written, phonemes(written, language), strict=True))


@pytest.mark.parametrize("number", range(100))
def test_latvian_cardinals_are_those_of_num2words(number: int) -> None:
    assert spoken(str(number), "lv") == num2words(number, lang="lv")


@pytest.mark.parametrize(("language", "singular"), [("lv", "kilovatstunda"), ("en", "kilowatt-hour")])
def test_units_stand_in_the_singular_where_cldr_says_one(language: str, singular: str) -> None:
    one = {n for n in range(1000) if spoken(f"{n} kWh", language).endswith(f" {singular}")}
    assert one == {n for n in range(1000) if Locale(language).plural_form(n) == "one"}


@pytest.mark.parametrize("month", range(1, 13))
def test_days_in_figures_are_read_as_cldr_writes_them_out(month: int) -> None:
    day = date(2020, month, 25)
    in_figures, in_words = (format_skeleton(skeleton, day, locale="lv") for skeleton in ("MMdd", "MMMMd"))
    assert spoken(in_figures, "lv") == spoken(f"{in_words}.", "lv")
