"""Danger and despair by their words: short cries for help are recognised, and a burning lamp is not a fire.

The cries were written by a newcomer who tried the product out and had seen neither examples nor code.
"""

import pytest

from bot.nlu.alarms import names_danger, names_despair

CRIES = [
    ("lv", "māja deg"),
    ("lv", "deg maja"),
    ("lv", "dzivoklis deg"),
    ("lv", "palīgā, māja deg"),
    ("lv", "palīgā"),
    ("lv", "palīgā, te deg"),
    ("lv", "te deg palidziet"),
    ("lv", "Es baidos, te deg"),
    ("lv", "palīgā, deg skaitītājs"),
    ("lv", "jā, deg"),
    ("lv", "112"),
    ("lv", "112!"),
    ("lv", "vajag ātro"),
    ("lv", "izsauciet ugunsdzēsējus"),
    ("lv", "virtuvē rozete kvēlo"),
    ("lv", "kabelis raustās pa ceļu"),
    ("lv", "vīrs bez samaņas"),
    ("lv", "viņa nevar elpot"),
    ("en", "help, fire"),
    ("en", "should I call 112"),
    ("en", "call an ambulance"),
    ("en", "the socket glows and smells"),
    ("en", "he touched it and now he's gone all grey"),
    ("en", "she has passed out by the heater"),
    ("en", "she is not breathing"),
    ("en", "my brother got electrocuted"),
    ("en", "call the police"),
    ("en", "my house burns"),
    ("en", "my house is on fire"),
]
DESPAIR = [
    ("lv", "es gribu nomirt"),
    ("lv", "negribu vairs dzīvot"),
    ("en", "i want to die, can't pay the bills"),
    ("en", "i will kill myself if you cut me off"),
]
HARMLESS = [
    ("lv", "Mājā deg puse lampu."),
    ("lv", "visā ielā laternas nedeg"),
    ("lv", "kaimiņiem gaisma deg"),
    ("lv", "sarkanais pie rēķina vēl deg"),
    ("lv", "negribu vairs"),
    ("lv", "palīdziet samaksāt rēķinu"),
    ("lv", "degviela"),
    ("lv", "cik strāvas patērē ventilators"),
    ("lv", "ventilators rūc visu nakti"),
    ("lv", "uz skaitītāja deg zaļa lampiņa"),
    ("en", "help"),
    ("en", "I need help paying my bill"),
    ("en", "the bulbs keep burning out"),
    ("en", "The police station next door has light but I don't"),
    ("en", "to diesel or not"),
    ("en", "a film about electrocuted elephants"),
    ("en", "I passed by your office"),
    ("en", "nearly passed out when I saw the sum"),
    ("en", "I am going grey in your queue"),
    ("en", "the little light has turned blue"),
]


@pytest.mark.parametrize(("language", "text"), CRIES)
def test_a_cry_is_danger(language: str, text: str) -> None:
    assert names_danger(text, language)


@pytest.mark.parametrize(("language", "text"), DESPAIR)
def test_who_wants_to_die_is_in_despair_and_not_in_danger_of_the_grid(language: str, text: str) -> None:
    assert (names_despair(text, language), names_danger(text, language)) == (True, False)


@pytest.mark.parametrize(("language", "text"), HARMLESS)
def test_what_only_sounds_so_is_none(language: str, text: str) -> None:
    assert (names_danger(text, language), names_despair(text, language)) == (False, False)


@pytest.mark.parametrize("language", ["lv", "en"])
def test_a_cry_is_heard_in_the_other_language_too(language: str) -> None:
    """For a word or two, the language is often undecided."""
    assert all(names_danger(text, language) for _, text in CRIES)
