"""What remains of a message without politeness, and when that decides the intent."""

import pytest

from bot.nlu.politeness import is_farewell, matter, takes_over
from bot.parse_result import Guess

LEFT = [
    ("Labdien! Nav elektrības.", "Nav elektrības."),
    ("labdien nav elektrības", "nav elektrības"),
    ("Thanks. What is closed?", "What is closed?"),
    ("hello there what is closed thanks", "what is closed"),
    ("Nav elektrības, paldies.", "Nav elektrības"),
    ("Is it open? Thanks in advance!", "Is it open?"),
    ("Bye! Oh, and where can I pay?", "where can I pay?"),
    ("Uz redzēšanos, bet vēl – vai centrs ir ciet?", "vai centrs ir ciet?"),
    ("that's all thanks just one thing when do you open", "when do you open"),
    ("labdien lūdzu sakiet kad atvērs", "kad atvērs"),
    ("LABRĪT! KAD ATVĒRS?", "KAD ATVĒRS?"),
]
NOTHING_LEFT = ["Labdien!", "paldies, visu labu", "thanks bye", "labdien visiem", "", "  ", "?!"]
NOTHING_POLITE = ["nav elektrības", "please tell me what is closed", "jā, un kad atvērs", "labi, kas ir slēgts"]
SAYS_WHAT_FOR = ["Paldies, ka atbildējāt", "thanks because it helped"]


@pytest.mark.parametrize(("text", "left"), LEFT)
def test_politeness_is_taken_off_both_ends(text: str, left: str) -> None:
    span = matter(text)
    assert span is not None
    assert text[slice(*span)] == left


@pytest.mark.parametrize("text", [*NOTHING_LEFT, *NOTHING_POLITE, *SAYS_WHAT_FOR])
def test_without_politeness_or_without_a_rest_nothing_is_taken_off(text: str) -> None:
    assert matter(text) is None


def test_slips_are_mended_first() -> None:
    assert matter("labdein nav strāvas", lambda word: word.replace("labdein", "labdien")) == (8, 19)


@pytest.mark.parametrize(
    ("whole", "rest", "known", "words", "counts"),
    [
        (("greet", 0.99), ("report_outage", 0.9), 0.8, 2, True),
        (("greet", 0.99), ("report_outage", 0.8), 0.8, 2, False),  # gives way only to a confident intent
        (("greet", 0.7), ("report_outage", 0.6), 0.8, 2, True),
        (("greet", 0.99), ("ask_safety_measures", 0.94), 0.9, 1, False),  # "darbinieki!"
        (("greet", 0.99), ("request_human", 0.99), 0.9, 1, True),  # "operatoru"
        (("greet", 0.99), ("report_outage", 0.99), 0.2, 2, False),  # strange words
        (("thank", 0.99), ("goodbye", 0.95), 0.9, 2, True),
        (("goodbye", 0.9), ("thank", 0.95), 0.9, 2, False),
        (("thank", 0.9), ("affirm", 0.99), 0.9, 2, False),
        (("check_invoice", 0.9), ("report_outage", 0.99), 0.9, 2, False),
        (("out_of_scope", 0.6), ("ask_place_closed", 0.9), 0.9, 2, True),
        (("out_of_scope", 0.95), ("ask_place_closed", 0.9), 0.9, 2, False),
        (("greet", 0.9), ("out_of_scope", 0.99), 0.9, 3, False),
    ],
)
def test_the_rest_counts_where_it_is_surely_about_something(
    whole: tuple[str, float], rest: tuple[str, float], known: float, words: int, counts: bool
) -> None:
    assert takes_over(Guess(*whole), Guess(*rest), known, words) is counts


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("Paldies, uz redzi!", True),
        ("thanks, bye", True),
        ("labi, visu labu", True),
        ("see you", True),
        ("Paldies!", False),
        ("čau", False),
        ("bye – oh, is the centre closed?", False),
        ("uz redzēšanos?", False),
        ("", False),
    ],
)
def test_farewell(text: str, leaves: bool) -> None:
    assert is_farewell(text) is leaves
