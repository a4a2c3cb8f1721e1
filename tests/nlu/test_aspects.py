"""The second level of understanding: which question of an intent a text asks."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.nlu.aspects import Aspects

FEES, PRICE, HOURS = "fees/whether", "contact/price", "contact/hours"
# One column a word; the last column stands in no example of "contact".
EXAMPLES = [
    ("contact", PRICE, [1, 0, 0]),
    ("contact", HOURS, [0, 1, 0]),
    ("contact", None, [1, 1, 0]),
    ("fees", FEES, [0, 0, 1]),
]
TIMES = 6  # so that there are enough for a fifth to be held out


@pytest.fixture(params=["learnt", "read again"])
def aspects(request: pytest.FixtureRequest, tmp_path: Path) -> Aspects:
    intents, questions, rows = zip(*EXAMPLES * TIMES, strict=True)
    features = csr_matrix(np.asarray(rows, np.float32))
    learnt = Aspects.fit(features, intents, questions, 1.0, list(range(len(intents))))
    if request.param == "learnt":
        return learnt
    learnt.save(tmp_path, "characters")
    return Aspects.load(tmp_path, "characters")


@pytest.mark.parametrize(("words", "question"), [([1, 0, 0], PRICE), ([0, 1, 0], HOURS), ([0, 1, 1], HOURS)])
def test_the_likeliest_question(aspects: Aspects, words: list[int], question: str) -> None:
    found = aspects.confidences("contact", csr_matrix(np.asarray([words], np.float32)))
    assert max(found, key=lambda name: found[name]) == question
    assert sum(found.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("intent", ["fees", "greet"])
def test_an_intent_with_fewer_than_two_questions_has_none(aspects: Aspects, intent: str) -> None:
    assert aspects.confidences(intent, csr_matrix(np.asarray([[0, 0, 1]], np.float32))) == {}
