"""The nearest training examples of a sentence."""

import pytest

from bot.evaluation.nearest import nearest


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "label"),
    [("vai jūs mani atslēgsiet parāda dēļ", "ask_disconnection_guarantee"), ("solar panels", "ask_other_services")],
)
def test_the_nearest_example_is_about_the_same(text: str, label: str) -> None:
    assert nearest(text, 3)[1][0].example.label == label


@pytest.mark.model
def test_a_training_example_is_nearest_to_itself() -> None:
    _, (first,) = nearest("Vai mani atslēgs, ja nesamaksāšu?", 1)
    _, (again,) = nearest(first.example.text, 1)
    assert (again.example, round(again.nearness, 2)) == (first.example, 1.0)


@pytest.mark.model
@pytest.mark.parametrize("text", ["", "👍", "   "])
def test_a_text_without_words_has_no_near_examples_worth_the_name(text: str) -> None:
    assert len(nearest(text, 2)[1]) == 2


@pytest.mark.model
def test_the_text_is_shown_as_mended() -> None:
    assert nearest("vai mani atslegs", 1)[0] == "vai mani atslēgs"
