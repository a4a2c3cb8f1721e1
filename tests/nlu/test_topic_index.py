"""What a published topic is compared by: meaning, letters, and how words begin, on small made-up data."""

from pathlib import Path

import numpy as np
import pytest
from test_models import Keywords, cascade
from test_topic_matcher import TOPIC, placing, space

from bot.knowledge.published_topics import PublishedTopic
from bot.nlu.letter_likeness import LetterLikeness, profile
from bot.nlu.meaning_space import MeaningSpace
from bot.nlu.topic_decision import topic_decision
from bot.nlu.topic_index import FEATURES, Placing, TopicIndex


def test_there_is_a_row_of_features_for_each_topic() -> None:
    index = TopicIndex([TOPIC, TOPIC], placing())
    assert index.features(placing().text("kur rēķins")).shape == (2, len(FEATURES))


def test_the_decision_is_for_these_features() -> None:
    assert len(topic_decision().means) == len(FEATURES)


def test_words_that_training_never_saw_count_by_letters() -> None:
    ngrams = cascade(None, 0.9).ngrams
    alike = LetterLikeness([profile(ngrams, "ziedojums"), profile(ngrams, "kur ir rekins")])
    found = alike.to(profile(ngrams, "ziedojumu"))
    assert found[0] > 0.5 > found[1]


def test_a_space_is_the_same_after_saving_and_loading(tmp_path: Path) -> None:
    made = space()
    made.save(tmp_path)
    read = MeaningSpace.load(tmp_path)
    vectors = Keywords().encode(["kur mans rēķins"])
    assert read is not None
    assert np.allclose(read.places(vectors), made.places(vectors), atol=1e-6)


def test_a_model_without_sentence_vectors_has_no_space(tmp_path: Path) -> None:
    assert MeaningSpace.load(tmp_path) is None


def test_a_topic_without_examples_is_refused() -> None:
    with pytest.raises(ValueError, match="no examples"):
        TopicIndex([PublishedTopic("empty", {}, {}, {"lv": []})], placing())


def test_a_text_is_classified_as_the_cascade_does() -> None:
    made, text = cascade(Keywords(), 1.1), "kur mans rēķins"
    found = Placing.of(made, space())
    intents, confidences = made.confidences(text)
    assert found is not None
    assert found.text(text).intents == pytest.approx(dict(zip(intents, confidences, strict=True)), abs=1e-5)


def test_an_ending_does_not_change_how_a_word_begins() -> None:
    assert set(placing().words("ziedojums")) == set(placing().words("ziedojumu"))
