"""NLU metrics, on a few made-up results that can be counted by hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.evaluation import understanding_figures
from bot.evaluation.understood_sentences import Understood, understood_by
from bot.parse_result import ParseResult, parse_result
from bot.training.sentences import FOLDER, SETS, Sentence, held_out


def one(
    label: str, intent: str, confidence: float = 0.9, *, out: float = 0.0, questions: tuple[str, ...] = ()
) -> Understood:
    """A sentence with its label and its prediction."""
    sentence = Sentence("Vai mani atslēgs drīz?", label, "lv", FOLDER / "clean.lv.yml", 1)
    guess = label if intent == "nlu_fallback" else intent
    return Understood(sentence, intent, guess, confidence, out, "lv", questions)


def test_asking_back_counts_as_wrong() -> None:
    assert understanding_figures.accuracy([one("a", "a"), one("a", "nlu_fallback")]) == 0.5


def test_macro_f1_weighs_intents_alike() -> None:
    found = [one("a", "a")] * 9 + [one("b", "a")]
    assert understanding_figures.of_set(found)["macro_f1"] == pytest.approx((18 / 19 + 0) / 2)


@pytest.mark.parametrize(("right", "count"), [(9, 10), (90, 100), (1, 1), (0, 5)])
def test_the_interval_contains_the_share_and_stays_within_bounds(right: int, count: int) -> None:
    low, high = understanding_figures.interval(right / count, count)
    assert -1e-9 <= low <= right / count <= high + 1e-9 <= 1 + 2e-9


def test_the_interval_is_narrower_with_more_cases() -> None:
    few, many = understanding_figures.interval(0.9, 10), understanding_figures.interval(0.9, 1000)
    assert many[1] - many[0] < few[1] - few[0]


def test_errors_name_the_sentence_and_what_it_was_taken_for() -> None:
    assert understanding_figures.of_intents([one("a", "b"), one("b", "b")])["a"]["errors"] == [
        {"text": "Vai mani atslēgs drīz?", "taken_for": "b"}
    ]


def test_scope_counts_caught_and_turned_away() -> None:
    found = [
        one("out_of_scope", "out_of_scope", out=0.9),
        one("out_of_scope", "a", out=0.3),
        one("out_of_scope", "nlu_fallback", out=0.4),
        one("a", "out_of_scope", out=0.6),
        one("a", "a", out=0.1),
    ]
    scope = understanding_figures.of_scope(found)
    assert {key: round(scope[key], 3) for key in ("caught", "caught_or_asked_back", "turned_away", "auc")} == {
        "caught": 0.333,
        "caught_or_asked_back": 0.667,
        "turned_away": 0.5,
        "auc": 0.667,
    }


@pytest.mark.parametrize(("right", "error"), [(9, 0.0), (10, 0.1), (4, 0.5)])
def test_the_calibration_error_is_the_distance_of_confidence_from_what_is_right(right: int, error: float) -> None:
    found = [one("a", "a")] * right + [one("a", "b")] * (10 - right)
    assert understanding_figures.of_confidence(found)["expected_calibration_error"] == pytest.approx(error)


def test_thresholds_count_what_they_cost() -> None:
    found = [one("a", "a", 0.42), one("a", "b", 0.42), one("a", "b", 0.8)]
    row = next(row for row in understanding_figures.of_thresholds(found) if row["threshold"] == 0.45)
    assert row == {"threshold": 0.45, "asked_back": 2, "would_have_been_right": 1, "wrong_answers_left": 1}


def test_confusions_are_counted_most_frequent_first() -> None:
    found = [one("a", "b"), one("a", "c"), one("a", "c"), one("a", "a")]
    assert understanding_figures.confusions(found) == [("a", "c", 2), ("a", "b", 1)]


async def _fixed(text: str) -> ParseResult:
    return parse_result(
        {
            "intent": {"name": "a"},
            "language": "lv",
            "questions": [{"intent": "a"}, {"intent": "b"}],
            "entities": [{"entity": "place", "value": value} for value in ("riga_centre", "Cēsis", "riga_centre")],
            "intent_ranking": [{"name": "a", "confidence": 0.6}, {"name": "out_of_scope", "confidence": 0.3}],
        }
    )


def test_what_a_model_answers_is_kept() -> None:
    (found,) = understood_by(_fixed, [Sentence("Sveiki", "a", "lv", Path("x.yml"), 1)])
    assert (found.guess, found.confidence, found.out_of_scope, found.intents) == ("a", 0.6, 0.3, {"a", "b"})
    assert found.places == ("Cēsis", "riga_centre")


@pytest.mark.parametrize(
    ("places", "label", "right"),
    [(("a", "b"), "a+b", 1.0), (("a",), "a+b", 0.0), (("a", "b"), "a", 0.0), ((), "", 1.0), (("a",), "", 0.0)],
)
def test_a_message_counts_where_just_its_places_are_found(places: tuple[str, ...], label: str, right: float) -> None:
    assert understanding_figures.of_places([replace(one(label, "a"), places=places)])["right"] == right


@pytest.mark.parametrize("name", SETS)
def test_every_set_can_be_read(name: str) -> None:
    assert len(held_out(name)) >= 20


def test_the_set_without_diacritics_has_the_labels_of_the_clean_one() -> None:
    assert [one.label for one in held_out("bare.lv")] == [one.label for one in held_out("clean.lv")]
