"""Typing errors generated for training (data augmentation)."""

import random
from difflib import SequenceMatcher

import pytest

from bot.nlu.slips import with_slips

SENTENCE = "Vai jūs man atslēgsiet elektrību, ja nesamaksāšu laikā?"


@pytest.mark.parametrize("seed", range(20))
def test_a_sentence_with_slips_is_another_but_much_alike(seed: int) -> None:
    likeness = SequenceMatcher(None, SENTENCE, with_slips(SENTENCE, random.Random(seed))).ratio()
    assert 0.7 < likeness < 1.0


@pytest.mark.parametrize("text", ["", "jā", "8400", "ok?", "👍"])
def test_what_is_too_short_stays_as_it_is(text: str) -> None:
    assert with_slips(text, random.Random(1)) == text


def test_the_same_seed_makes_the_same_slips() -> None:
    assert with_slips(SENTENCE, random.Random(3)) == with_slips(SENTENCE, random.Random(3))
