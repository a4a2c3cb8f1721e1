"""A single text takes a fast path; it must give the same features and confidences as a batch."""

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.linear import Softmax
from bot.nlu.text_features import TextFeatures

KNOWN = ["vai mani atslegs", "will i be cut off", "kad atvers centru", "when does it open", "cik es esmu parada"] * 3
LABELS = ["off", "off", "open", "open", "debt"] * 3
TEXTS = [*KNOWN[:5], "", " ", "x", "vai vai vai mani", "nothing of this was seen before: 123"]


@pytest.fixture(params=[0, 2], ids=["characters", "characters and words"])
def features(request: pytest.FixtureRequest, tmp_path: Path) -> TextFeatures:
    """Features as a server has them: fitted, written and read."""
    TextFeatures(1, 4, 1, words=request.param).fit(KNOWN).save(tmp_path, "ngrams")
    return TextFeatures.load(tmp_path, "ngrams")


@pytest.mark.parametrize("text", TEXTS)
def test_the_features_are_the_same(features: TextFeatures, text: str) -> None:
    many, one = features.transform([text]).toarray(), features.row(text).as_matrix().toarray()
    np.testing.assert_allclose(one, many, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("text", TEXTS)
def test_the_confidences_are_the_same(features: TextFeatures, text: str) -> None:
    model = Softmax.fit(features.transform(KNOWN), LABELS, 0.3, calibrate=False)
    many, one = model.probabilities(features.transform([text]))[0], model.probabilities_of(features.row(text))
    np.testing.assert_allclose(one, many, rtol=1e-5, atol=1e-7)
